"""What a list shows: the filters of the address line, read once, and the rows that they leave."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from jishi.matters import catalogue
from jishi.matters.loop import STATES
from jishi.matters.models import Matter
from jishi.matters.queries.scope import Someone, matters_at, matters_of
from jishi.register.queries import elements_at

#: The values of the sort, and the column that each orders by.
SORTS = {"newest": "-reported_at", "due": "next_due"}
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters that are on.

    ``open`` leaves out what is closed; ``back`` keeps what was returned, reworked or reopened; ``element`` is the
    number of what stands in the register at the place.
    """

    text: str = ""
    states: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    category: str = ""
    area: int | None = None
    element: str = ""
    unit: int | None = None
    channel: str = ""
    source: str = ""
    open: bool = False
    overdue: bool = False
    mine: bool = False
    back: bool = False
    since: dt.date | None = None
    until: dt.date | None = None
    sort: str = "newest"

    @property
    def order(self) -> str:
        """The column that the rows are ordered by; what the search finds stands in the order of registration."""
        return "-pk" if self.text else SORTS[self.sort]

    @property
    def open_only(self) -> bool:
        """Whether only open matters can be left; a closed one stands with no unit."""
        asked = (
            self.unit is not None
            or self.open
            or self.overdue
            or self.back
            or self.sort == "due"
            or (self.mine and not self.states)
        )
        return bool(asked or (self.states and "closed" not in self.states))

    @property
    def narrowed(self) -> bool:
        """Whether anything but the text is asked for."""
        return replace(self, text="", sort="newest") != Filters() or self.open_only

    @property
    def categories(self) -> tuple[str, ...]:
        """The category that is asked for, with all below it."""
        rows = catalogue.categories()
        return tuple(code for code, row in rows.items() if self.category in (code, row.parent_id))


def read_filters(query: QueryDict) -> Filters:
    """The filters of an address line.  What cannot be read is as if it were not there."""
    sort = query.get("sort", "")
    found = Filters(
        text=query.get("q", "").strip()[:LONGEST_TEXT],
        states=tuple(state for state in STATES if state in query.getlist("state")),
        grades=tuple(grade for grade in range(5) if str(grade) in query.getlist("grade")),
        category=query.get("category", "") if query.get("category", "") in catalogue.categories() else "",
        area=_number(query.get("area", "")),
        element=query.get("element", "").strip()[:40],
        unit=_number(query.get("unit", "")),
        channel=query.get("channel", "")[:20],
        source=query.get("source", "")[:40],
        open=bool(query.get("open")),
        overdue=bool(query.get("overdue")),
        mine=bool(query.get("mine")),
        back=bool(query.get("back")),
        since=_date(query.get("since", "")),
        until=_date(query.get("until", "")),
    )
    if sort not in SORTS:
        sort = "due" if found.overdue else "newest"
    return replace(found, sort=sort)


def rows_of(user: Someone, station_id: int, filters: Filters, now: dt.datetime) -> QuerySet[Matter]:
    """The visible matters of a station that the filters leave; the text is asked of the search index instead."""
    rows = matters_at(user, station_id) if filters.unit is None else matters_of(user, station_id, filters.unit)
    plain: dict[str, Any] = {
        "state__in": filters.states, "grade__in": filters.grades, "area_id": filters.area,
        "channel": filters.channel, "source": filters.source,
        "category_id__in": filters.categories if filters.category else (),
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value not in (None, "", ())})
    if filters.element:
        rows = rows.filter(element_id__in=elements_named(user, station_id, filters.element))
    if filters.open_only:
        rows = rows.exclude(state="closed")
    if filters.overdue:
        rows = rows.filter(next_due__lt=now).exclude(state="inherited")
    if filters.mine:
        rows = rows.filter(assignee_id=user.pk)
    if filters.back:
        rows = rows.filter(Q(returned__gt=0) | Q(reworked__gt=0) | Q(reopened__gt=0))
    if filters.since:
        rows = rows.filter(reported_at__gte=_midnight(filters.since))
    if filters.until:
        rows = rows.filter(reported_at__lt=_midnight(filters.until + dt.timedelta(days=1)))
    return rows


def elements_named(user: Someone, station_id: int, number: str) -> list[int]:
    """The element of this number, and those that were merged into it; none where this person does not see it."""
    rows = elements_at(user, station_id)
    return list(
        rows.filter(Q(number=number) | Q(merged_into__number=number)).order_by("pk").values_list("pk", flat=True)
    )


def _midnight(day: dt.date) -> dt.datetime:
    """The first moment of a day in the zone of the station."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _date(text: str) -> dt.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1900 < day.year < 9000 else None
