"""Reads the moments of a table: many formats, one zone, and the two hours a year that a wall clock gets wrong."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

#: Formats that are no patterns: days of a spreadsheet since 1899-12-30, seconds and milliseconds since 1970.
SPECIAL = ("excel", "unix", "unix_ms")
_PARTS = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{1,2})",
    "S": r"(?P<S>\d{1,2})",
    "f": r"(?P<f>\d{1,6})",
    "p": r"(?P<p>[AaPp]\.?[Mm]\.?|上午|下午)",
    "b": r"(?P<b>[A-Za-z]{3})[a-z]*\.?",
    "z": r"(?P<z>Z|[+-]\d\d:?\d\d)",
    "%": "%",
}
_PARTS["B"] = _PARTS["b"]
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
#: What needs no format: ISO 8601 (read by Python), and the usual ways to write year, month and day in that order.
_USUAL = re.compile(
    r"^(?P<Y>\d{4})\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})\s?日?"
    r"(?:[ T]*(?P<H>\d{1,2})\s?[:\uff1a时点]\s?(?P<M>\d{1,2})\s?分?"
    r"(?:\s?[:\uff1a]?\s?(?P<S>\d{1,2})(?:\.(?P<f>\d{1,6})\d*)?\s?秒?)?)?$"
)
_EXCEL = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zone
_MOST_REMEMBERED = 50_000


class Moment(NamedTuple):
    """A moment in UTC and what had to be assumed: ``gap``, ``ambiguous``, ``date_only``."""

    at: datetime
    gap: bool = False
    ambiguous: bool = False
    date_only: bool = False


def check_format(format_: str) -> bool:
    """Say whether a format can be used: it must give year, month and day."""
    if format_ in SPECIAL:
        return True
    pattern = _compile(format_)
    return pattern is not None and {"m", "b"} & pattern.groupindex.keys() != set() and "d" in pattern.groupindex


class Moments:
    """Reads the moments of one column: tries its formats in order, then ISO 8601 and the usual ways to write a date."""

    def __init__(self, formats: tuple[str, ...], zone: str, *, end_of_day: bool = False) -> None:
        self._zone = ZoneInfo(zone)
        self._special = [format_ for format_ in formats if format_ in SPECIAL]
        self._patterns = [pattern for format_ in formats if format_ not in SPECIAL and (pattern := _compile(format_))]
        self._time = time(23, 59, 59) if end_of_day else time()
        self._known: dict[str, Moment | None] = {}

    def read(self, text: str) -> Moment | None:
        """Return the moment that ``text`` names, or None when it names none between 1900 and 2199."""
        try:
            return self._known[text]
        except KeyError:
            moment = self._read(text)
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            self._known[text] = moment
            return moment

    def _read(self, text: str) -> Moment | None:
        try:
            found = self._parse(text)
            if found is None:
                return None
            moment = self._place(found)
        except (ValueError, OverflowError, OSError):
            return None
        return moment if 1900 <= moment.at.year < 2200 else None

    def _parse(self, text: str) -> datetime | date | None:
        for pattern in self._patterns:
            if match := pattern.match(text):
                return _from_match(match)
        for special in self._special:
            try:
                value = float(text)
            except ValueError:
                break
            if special == "excel":
                moment = _EXCEL + timedelta(seconds=round(value * 86_400))
                return moment.date() if value.is_integer() else moment
            return datetime.fromtimestamp(value / (1000 if special == "unix_ms" else 1), UTC)
        if match := _USUAL.match(text):
            return _from_match(match)
        if len(text) < 10 or not text[:4].isdigit() or text.isdigit():
            return None
        return datetime.fromisoformat(text)

    def _place(self, found: datetime | date) -> Moment:
        """Put a local time on the line of UTC.  A time in the clock's gap moves forward; of two the first is taken."""
        date_only = not isinstance(found, datetime)
        local = found if isinstance(found, datetime) else datetime.combine(found, self._time)
        if local.tzinfo is not None:
            return Moment(local.astimezone(UTC))
        first = local.replace(tzinfo=self._zone, fold=0)
        before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
        assert before is not None
        assert after is not None
        at = (local - before).replace(tzinfo=UTC)
        return Moment(at, gap=before < after, ambiguous=before > after, date_only=date_only)


def _compile(format_: str) -> re.Pattern[str] | None:
    """Turn a strptime format into a pattern; None for a directive that is not known here."""
    format_ = format_.replace("%T", "%H:%M:%S").replace("%R", "%H:%M").replace("%F", "%Y-%m-%d")
    pieces, at = [], 0
    while at < len(format_):
        char = format_[at]
        if char == "%":
            part = _PARTS.get(format_[at + 1 : at + 2].replace("-", ""))
            if part is None:
                return None
            pieces.append(part)
            at += 2
            continue
        pieces.append(r"\s+" if char.isspace() else re.escape(char))
        at += 1
    try:
        pattern = re.compile("^" + "".join(pieces) + "$")
    except re.error:
        return None
    return pattern if {"Y", "y"} & pattern.groupindex.keys() else None


def _from_match(match: re.Match[str]) -> datetime | date:
    part = {name: value for name, value in match.groupdict().items() if value is not None}
    year = int(part["Y"]) if "Y" in part else int(part["y"]) + (2000 if int(part["y"]) < 69 else 1900)
    month = int(part["m"]) if "m" in part else _MONTHS.get(part["b"].lower(), 0)
    day = int(part["d"])
    if "H" in part:
        hour = int(part["H"])
    elif "I" in part:
        hour = _hour_of_twelve(int(part["I"]), part.get("p", ""))
    else:
        return date(year, month, day)
    fraction = int(part.get("f", "0").ljust(6, "0"))
    clock = time(hour, int(part.get("M", 0)), int(part.get("S", 0)), fraction)
    moment = datetime.combine(date(year, month, day), clock)
    return datetime.fromisoformat(moment.isoformat() + part["z"]) if "z" in part else moment


def _hour_of_twelve(hour: int, half: str) -> int:
    if not 1 <= hour <= 12:
        raise ValueError("hour")
    return hour % 12 + (12 if half.lower().startswith(("p", "下")) else 0)
