"""What every map file has in common: its sections read key by key, the file, times, points, and where fields come from.

The format is described, with examples, in ``docs/maps/README.md``.  Every mistake is refused with the key it stands
under, what is wrong there, and what may stand there.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jishi.base.errors import Refused
from jishi.exchange.moments import check_format
from jishi.exchange.tables import AS_FOUND, FORMATS, FileOptions

DATUMS = ("wgs84", "gcj02", "bd09", "cgcs2000")
GRADES = ("0", "1", "2", "3", "4")
ABOUT = ("name", "licence", "attribution", "note")
#: The keys of the top that every map may have.
TOP = ("source", "null", "drop", "outside_law", "file", "time", "coordinates", "fields", *ABOUT)
MOST_BYTES = 1 << 20
_SOURCE = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,39}$")
_SLOT = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Field:
    """Where one field comes from: columns joined, a template, a constant, or the row's content."""

    columns: tuple[str, ...] = ()
    separator: str = " "
    template: str = ""
    constant: str = ""
    content: bool = False
    null: tuple[str, ...] = ()
    integer: bool = False
    formats: tuple[str, ...] = ()
    zone: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    order: str = "lat_lon"


@dataclass(frozen=True)
class Coordinates:
    """The datum of the points, the points that only mean "unknown", and the column that says what was never located."""

    datum: str = "wgs84"
    placeholders: tuple[tuple[float, float], ...] = ()
    geocoded_column: str = ""
    geocoded_refuse: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kinds:
    """What kinds of fields a map has: those that hold moments, those whose words are translated into codes (``fixed``
    where the codes are always the same), and the one whose content may be its own key."""

    moments: Collection[str]
    translated: Collection[str]
    fixed: Mapping[str, tuple[str, ...]]
    key: str = "external_id"


@dataclass(frozen=True)
class TableMap(ABC):
    """A checked map file, whatever it brings in."""

    source: str
    fields: Mapping[str, Field]
    file: FileOptions = AS_FOUND
    about: Mapping[str, str] = field(default_factory=dict)
    null: tuple[str, ...] = ()
    zone: str = ""
    formats: tuple[str, ...] = ()
    coordinates: Coordinates = Coordinates()
    drop: tuple[str, ...] = ()
    outside_law: tuple[str, ...] = ()
    party: Mapping[str, str] = field(default_factory=dict)
    keep_text: bool = False

    @property
    @abstractmethod
    def required(self) -> tuple[str, ...]:
        """The fields that nothing can come in without."""

    @property
    def plain_names(self) -> tuple[str, ...]:
        """The columns that may be called just "name" without being about a person."""
        return ()

    def columns(self) -> dict[str, list[str]]:
        """Every column that the map names, with the keys that name it; those of parties and drops apart."""
        named: dict[str, list[str]] = {}
        for name, spec in self.fields.items():
            for column in spec.columns:
                named.setdefault(column, []).append(f"fields.{name}")
        if self.coordinates.geocoded_column:
            named.setdefault(self.coordinates.geocoded_column, []).append("coordinates.geocoded")
        return named


def read_bytes(path: Path) -> bytes:
    """The bytes of a map file.  Raises Refused("no_map" | "map_unreadable")."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("map_unreadable", detail="> 1 MB")
        return path.read_bytes()
    except OSError as error:
        raise Refused("no_map", file=path.name) from error


def top_of(raw: bytes) -> Section:
    """The top table of a map file.  Raises Refused("map_unreadable")."""
    try:
        return Section("", tomllib.loads(raw.decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused("map_unreadable", detail=str(error)) from error


def common(top: Section) -> dict[str, Any]:
    """What every map says beside its fields."""
    source = top.text("source", required=True)
    if not _SOURCE.match(source) or source == "jishi":
        raise Refused("map_bad_value", key="source", value=source, allowed="a-z 0-9 . _ - (1–40), ≠ jishi")
    times = top.section("time")
    times.only("zone", "formats")
    return {
        "source": source,
        "file": _file(top.section("file")),
        "about": {key: top.text(key) for key in ABOUT if key in top.data},
        "null": top.texts("null"),
        "zone": _zone(times),
        "formats": _formats(times),
        "coordinates": _coordinates(top.section("coordinates")),
        "drop": top.texts("drop"),
        "outside_law": top.texts("outside_law"),
    }


def check_points(fields: Mapping[str, Field]) -> None:
    """Refuse a longitude without a latitude.  Raises Refused("map_missing_key")."""
    if ("lon" in fields) != ("lat" in fields):
        raise Refused("map_missing_key", key="fields.lat" if "lon" in fields else "fields.lon")


class Section:
    """One table of the map file, read key by key; each reading says what was expected."""

    def __init__(self, path: str, data: Mapping[str, Any]) -> None:
        self.path = path
        self.data = data

    def key(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def only(self, *allowed: str) -> None:
        for name in self.data:
            if name not in allowed:
                raise Refused("map_unknown_key", key=self.key(name), allowed=", ".join(allowed))

    def wrong(self, name: str, wanted: str) -> Refused:
        return Refused("map_wrong_type", key=self.key(name), wanted=wanted)

    def text(self, name: str, default: str = "", required: bool = False) -> str:
        value = self.data.get(name, default)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.wrong(name, '"…"')
        if required and not str(value).strip():
            raise Refused("map_missing_key", key=self.key(name))
        return str(value)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.data.get(name, [])
        if not isinstance(value, list) or any(not isinstance(item, str) for item in value):
            raise self.wrong(name, '["…", "…"]')
        return tuple(value)

    def flag(self, name: str) -> bool:
        value = self.data.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(name, "true | false")
        return value

    def section(self, name: str) -> Section:
        value = self.data.get(name, {})
        if not isinstance(value, dict):
            raise self.wrong(name, f"[{self.key(name)}]")
        return Section(self.key(name), value)

    def choice(self, name: str, allowed: tuple[str, ...], default: str = "") -> str:
        value = self.text(name, default)
        if value != default and value not in allowed:
            raise Refused("map_bad_value", key=self.key(name), value=value, allowed=", ".join(allowed))
        return value


def _file(section: Section) -> FileOptions:
    section.only("format", "encoding", "delimiter", "sheet", "header_row")
    encoding = section.text("encoding")
    if encoding:
        try:
            codecs.lookup(encoding)
            "".encode(encoding)
        except LookupError as error:
            raise Refused(
                "map_bad_value", key="file.encoding", value=encoding, allowed="utf-8, gb18030, gbk, utf-16, …"
            ) from error
    delimiter = section.text("delimiter")
    if delimiter == "\\t":
        delimiter = "\t"
    if delimiter and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise Refused("map_bad_value", key="file.delimiter", value=delimiter, allowed=", ; \\t |")
    header_row = section.data.get("header_row", 1)
    if isinstance(header_row, bool) or not isinstance(header_row, int) or not 1 <= header_row <= 1000:
        raise Refused("map_bad_value", key="file.header_row", value=header_row, allowed="1–1000")
    return FileOptions(section.choice("format", FORMATS), encoding, delimiter, section.text("sheet"), header_row)


def _zone(section: Section) -> str:
    name = section.text("zone")
    if name:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, LookupError) as error:
            raise Refused(
                "map_bad_value", key=section.key("zone"), value=name, allowed="Asia/Shanghai, America/New_York, UTC, …"
            ) from error
    return name


def _formats(section: Section) -> tuple[str, ...]:
    formats = section.texts("formats")
    for format_ in formats:
        if not check_format(format_):
            raise Refused(
                "map_bad_value",
                key=section.key("formats"),
                value=format_,
                allowed="%Y-%m-%d %H:%M:%S, excel, unix, unix_ms",
            )
    return formats


def _coordinates(section: Section) -> Coordinates:
    section.only("datum", "placeholders", "geocoded")
    points = section.data.get("placeholders", [])
    try:
        placeholders = tuple((float(lon), float(lat)) for lon, lat in points)
    except (TypeError, ValueError) as error:
        raise section.wrong("placeholders", "[[lon, lat], …]") from error
    geocoded = section.section("geocoded")
    geocoded.only("column", "refuse")
    column = geocoded.text("column", required="geocoded" in section.data)
    return Coordinates(section.choice("datum", DATUMS, "wgs84"), placeholders, column, geocoded.texts("refuse"))


def read_field(name: str, parent: Section, kinds: Kinds) -> Field:
    """Read one field: a string alone names its column."""
    if isinstance(parent.data[name], str):
        if not parent.data[name].strip():
            raise Refused("map_missing_key", key=parent.key(name))
        return Field(columns=(parent.data[name],))
    section = parent.section(name)
    allowed = ["column", "columns", "separator", "template", "constant", "null", "integer"]
    if name in kinds.moments:
        allowed += ["formats", "zone"]
    if name in kinds.translated:
        allowed += ["values", "default"]
    if name == "point":
        allowed += ["order"]
    if name == kinds.key:
        allowed += ["content"]
    section.only(*allowed)
    given = [key for key in ("column", "columns", "template", "constant", "content") if key in section.data]
    if len(given) != 1:
        raise Refused(
            "map_one_of", key=parent.key(name), allowed="column, columns, template, constant", given=", ".join(given)
        )
    columns = (
        section.texts("columns")
        if "columns" in section.data
        else (section.text("column"),)
        if given == ["column"]
        else ()
    )
    template = section.text("template")
    if template:
        columns = tuple(dict.fromkeys(slot.strip() for slot in _SLOT.findall(template)))
    if given[0] in ("column", "columns", "template") and not all(columns or ("",)):
        raise Refused("map_missing_key", key=section.key(given[0]))
    return Field(
        columns=columns,
        separator=section.text("separator", " "),
        template=template,
        constant=section.text("constant"),
        content=section.flag("content"),
        null=section.texts("null"),
        integer=section.flag("integer"),
        formats=_formats(section) if name in kinds.moments else (),
        zone=_zone(section) if name in kinds.moments else "",
        values=_values(name, section, kinds),
        default=_default(name, section, kinds),
        order=section.choice("order", ("lat_lon", "lon_lat"), "lat_lon"),
    )


def _values(name: str, section: Section, kinds: Kinds) -> dict[str, str]:
    table = section.section("values")
    values = {word: table.text(word) for word in table.data}
    for word, code in values.items():
        if name in kinds.fixed and code not in kinds.fixed[name]:
            raise Refused("map_bad_value", key=table.key(f'"{word}"'), value=code, allowed=", ".join(kinds.fixed[name]))
    return values


def _default(name: str, section: Section, kinds: Kinds) -> str:
    """A code, or "reject"; for a field with fixed codes one of those."""
    default = section.text("default")
    if name in kinds.fixed and default and default not in (*kinds.fixed[name], "reject"):
        raise Refused(
            "map_bad_value",
            key=section.key("default"),
            value=default,
            allowed=", ".join((*kinds.fixed[name], "reject")),
        )
    return default
