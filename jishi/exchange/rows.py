"""Turns one row of a table into a matter as the map says, or says why it cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jishi.exchange.mapping import MOMENTS, TRANSLATED, MatterMap
from jishi.exchange.points import Ground
from jishi.exchange.reading import Rejection, RowReader, digest_of
from jishi.exchange.sources import normal
from jishi.exchange.tables import Row
from jishi.exchange.translations import usual_words
from jishi.matters.models import Flag

MOST_TITLE, MOST_PLACE, MOST_UNIT, MOST_TEXT, MOST_PARTY = 120, 120, 80, 10_000, 200
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


class Mapper(RowReader):
    """Maps the rows of one table of matters."""

    def __init__(
        self, map_: MatterMap, header: list[str], ground: Ground, now: datetime, geojson: bool = False
    ) -> None:
        self.map = map_
        super().__init__(
            map_, header, ground, now, words=_own_words(ground), moments=MOMENTS, late=("closed_at", "due_at"),
            geojson=geojson,
        )  # fmt: skip

    def read(self, row: Row) -> Mapped | Rejection:
        """Map one row."""
        raw = self.raw(row)
        if isinstance(raw, Rejection):
            return raw
        flags: list[str] = []
        moments = self._times(raw, flags)
        if isinstance(moments, Rejection):
            return moments
        codes = self._codes(raw, moments, flags)
        if isinstance(codes, Rejection):
            return codes
        reported = moments["reported_at"]
        if reported is None:
            return self.reject("missing_reported_at", "reported_at")
        closed = codes["status"] == "closed"
        closed_at = moments["closed_at"]
        self._judge_times(closed, reported, closed_at, flags)
        point = self.points.read(row.cells, raw, flags)
        area = self._area(codes["area"], point.lon, point.lat, flags)
        place_name = self.words(raw.get("place", ""), MOST_PLACE, flags)
        title = self.words(raw.get("title") or raw.get("category", ""), MOST_TITLE, flags)
        title = title or self.ground.names[codes["category"]]
        text = self.words(raw["text"], MOST_TEXT, flags, lines=True) if raw.get("text") else ""
        digest = self._digest(raw, moments, point.raw, text)
        external_id = self.external_id(raw, digest)
        if isinstance(external_id, Rejection):
            return external_id
        name, contact = ("", "") if closed else self.columns.party(row.cells)
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
            unit_words=self.words(raw.get("unit", ""), MOST_UNIT, flags),
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

    def _times(self, raw: Mapping[str, str], flags: list[str]) -> dict[str, datetime | None] | Rejection:
        found: dict[str, datetime | None] = dict.fromkeys(MOMENTS)
        for name in self.moments:
            moment = self.moment(name, raw, flags)
            if isinstance(moment, Rejection):
                return moment
            if moment is not None:
                found[name] = moment.at
                if moment.date_only and name in ("reported_at", "closed_at"):
                    flags.append("date_only")
        return found

    def _codes(
        self, raw: Mapping[str, str], moments: Mapping[str, datetime | None], flags: list[str]
    ) -> dict[str, str] | Rejection:
        """The codes of the row's words; where no status is said, the closing time says it."""
        codes = dict.fromkeys(TRANSLATED, "")
        for name in self.translations:
            code = self.code(name, raw, flags)
            if isinstance(code, Rejection):
                return code
            codes[name] = code
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
        if "unit" in self.sources:
            flags.append("unknown_unit")
        return None

    def _area(self, code: str, lon: float | None, lat: float | None, flags: list[str]) -> int | None:
        area = self.ground.areas.get(normal(code)) if code else None
        if area is None and lon is not None and lat is not None:
            area = self.ground.area_at(lon, lat)
        if area is None:
            flags.append("no_area")
        return area

    def _digest(self, raw: Mapping[str, str], moments: Mapping[str, datetime | None], point: str, text: str) -> str:
        """What tells whether two rows of the same id say the same, whatever file format or date format they came in.

        Only what is kept counts: neither personal columns nor dropped text leave a trace here.
        """
        parts = [moment.isoformat() if moment else "" for moment in moments.values()]
        parts += [normal(raw.get(name, "")) for name in _COMPARED]
        parts += [point, text]
        return digest_of(parts)


def _own_words(ground: Ground) -> dict[str, dict[str, str]]:
    """Word → code of each translated field, for everything that may be said without a table."""
    return {
        "category": dict(ground.categories),
        "status": usual_words("status"),
        "grade": usual_words("grade"),
        "outcome": usual_words("outcome"),
        "unit": {word: word for word in ground.units},
        "area": {word: word for word in ground.areas},
    }
