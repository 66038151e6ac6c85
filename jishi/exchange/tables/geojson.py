"""GeoJSON: each feature is a row, each property a column, and its geometry the columns ``@lon`` and ``@lat``."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from jishi.base.errors import Refused
from jishi.exchange.tables.common import CHUNK, FileOptions, Row, Table, find_encoding, open_bytes

#: Columns that every GeoJSON table has: the feature's own id and its point.
BUILT_IN = ["@id", "@lon", "@lat"]
_FIRST = 1_000
#: The names of what may stand in a "crs" member: longitude and latitude in degrees of WGS-84 or CGCS2000.
_DEGREES = re.compile(r"(?:^|[:/])(?:CRS:?84|EPSG:(?:\d*(?:\.\d+)*:)?(?:4326|4490))$", re.IGNORECASE)


def read(path: Path, options: FileOptions, stack: contextlib.ExitStack) -> Table:
    """Open a FeatureCollection; its header is made of the properties of its first thousand features."""
    encoding = find_encoding(path, options.encoding)
    stream = stack.enter_context(io.TextIOWrapper(open_bytes(path), encoding=encoding, newline=""))
    features = _features(_Reader(stream))
    first = list(itertools.islice(features, _FIRST))
    if not first:
        raise Refused("no_features")
    header = list(BUILT_IN)
    places = {name: place for place, name in enumerate(header)}
    for feature in first:
        _learn(feature, header, places)
    rows = _rows(itertools.chain(first, features), header, places)
    return Table(format="geojson", header=header, rows=lambda: rows, encoding=encoding.removesuffix("-sig"))


def _learn(feature: Any, header: list[str], places: dict[str, int]) -> dict[str, Any]:
    """Add the feature's new properties to the header and return its properties."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return {}
    for name in properties:
        if name not in places:
            places[name] = len(header)
            header.append(name)
    return properties


def _rows(features: Iterator[Any], header: list[str], places: dict[str, int]) -> Iterator[Row]:
    for number, feature in enumerate(features, 1):
        properties = _learn(feature, header, places)
        cells = [""] * len(header)
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            yield Row(number, cells, "not_a_feature")
            continue
        cells[0] = _text(feature.get("id"))
        cells[1], cells[2] = _point(feature.get("geometry"))
        for name, value in properties.items():
            cells[places[name]] = value if isinstance(value, str) else _text(value)
        yield Row(number, cells)


def _point(geometry: Any) -> tuple[str, str]:
    """Return longitude and latitude of a point, or of one inside any other geometry; nothing where there is none."""
    if not isinstance(geometry, dict):
        return "", ""
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        if geometry.get("type") == "Point":
            lon, lat = geometry["coordinates"][:2]
            return repr(float(lon)), repr(float(lat))
        inside = shape(geometry).representative_point()
        return ("", "") if inside.is_empty else (repr(inside.x), repr(inside.y))
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError):
        return "", ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


class _Reader:
    """Reads one JSON value after another from a stream, holding no more of it than the value at hand."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._at = 0

    def _more(self) -> bool:
        chunk = self._stream.read(CHUNK)
        self._text = self._text[self._at :] + chunk
        self._at = 0
        return bool(chunk)

    def peek(self) -> str:
        """Return the next character that is not white space; the empty string at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in " \t\r\n":
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        """Step over one character, which must be ``wanted``."""
        found = self.peek()
        if found != wanted:
            raise Refused("not_geojson", detail=f"{wanted!r} expected, {found or 'the end'!r} found")
        self._at += 1

    def value(self) -> Any:
        """Read one whole value."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._more():
                    raise Refused("not_geojson", detail=error.msg) from error
                continue
            except RecursionError as error:
                raise Refused("not_geojson", detail="too deep") from error
            if end == len(self._text) and self._more():
                continue  # a number may go on in the next chunk
            self._at = end
            return value


def _features(reader: _Reader) -> Iterator[Any]:
    """Yield the members of the top object's "features", wherever in it they stand."""
    reader.take("{")
    found = False
    while reader.peek() == '"':
        key = reader.value()
        reader.take(":")
        if key == "features":
            found = True
            yield from _items(reader)
        elif key == "crs":
            _check_crs(reader.value())
        else:
            reader.value()
        if reader.peek() == ",":
            reader.take(",")
    reader.take("}")
    if not found:
        raise Refused("no_features")


def _check_crs(crs: Any) -> None:
    """Refuse coordinates that are no degrees.  Raises Refused("unknown_crs")."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not _DEGREES.search(name.strip()):
        raise Refused("unknown_crs", crs=name if isinstance(name, str) else json.dumps(crs)[:80])


def _items(reader: _Reader) -> Iterator[Any]:
    reader.take("[")
    while reader.peek() != "]":
        yield reader.value()
        if reader.peek() != "]":
            reader.take(",")
    reader.take("]")
