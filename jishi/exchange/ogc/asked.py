"""What a request to a collection asks for: box, time, properties, page.  What cannot be read is refused with 400."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar, cast

from django.http import HttpRequest, QueryDict

from jishi.register.cadence import STANDINGS
from jishi.register.catalogue import sorts

MOST, USUAL = 10_000, 100
GRADES = {str(grade): grade for grade in range(5)}
#: Parameters of every request: ``f`` may say json.
COMMON = ("f",)
PAGE = ("bbox", "datetime", "limit", "cursor")
PROPERTIES = ("category", "freshness", "grade", "area", "station")

Value = TypeVar("Value")
Box = tuple[float, float, float, float]
Span = tuple[datetime | None, datetime | None]
Words = tuple[str, ...]


class BadRequest(Exception):
    """What was asked cannot be read; ``field`` is the parameter, the text says what it should be."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of a collection.  ``after`` is the key of the last feature of the page before."""

    boxes: tuple[Box, ...] = ()
    span: Span | None = None
    limit: int = USUAL
    after: int = 0
    categories: tuple[str, ...] = ()
    freshness: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    area: str = ""
    station: str = ""


def check_known(request: HttpRequest, known: tuple[str, ...] = ()) -> None:
    """Refuse parameters that do not exist, and formats that are not spoken."""
    for name in request.GET:
        if name not in known and name not in COMMON:
            raise BadRequest(name[:40], "There is no such parameter here: look at the description of the API.")
    if request.GET.get("f", "json") not in ("json", "geojson"):
        raise BadRequest("f", "Only json is spoken here.")


def read_asked(request: HttpRequest, known: tuple[str, ...]) -> Asked:
    """The page that a request asks for.  Raises :class:`BadRequest`."""
    check_known(request, known)
    query, none = request.GET, cast(Words, ())
    return Asked(
        boxes=_one(query, "bbox", read_boxes, cast("tuple[Box, ...]", ())),
        span=_one(query, "datetime", read_span, None),
        limit=_one(query, "limit", _limit, USUAL),
        after=_one(query, "cursor", read_cursor, 0),
        categories=_one(query, "category", _among(dict.fromkeys(sorts()), "codes of categories"), none),
        freshness=_one(query, "freshness", _among(dict.fromkeys(STANDINGS), ", ".join(STANDINGS)), none),
        grades=tuple(GRADES[each] for each in _one(query, "grade", _among(GRADES, "0 to 4"), none)),
        area=query.get("area", ""),
        station=query.get("station", ""),
    )


def read_boxes(text: str) -> tuple[Box, ...]:
    """The boxes that a ``bbox`` of four or six numbers means: two where it crosses the 180th meridian."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise ValueError("four or six numbers in degrees: west,south,east,north") from error
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise ValueError("four or six numbers in degrees: west,south,east,north")
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    if south > north or not -90 <= south <= north <= 90:
        raise ValueError("south and north lie between -90 and 90, south first")
    west, east = max(west, -180.0), min(east, 180.0)
    if west <= east:
        return ((west, south, east, north),)
    return ((west, south, 180.0, north), (-180.0, south, east, north))


def read_span(text: str) -> Span:
    """The first and the last moment of a ``datetime``: a day, a moment, or an interval that may be open at one end."""
    begin, slash, end = text.partition("/")
    if not slash:
        return _first(begin), _last(begin)
    first = None if begin in ("", "..") else _first(begin)
    last = None if end in ("", "..") else _last(end)
    if first is None and last is None:
        raise ValueError("an interval is open at one end at most")
    if first is not None and last is not None and first > last:
        raise ValueError("an interval begins before it ends")
    return first, last


def write_cursor(key: int) -> str:
    """The cursor of the page behind the feature with this key."""
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def read_cursor(text: str) -> int:
    """The key in a cursor."""
    try:
        key = int(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii"))
    except (binascii.Error, ValueError) as error:
        raise ValueError("follow the link next instead of making a cursor") from error
    if not 0 < key < 2**63:
        raise ValueError("follow the link next instead of making a cursor")
    return key


def _one(query: QueryDict, name: str, read: Callable[[str], Value], usual: Value) -> Value:
    if name not in query:
        return usual
    try:
        return read(str(query[name]))
    except ValueError as error:
        raise BadRequest(name, f"{name}: {error}.") from error


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text[:9]) < 1:
        raise ValueError(f"a whole number from 1 to {MOST}")
    return min(int(text[:9]), MOST)


def _among(known: Mapping[str, Any], words: str) -> Callable[[str], Words]:
    def read(text: str) -> Words:
        values = tuple(dict.fromkeys(text.split(",")))
        if not all(value in known for value in values):
            raise ValueError(f"one or more of {words}, with commas between")
        return values

    return read


def _first(text: str) -> datetime:
    return _moment(text)[0]


def _last(text: str) -> datetime:
    return _moment(text)[1]


def _moment(text: str) -> tuple[datetime, datetime]:
    """The first and the last moment of what was written: a whole day (UTC), or one moment."""
    try:
        if len(text) == len("2026-03-01"):
            day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            return day, day + timedelta(days=1) - timedelta(microseconds=1)
        moment = datetime.fromisoformat(text.upper())
    except (ValueError, OverflowError) as error:
        raise ValueError("dates such as 2026-03-01 or times such as 2026-03-01T08:00:00Z") from error
    if moment.tzinfo is None or not 1900 <= moment.year <= 2200:
        raise ValueError("times have an offset and a year from 1900 to 2200, such as 2026-03-01T08:00:00Z")
    return moment, moment
