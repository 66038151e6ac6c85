"""Areas from a file: GeoJSON, plain or gzipped, of a station's communities or beats."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jishi.base.errors import Refused
from jishi.geo import polygons
from jishi.geo.coordinates import Datum, to_wgs84
from jishi.privacy import refuse_personal
from jishi.stations.actions.places import create_station, ensure_bureau, save_area
from jishi.stations.models import Area, Bureau, Station

LARGEST_FILE = 200 * 1024 * 1024
LONGEST_CODE, LONGEST_NAME = 40, 80

#: What a ``crs`` member may say: longitude and latitude in WGS-84, or in CGCS2000, which counts as the same.
KNOWN_CRS = re.compile(r"(?:urn:ogc:def:crs:)?(?:OGC:[\d.]*:?CRS84|EPSG:[\d.]*:?(?:4326|4490))", re.IGNORECASE)

REASONS: Mapping[str, str | Promise] = {
    "not_a_feature": gettext_lazy("This is not a GeoJSON feature."),
    "missing_name": gettext_lazy("The area has no name in this property."),
    "long_name": gettext_lazy("The name is longer than 80 characters."),
    "personal_name": gettext_lazy("The name identifies a person (ID card, phone or plate)."),
    "missing_code": gettext_lazy("The area has no code in this property."),
    "long_code": gettext_lazy("The code is longer than 40 characters."),
    "code_conflict": gettext_lazy("Another area of this file has the same code and another name."),
    "not_a_polygon": gettext_lazy("The area is not a Polygon or MultiPolygon."),
    "broken_geometry": gettext_lazy("The outline cannot be read."),
    "empty_polygon": gettext_lazy("The outline holds no ground."),
    "not_degrees": gettext_lazy(
        "The coordinates are not longitudes and latitudes, but perhaps metres or feet. Export the file in WGS-84."
    ),
}


@dataclass(frozen=True)
class Reject:
    """A feature that was not taken in; ``row`` counts the features from 1."""

    row: int
    column: str
    reason: str
    sentence: str


@dataclass
class AreasReport:
    """The figures of one import, in features: ``read = imported + updated + already_there + rejected``.

    Features of the same area are joined into one outline: ``joined`` says how many areas were put together so.
    """

    station: str
    bureau: str = ""
    dry_run: bool = False
    station_made: bool = False
    bureau_made: bool = False
    areas: int = 0
    read: int = 0
    imported: int = 0
    updated: int = 0
    already_there: int = 0
    rejected: int = 0
    joined: int = 0
    rejected_by: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    def in_words(self) -> str:
        """The report as a person reads it, in the active language."""
        said = [
            (self.dry_run, _("Nothing was written: this is what would happen.")),
            (self.bureau_made, _("There was no bureau “{bureau}”: it is made now.")),
            (self.station_made, _("There was no station {station}: it is made now, with its desk. Give it its name.")),
            (True, _("Read {read}: {imported} new, {updated} changed, {there} already there, {rejected} rejected.")),
            (self.joined > 0, _("{joined} areas stood in several pieces, which were joined.")),
        ]  # fmt: skip
        facts = {**self.__dict__, "there": self.already_there}
        lines = [words.format(**facts) for holds, words in said if holds]
        lines += [f"  {each.row:>6,}  {each.column}: {each.sentence}" for each in self.rejects]
        return "\n".join(lines)

    def reject(self, row: int, column: str, reason: str) -> None:
        """Note a feature that is not taken in."""
        self.rejected += 1
        self.rejected_by[reason] = self.rejected_by.get(reason, 0) + 1
        self.rejects.append(Reject(row, column, reason, str(REASONS[reason])))


@dataclass(frozen=True)
class _Piece:
    """An area as the file has it; ``count`` features make it up."""

    code: str
    name: str
    outline: polygons.Shape
    count: int = 1


class _Unfit(Exception):
    """One feature cannot be taken in."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def import_areas(
    file: Path,
    *,
    name_field: str,
    station_code: str,
    code_field: str | None = None,
    bureau: str | None = None,
    dry_run: bool = False,
    datum: str = "wgs84",
) -> AreasReport:
    """Bring in the areas of a station, all of them or, when the file cannot be used at all, none.

    A missing station is made, and a bureau where there is none; the report says so.  An area is known again by its
    code, or by its name where the file has no codes: running it twice changes nothing.  ``datum`` is that of the file's
    coordinates.  Raises ``Refused``.
    """
    features = _read(file)
    report = AreasReport(station=station_code, dry_run=dry_run, read=len(features))
    pieces = _pieces(features, name_field, code_field, Datum(datum), report)
    report.areas = len(pieces)
    report.joined = sum(piece.count > 1 for piece in pieces)
    with transaction.atomic():
        station = _station(station_code, bureau, report)
        known = list(station.areas.all())
        for piece in pieces:
            _keep(station, known, piece, by_code=code_field is not None, report=report)
        if not pieces:
            report.station_made = report.bureau_made = False
        if dry_run or not pieces:
            transaction.set_rollback(True)
    return report


# The file


def _read(file: Path) -> list[Any]:
    """The features of the file.  Raises ``Refused`` where it is no FeatureCollection in degrees."""
    try:
        with file.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
        with gzip.open(file) if packed else file.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Refused("areas_unreadable", detail=str(error)) from error
    if len(raw) > LARGEST_FILE:
        raise Refused("areas_too_large", most=LARGEST_FILE // 1024**2)
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused("areas_unreadable", detail=str(error)) from error
    features = data.get("features") if isinstance(data, dict) and data.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise Refused("areas_unreadable", detail="FeatureCollection")
    if not features:
        raise Refused("areas_empty")
    _check_crs(data.get("crs"))
    return features


def _check_crs(crs: Any) -> None:
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not (isinstance(name, str) and KNOWN_CRS.fullmatch(name.strip())):
        raise Refused("areas_crs", crs=name or json.dumps(crs, ensure_ascii=False)[:80])


def _pieces(
    features: list[Any], name_field: str, code_field: str | None, datum: Datum, report: AreasReport
) -> list[_Piece]:
    found: dict[str, _Piece] = {}
    for row, feature in enumerate(features, 1):
        try:
            piece = _piece(feature, name_field, code_field, datum)
            before = found.get(piece.code)
            if before is not None and before.name != piece.name:
                raise _Unfit(code_field or name_field, "code_conflict")
        except _Unfit as unfit:
            report.reject(row, unfit.column, unfit.reason)
            continue
        if before is not None:
            both = polygons.joined([before.outline, piece.outline])
            piece = replace(before, outline=both, count=before.count + 1)
        found[piece.code] = piece
    return list(found.values())


def _piece(feature: Any, name_field: str, code_field: str | None, datum: Datum) -> _Piece:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or feature.get("type") != "Feature":
        raise _Unfit("", "not_a_feature")
    name = _word(properties.get(name_field))
    if not name:
        raise _Unfit(name_field, "missing_name")
    if len(name) > LONGEST_NAME:
        raise _Unfit(name_field, "long_name")
    try:
        refuse_personal(name, name_field)
    except Refused as refused:
        raise _Unfit(name_field, "personal_name") from refused
    code = _word(properties.get(code_field)) if code_field else code_of(name)
    if not code:
        raise _Unfit(code_field or "", "missing_code")
    if len(code) > LONGEST_CODE:
        raise _Unfit(code_field or "", "long_code")
    try:
        return _Piece(code, name, _in_wgs84(polygons.parse(feature.get("geometry")), datum))
    except polygons.NotAPolygon as error:
        raise _Unfit("geometry", error.code) from error


def code_of(name: str) -> str:
    """The code of an area that has none in the file: its name, cut to fit without becoming another one's."""
    code = name.replace(" ", "-")
    if len(code) <= LONGEST_CODE:
        return code
    return f"{code[:31]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _word(value: Any) -> str:
    """A property as text: a number becomes its digits, and white space at the ends or doubled goes."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(unicodedata.normalize("NFC", str(value)).replace("\0", " ").split())


def _in_wgs84(outline: polygons.Shape, datum: Datum) -> polygons.Shape:
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return outline
    return polygons.moved(outline, lambda lon, lat: to_wgs84(lon, lat, datum))


# The station and its areas


def _station(code: str, bureau_code: str | None, report: AreasReport) -> Station:
    station = Station.objects.select_related("bureau").filter(code=code).first()
    if station is not None:
        if bureau_code not in (None, station.bureau.code):
            raise Refused("station_of_other_bureau", station=code, bureau=station.bureau.code)
        report.bureau = station.bureau.code
        return station
    before = Bureau.objects.count()
    try:
        bureau = ensure_bureau(bureau_code)
        station = create_station(bureau=bureau, code=code, name=code)
    except ValidationError as error:
        raise Refused("bad_station_code", station=code, reason=" ".join(error.messages)) from error
    report.station_made, report.bureau_made = True, Bureau.objects.count() > before
    report.bureau = bureau.code
    return station


def _keep(station: Station, known: list[Area], piece: _Piece, *, by_code: bool, report: AreasReport) -> None:
    """Add, change or leave one area."""
    outline = polygons.to_geojson(piece.outline)
    area = next(_candidates(known, piece, by_code), None)
    if area is None:
        save_area(Area(station=station, code=piece.code, name=piece.name, polygon=outline))
        report.imported += piece.count
        return
    if area.name == piece.name and area.polygon == outline:
        report.already_there += piece.count
        return
    area.name, area.polygon = piece.name, outline
    save_area(area)
    report.updated += piece.count


def _candidates(known: list[Area], piece: _Piece, by_code: bool) -> Iterator[Area]:
    """The area that is already there for this piece: by code, else by name where the file has no codes."""
    yield from (area for area in known if area.code == piece.code)
    if not by_code:
        yield from (area for area in known if area.name == piece.name)
