"""What a GET asks for.  E-mail, telephone and account are no filters: like all that is not listed here they are not looked at."""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from jishi.exchange.open311 import moments
from jishi.exchange.open311.problems import Problem

#: A query covers so many days, and gives so many requests, whichever is less.
DAYS, MOST = timedelta(days=90), 1000
STATUSES = ("open", "closed")
_LONGEST = 40
_MOST_PAGES = 100_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """Part of a list: either these requests, or those of a span of time."""

    since: datetime
    until: datetime
    numbers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    page: int = 1
    size: int = MOST

    @property
    def first(self) -> int:
        """How many rows stand before the page."""
        return (self.page - 1) * self.size


def read(given: QueryDict, now: datetime, zone: ZoneInfo) -> Asked:
    """What the parameters ask for; an empty one is one that was not given.  ``zone`` is that in which a day is meant.

    Several values of one parameter are one list, whether with commas or sent each by itself.  Raises :class:`Problem`.
    """
    since, until = read_span(given, now, zone)
    statuses = _split(given, "status", str.lower)
    if unknown := [each for each in statuses if each not in STATUSES]:
        raise Problem(400, _("status may be open or closed, not “%(given)s”.") % {"given": unknown[0][:_LONGEST]})
    return Asked(
        since, until, numbers=_split(given, "service_request_id")[:MOST],
        services=_split(given, "service_code"), statuses=statuses,
        page=_whole(given, "page", 1, _MOST_PAGES), size=_whole(given, "page_size", MOST, MOST),
    )  # fmt: skip


def read_span(given: Mapping[str, str], now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The span of time that is asked for, 90 days at most: those after its beginning, else before its end."""
    begin, end = _moment(given, "start_date", zone, time.min), _moment(given, "end_date", zone, time.max)
    if begin is not None and end is not None and begin > end:
        raise Problem(400, _("start_date lies after end_date."))
    if begin is None:
        until = end or now
        return until - DAYS, until
    return begin, min(end or now, begin + DAYS)


def _moment(given: Mapping[str, str], name: str, zone: ZoneInfo, hour: time) -> datetime | None:
    """A time with its offset; of a day alone this hour, in the zone."""
    text = given.get(name, "").strip()
    if not text:
        return None
    moment = moments.read(text)
    if moment is not None and _DAY.fullmatch(text):
        moment = datetime.combine(moment.date(), hour, zone)
    if moment is None or moment.tzinfo is None or not 1900 < moment.year < 2200:
        wanted = _("%(name)s must be a time with an offset, such as 2026-03-01T08:00:00Z.")
        raise Problem(400, wanted % {"name": name})
    return moment


def _whole(given: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return usual
    if not text.isascii() or not text.isdecimal() or int(text[:9]) < 1:
        raise Problem(400, _("%(name)s must be a whole number from 1 on.") % {"name": name})
    return min(int(text[:9]), most)


def _split(given: QueryDict, name: str, as_read: Callable[[str], str] = str) -> tuple[str, ...]:
    """The parts of a list, without what no column can hold."""
    texts = (as_read(text).replace("\0", "") for text in given.getlist(name))
    parts = (part.strip() for text in texts for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))
