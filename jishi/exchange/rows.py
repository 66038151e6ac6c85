"""Turns one row of a table into a matter as the map says, or says why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from jishi.exchange.mapping import MatterMap
from jishi.exchange.moments import Moment, Moments
from jishi.exchange.points import Ground, Points
from jishi.exchange.sources import Columns, Source, normal
from jishi.exchange.tables import Row
from jishi.exchange.translations import Translation
from jishi.matters.models import Flag
from jishi.privacy import mask_personal, outside_law

MOST_ID, MOST_TITLE, MOST_PLACE, MOST_UNIT, MOST_TEXT, MOST_PARTY = 80, 120, 120, 80, 10_000, 200
#: What a row can be marked with: the bit on the matter, or 0 for what is only counted in the report.
FLAGS: Mapping[str, int] = {
    "closed_before_opened": Flag.CLOSED_BEFORE_OPENED,
    "closed_same_second": Flag.CLOSED_SAME_SECOND,
    "no_closing_time": Flag.NO_CLOSING_TIME,
    "no_point": Flag.NO_POINT,
    "clock_gap": Flag.CLOCK_GAP,
    "ambiguous_hour": Flag.AMBIGUOUS_HOUR,
    "future": Flag.FUTURE,
    "date_only": Flag.DATE_ONLY,
    "unknown_unit": Flag.UNKNOWN_UNIT,
    "masked": Flag.MASKED,
    "bad_point": 0,
    "placeholder_point": 0,
    "swapped_point": 0,
    "far_point": 0,
    "no_area": 0,
    "default_category": 0,
    "default_status": 0,
    "unknown_grade": 0,
    "unknown_outcome": 0,
    "closing_time_ignored": 0,
    "shortened": 0,
}
#: The fields whose words tell one content from another.
_COMPARED = ("category", "status", "grade", "outcome", "unit", "area", "title", "place")
#: The number of a flat, which has no place in a register of places.
_ROOM = re.compile(
    r"\s?[-—]?\d{1,5}\s?(?:室|号房|房间|号室)|\s?,?\s?\b(?:apt|apartment|flat|suite|ste|room)\b\.?\s?#?\s?(?:\d+\w?|[A-Z]\d+)\b"
    r"|\s#\s?\d+\w?\b",
    re.IGNORECASE,
)
#: Without one of these no text identifies anybody, so it need not be looked at more closely.
_MAY_IDENTIFY = re.compile(r"[@＠]|(?:\d\D*){11}|[\u4e00-\u9fff]\s*[A-Za-zＡ-Ｚａ-ｚ]")


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row is not taken: a stable code, and the column it is about."""

    reason: str
    column: str = ""


@dataclass(slots=True)
class Mapped:
    """One row as a matter; codes and ids are those of this station."""

    row: int
    external_id: str
    digest: str
    closed: bool
    reported_at: datetime
    occurred_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    category: str
    grade: int
    outcome: str
    unit: int | None
    unit_words: str
    area: int | None
    title: str
    place: str
    lon: float | None
    lat: float | None
    cell: int | None
    text: str
    party_name: str
    party_contact: str
    flags: list[str] = field(default_factory=list)

    @property
    def bits(self) -> int:
        """The flags as the matter keeps them."""
        return sum({FLAGS[name] for name in self.flags})


class Mapper:
    """Maps the rows of one table; made once the header is known.

    Raises Refused("missing_columns" | "ambiguous_column" | "personal_column" | "map_unknown_code").
    """

    def __init__(
        self, map_: MatterMap, header: list[str], ground: Ground, now: datetime, geojson: bool = False
    ) -> None:
        self.map = map_
        self.ground = ground
        self.now = now
        self.columns = Columns(map_, header)
        self._sources: dict[str, Source] = self.columns.sources()
        zone = map_.zone or ground.zone
        self._moments = {
            name: Moments(
                map_.fields[name].formats or map_.formats,
                map_.fields[name].zone or zone,
                end_of_day=name in ("closed_at", "due_at"),
            )
            for name in ("reported_at", "occurred_at", "closed_at", "due_at")
            if name in self._sources
        }
        self._translations = {
            name: Translation(name, map_.fields[name], ground)
            for name in ("category", "status", "grade", "outcome", "unit", "area")
            if name in self._sources
        }
        self._points = Points(map_, self._sources, self.columns, ground, geojson)
        self._outside = {normal(word) for word in map_.outside_law}
        self._outside_known: dict[str, bool] = {}
        self._labels = {name: "+".join(source.names) for name, source in self._sources.items()}

    def read(self, row: Row) -> Mapped | Rejection:
        """Map one row."""
        if row.problem:
            return Rejection(row.problem)
        cells = row.cells
        for place, cell in enumerate(cells):
            if "\x00" in cell:
                return Rejection("nul_byte", self.columns.header[place])
        raw = {name: source.text(cells) for name, source in self._sources.items()}
        words = raw.get("category", "")
        if self._is_outside(words):
            return self._reject("outside_law", "category")
        flags: list[str] = []
        moments = self._times(raw, flags)
        if isinstance(moments, Rejection):
            return moments
        codes = self._codes(raw, moments, flags)
        if isinstance(codes, Rejection):
            return codes
        reported = moments["reported_at"]
        if reported is None:
            return self._reject("missing_reported_at", "reported_at")
        closed = codes["status"] == "closed"
        closed_at = moments["closed_at"]
        self._judge_times(closed, reported, closed_at, flags)
        point = self._points.read(cells, raw, flags)
        area = self._area(codes["area"], point.lon, point.lat, flags)
        place_name = self._words(raw.get("place", ""), MOST_PLACE, flags)
        title = self._words(raw.get("title") or words, MOST_TITLE, flags) or self.ground.names[codes["category"]]
        text = self._words(raw["text"], MOST_TEXT, flags, lines=True) if raw.get("text") else ""
        digest = self._digest(raw, moments, point.raw, text)
        external_id = self._external_id(raw, digest)
        if isinstance(external_id, Rejection):
            return external_id
        name, contact = ("", "") if closed else self.columns.party(cells)
        return Mapped(
            row=row.number,
            external_id=external_id,
            digest=digest,
            closed=closed,
            reported_at=reported,
            occurred_at=moments["occurred_at"] or reported,
            closed_at=closed_at if closed else None,
            due_at=moments["due_at"],
            category=codes["category"],
            grade=int(codes["grade"] or 0),
            outcome=codes["outcome"] if closed else "",
            unit=self._unit(codes["unit"], closed, flags),
            unit_words=self._words(raw.get("unit", ""), MOST_UNIT, flags),
            area=area,
            title=title,
            place=place_name,
            lon=point.lon,
            lat=point.lat,
            cell=point.cell,
            text=text,
            party_name=name[:MOST_PARTY],
            party_contact=contact[:MOST_PARTY],
            flags=list(dict.fromkeys(flags)),
        )

    def _reject(self, reason: str, field_name: str) -> Rejection:
        return Rejection(reason, self._labels.get(field_name, ""))

    def _is_outside(self, words: str) -> bool:
        known = self._outside_known.get(words)
        if known is None:
            known = outside_law(words) or normal(words) in self._outside
            self._outside_known[words] = known
        return known

    def _times(self, raw: Mapping[str, str], flags: list[str]) -> dict[str, datetime | None] | Rejection:
        found: dict[str, datetime | None] = {
            "reported_at": None,
            "occurred_at": None,
            "closed_at": None,
            "due_at": None,
        }
        for name, moments in self._moments.items():
            text = raw[name]
            if not text:
                continue
            moment: Moment | None = moments.read(text)
            if moment is None:
                return self._reject("bad_date", name)
            found[name] = moment.at
            if moment.gap:
                flags.append("clock_gap")
            if moment.ambiguous:
                flags.append("ambiguous_hour")
            if moment.date_only and name in ("reported_at", "closed_at"):
                flags.append("date_only")
        return found

    def _codes(
        self, raw: Mapping[str, str], moments: Mapping[str, datetime | None], flags: list[str]
    ) -> dict[str, str] | Rejection:
        """Translate the words of the row into codes; an unknown word takes the map's default or rejects the row."""
        codes = {"category": "", "status": "", "grade": "", "outcome": "", "unit": "", "area": ""}
        for name, translation in self._translations.items():
            found = translation.code(raw[name])
            if found is None:
                return self._reject(f"unknown_{name}", name)
            codes[name] = found.code
            if found.flag:
                flags.append(found.flag)
        if not codes["status"]:
            codes["status"] = "closed" if moments["closed_at"] else "open"
        return codes

    def _judge_times(self, closed: bool, reported: datetime, closed_at: datetime | None, flags: list[str]) -> None:
        if reported > self.now or (closed and closed_at is not None and closed_at > self.now):
            flags.append("future")
        if not closed:
            if closed_at is not None:
                flags.append("closing_time_ignored")
            return
        if closed_at is None:
            flags.append("no_closing_time")
        elif closed_at < reported:
            flags.append("closed_before_opened")
        elif closed_at.replace(microsecond=0) == reported.replace(microsecond=0):
            flags.append("closed_same_second")

    def _unit(self, code: str, closed: bool, flags: list[str]) -> int | None:
        """The unit of an open matter: the mapped one, else the desk, and then it is marked."""
        if closed:
            return None
        if code:
            return self.ground.units[normal(code)]
        if "unit" in self._sources:
            flags.append("unknown_unit")
        return None

    def _area(self, code: str, lon: float | None, lat: float | None, flags: list[str]) -> int | None:
        area = self.ground.areas.get(normal(code)) if code else None
        if area is None and lon is not None and lat is not None:
            area = self.ground.area_at(lon, lat)
        if area is None:
            flags.append("no_area")
        return area

    def _words(self, text: str, most: int, flags: list[str], *, lines: bool = False) -> str:
        """Words as they may be kept: on one line, without what identifies a person or a flat, and cut to fit."""
        text = (text.strip() if lines else " ".join(text.split()))[: 2 * MOST_TEXT]
        masked = mask_personal(text) if _MAY_IDENTIFY.search(text) else text
        if _ROOM.search(masked):
            masked = _ROOM.sub("", masked).strip()
        if masked != text:
            flags.append("masked")
            text = masked
        if len(text) > most:
            flags.append("shortened")
            text = text[: most - 1] + "…"
        return text

    def _external_id(self, raw: Mapping[str, str], digest: str) -> str | Rejection:
        if self.map.fields["external_id"].content:
            return f"content-{digest}"
        external_id = raw["external_id"]
        if not external_id:
            return self._reject("missing_external_id", "external_id")
        if len(external_id) > MOST_ID:
            return self._reject("long_external_id", "external_id")
        if _MAY_IDENTIFY.search(external_id) and mask_personal(external_id) != external_id:
            return self._reject("personal_external_id", "external_id")
        return external_id

    def _digest(self, raw: Mapping[str, str], moments: Mapping[str, datetime | None], point: str, text: str) -> str:
        """What tells whether two rows of the same id say the same, whatever file format or date format they came in.

        Only what is kept counts: neither personal columns nor dropped text leave a trace here.
        """
        parts = [moment.isoformat() if moment else "" for moment in moments.values()]
        parts += [normal(raw.get(name, "")) for name in _COMPARED]
        parts += [point, text]
        return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def safe_cells(cells: Iterable[str]) -> list[str]:
    """Cells as the rejects file may show them: what identifies a person masked, NUL bytes made visible."""
    return [mask_personal(cell.replace("\x00", "␀")) for cell in cells]
