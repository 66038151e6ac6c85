"""When it happened: expressions of time as slips and group messages write them, in Chinese and in English.  Pure.

Nothing is ever read as a time to come: a clock time later than now is yesterday's, a day without a year that lies
ahead is last year's, and a full date in the future is no time of this matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from jishi.matters.paste.found import Found, Span

_NUMBER = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"
_PART = r"凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜里|夜间|深夜|午后|早|晚"
_DAY = r"今天|今日|昨天|昨日|前天|前日|今|昨|前|当天|当日"
_CLOCK = (
    r"(?:\d{1,2}[:\uff1a]\d{2}(?:[:\uff1a]\d{2})?"
    rf"|{_NUMBER}\s*[时点](?:钟|整|许)?(?:半|[一三]刻|{_NUMBER}\s*分?)?(?:\d{{1,2}}秒)?)"
)

_CHINESE = re.compile(
    rf"(?<!\d)(?:(?P<year>20\d\d)\s*年\s*)?(?P<month>1[0-2]|0?[1-9])\s*月\s*(?P<mday>3[01]|[12]\d|0?[1-9])\s*[日号]"
    rf"\s*(?P<part>{_PART})?\s*(?P<clock>{_CLOCK})?"
)
_DIGITS = re.compile(
    rf"(?<![\d-])(?P<year>20\d\d)[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<mday>3[01]|[12]\d|0?[1-9])(?!\d)"
    rf"(?:[T\s]*(?P<part>{_PART})?\s*(?P<clock>{_CLOCK}))?"
)
_SHORT = re.compile(
    rf"(?<![\d/.-])(?P<month>1[0-2]|0?[1-9])[-/](?P<mday>3[01]|[12]\d|0?[1-9])\s+(?P<part>{_PART})?(?P<clock>\d{{1,2}}[:\uff1a]\d{{2}})"
)
_MDAY = re.compile(rf"(?<![\d月年])(?P<mday>3[01]|[12]\d|[1-9])日\s*(?P<part>{_PART})?\s*(?P<clock>{_CLOCK})")
_RELATIVE = re.compile(rf"(?P<day>{_DAY})(?P<part>{_PART})?\s*(?P<clock>{_CLOCK})?")
_BARE = re.compile(rf"(?<![\d:\uff1a.-])(?P<part>{_PART})?\s*(?P<clock>{_CLOCK})(?![\d:\uff1a])")
_AGO = re.compile(rf"(?P<amount>{_NUMBER}|半|几)\s*(?:个)?(?P<unit>分钟|小时|钟头|天)(?:之)?前")
_AHEAD = re.compile(r"(?:明天|明日|后天|明早|明晚|tomorrow(?:\s+at)?)\s*$", re.IGNORECASE)
_JUST = re.compile(r"刚才|刚刚|(?<!刚)just now", re.IGNORECASE)

_EN_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EN_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_EN_CLOCK = r"(?:\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\b\.?)?|\d{1,2}\s*[ap]\.?m\b\.?|noon|midnight)"
_EN_MDAY = r"(?P<mday>\d{1,2})(?:st|nd|rd|th)?"
_EN_TAIL = rf"(?:,?\s+(?P<year>20\d\d))?(?:,?\s*(?:at\s+)?(?P<clock>{_EN_CLOCK}))?"
_EN_DATES = (
    re.compile(rf"\b{_EN_MONTH}\s+{_EN_MDAY}{_EN_TAIL}", re.IGNORECASE),
    re.compile(rf"\b{_EN_MDAY}\s+{_EN_MONTH}{_EN_TAIL}", re.IGNORECASE),
)
_EN_RELATIVE = re.compile(
    r"\b(?P<day>today|tonight|yesterday|last night|this (?:morning|afternoon|evening))"
    r"(?:\s+(?P<part>morning|afternoon|evening|night))?"
    rf"(?:,?\s*(?:at|around|about|@)?\s*(?P<clock>{_EN_CLOCK}|\d{{1,2}}(?!\d|:)))?",
    re.IGNORECASE,
)
_EN_BARE = re.compile(r"\b(?:at\s+)?(?P<clock>\d{1,2}(?::\d{2})?\s*[ap]\.?m\b\.?)", re.IGNORECASE)
_EN_AGO = re.compile(r"\b(?P<amount>\d{1,3}|an?|half an)\s+(?P<unit>minute|min|hour|hr|day)s?\s+ago\b", re.IGNORECASE)

_LABEL = re.compile(
    r"(?P<happened>发生时间|案发时间|事发时间|发现时间"
    r"|time of (?:the )?(?:incident|event)|occurred(?: at)?|happened(?: at)?)"
    r"|(?P<handled>接警时间|报警时间|接报时间|派警时间|到达时间|出警时间|反馈时间|打印时间|受理时间"
    r"|time of call|call time|received(?: at)?|reported(?: at)?|dispatched(?: at)?|printed(?: at)?)",
    re.IGNORECASE,
)
_HOUR_OF_PART = {
    "凌晨": 2, "清晨": 6, "早晨": 7, "早上": 8, "早": 8, "上午": 9, "中午": 12, "午后": 14, "下午": 15, "傍晚": 18,
    "晚上": 20, "晚": 20, "夜里": 22, "夜间": 22, "深夜": 23, "morning": 8, "afternoon": 15, "evening": 19, "night": 22,
}  # fmt: skip
_LATE_PARTS = frozenset({"下午", "傍晚", "晚上", "晚", "夜里", "夜间", "深夜", "午后", "afternoon", "evening", "night"})
_DAYS_BACK = {"今": 0, "当": 0, "昨": 1, "前": 2}


class _Reading(NamedTuple):
    at: datetime
    span: Span
    exact: bool
    label: str


def read_time(text: str, now: datetime, zone: tzinfo) -> Found | None:
    """When it happened, as the text says it; None where it says nothing that can be read.

    A time after a label such as 发生时间 wins, then one in the running text, then the time of the call.  Among equals
    one with a clock time goes before a bare day, and the first before the later ones.
    """
    here = now.astimezone(zone)
    found = _without_overlaps(list(_readings(text, here)))
    if not found:
        return None
    order = {"happened": 0, "": 1, "handled": 2}
    best = min(found, key=lambda each: (order[each.label], not each.exact, each.span.start))
    return Found(best.at, best.span, {"happened": "time_label", "": "time_text", "handled": "time_call"}[best.label])


def spans_of_times(text: str, now: datetime, zone: tzinfo) -> list[Span]:
    """Every part of the text that speaks of a time."""
    return [each.span for each in _without_overlaps(list(_readings(text, now.astimezone(zone))))]


def _readings(text: str, here: datetime) -> Iterator[_Reading]:
    labels = [(match.end(), "happened" if match["happened"] else "handled") for match in _LABEL.finditer(text)]
    for match, at, exact in _matches(text, here):
        if at is not None and at <= here and not _AHEAD.search(text[: match.start()]):
            start = match.end() - len(match.group().lstrip())
            end = match.start() + len(match.group().rstrip())
            label = next((kind for place, kind in labels if 0 <= start - place <= 3), "")
            yield _Reading(at, Span(start, end), exact, label)


def _matches(text: str, here: datetime) -> Iterator[tuple[re.Match[str], datetime | None, bool]]:
    for pattern in (_CHINESE, _DIGITS, _SHORT, _MDAY):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            clock = _clock_zh(groups.get("clock"), groups.get("part"))
            at = _dated(here, groups.get("year"), groups.get("month"), groups["mday"], clock)
            yield match, at, bool(groups["clock"])
    for pattern in _EN_DATES:
        for match in pattern.finditer(text):
            month = str(_EN_MONTHS.index(match["name"].lower()) + 1)
            clock = _clock_en(match["clock"], None)
            yield match, _dated(here, match["year"], month, match["mday"], clock), bool(match["clock"])
    for match in _RELATIVE.finditer(text):
        if match["clock"] or match["part"] or len(match["day"]) == 2:
            day = here - timedelta(days=_DAYS_BACK[match["day"][0]])
            yield match, _at(day, _clock_zh(match["clock"], match["part"])), bool(match["clock"])
    for match in _EN_RELATIVE.finditer(text):
        yield match, *_english_day(match, here)
    for match in (*_AGO.finditer(text), *_EN_AGO.finditer(text)):
        yield match, here - _span_of(match["amount"].lower(), match["unit"].lower()), True
    for match in _JUST.finditer(text):
        yield match, here.replace(second=0, microsecond=0), True
    for match in _BARE.finditer(text):
        yield match, _latest(here, _clock_zh(match["clock"], match["part"])), True
    for match in _EN_BARE.finditer(text):
        yield match, _latest(here, _clock_en(match["clock"], None)), True


def _english_day(match: re.Match[str], here: datetime) -> tuple[datetime | None, bool]:
    day, part = match["day"].lower(), (match["part"] or "").lower()
    back = 1 if day in ("yesterday", "last night") else 0
    if day in ("tonight", "last night"):
        part = "night"
    elif day.startswith("this "):
        part = day.removeprefix("this ")
    return _at(here - timedelta(days=back), _clock_en(match["clock"], part or None)), bool(match["clock"])


def _dated(
    here: datetime, year: str | None, month: str | None, mday: str, clock: tuple[int, int] | None
) -> datetime | None:
    """The day in the latest year (or, without a month, the latest month) that does not lie ahead."""
    if year:
        return _day(here, int(year), int(month or here.month), int(mday), clock)
    if month:
        tries = ((here.year - back, int(month)) for back in range(2))
    else:
        months = (here.year * 12 + here.month - 1 - back for back in range(2))
        tries = ((count // 12, count % 12 + 1) for count in months)
    for its_year, its_month in tries:
        at = _day(here, its_year, its_month, int(mday), clock)
        if at is not None and at <= here:
            return at
    return None


def _day(here: datetime, year: int, month: int, mday: int, clock: tuple[int, int] | None) -> datetime | None:
    try:
        return _at(here.replace(year=year, month=month, day=mday), clock)
    except ValueError:
        return None


def _at(day: datetime, clock: tuple[int, int] | None) -> datetime | None:
    hour, minute = clock or (0, 0)
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    if hour > 23 or minute > 59:
        return None
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _latest(here: datetime, clock: tuple[int, int] | None) -> datetime | None:
    if clock is None:
        return None
    at = _at(here, clock)
    return at - timedelta(days=1) if at is not None and at > here else at


def _clock_zh(clock: str | None, part: str | None) -> tuple[int, int] | None:
    """Hour and minute of ``8点半`` or ``14:30``, moved to the afternoon where the part of the day says so."""
    if not clock:
        return (_HOUR_OF_PART[part], 0) if part else None
    colon = re.match(r"(\d{1,2})[:\uff1a](\d{2})", clock)
    if colon:
        hour, minute = int(colon[1]), int(colon[2])
    else:
        spoken = re.match(rf"({_NUMBER})\s*[时点](?:钟|整|许)?(半|[一三]刻|{_NUMBER})?", clock)
        if spoken is None:
            return None
        hour = _number(spoken[1])
        minute = {"半": 30, "一刻": 15, "三刻": 45}.get(spoken[2] or "", -1)
        minute = minute if minute >= 0 else _number(spoken[2]) if spoken[2] else 0
    return _to_part(hour, part), minute


def _clock_en(clock: str | None, part: str | None) -> tuple[int, int] | None:
    if not clock:
        return (_HOUR_OF_PART[part], 0) if part else None
    clock = clock.lower().replace(".", "").strip()
    if clock in ("noon", "midnight"):
        return (12 if clock == "noon" else 0), 0
    match = re.match(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap]m)?", clock)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    else:
        hour = _to_part(hour, part)
    return hour, minute


def _to_part(hour: int, part: str | None) -> int:
    if part in _LATE_PARTS and hour < 12:
        return hour + 12
    if part == "中午" and hour < 10:
        return hour + 12
    return hour


def _span_of(amount: str, unit: str) -> timedelta:
    fixed = {"半": 0.5, "几": 3, "a": 1, "an": 1, "half an": 0.5}
    number = fixed[amount] if amount in fixed else float(_number(amount))
    if unit.startswith(("分", "min")):
        return timedelta(minutes=number)
    return timedelta(days=number) if unit in ("天", "day") else timedelta(hours=number)


def _number(text: str) -> int:
    """A number up to 99 in figures or in Chinese."""
    if text.isdigit():
        return int(text)
    digits = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
    if "十" in text:
        tens, _ten, ones = text.partition("十")
        return (digits.get(tens, 1) if tens else 1) * 10 + (digits.get(ones, 0) if ones else 0)
    return digits.get(text[-1], 0)


def _without_overlaps(found: list[_Reading]) -> list[_Reading]:
    """Of readings that share letters the longest stays."""
    kept: list[_Reading] = []
    for each in sorted(found, key=lambda reading: reading.span.start - reading.span.end):
        if all(each.span.end <= other.span.start or each.span.start >= other.span.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda reading: reading.span.start)
