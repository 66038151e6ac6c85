"""Population as counts: exact inside the station, and outside it only what was given out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber

from jishi.register.models import CountRelease, Element, HelpCount, PopulationCount
from jishi.register.queries.scope import Someone
from jishi.register.suppression import MEASURES, Published, Release, Row
from jishi.stations.models import Area, Post
from jishi.stations.queries import access_of

#: Stands for "no area" where a table is given out.
NO_AREA = "0"


@dataclass(frozen=True, slots=True)
class Count:
    """One count of a building, or of an area as a whole."""

    date: date
    households: int
    long_term: int
    temporary: int
    number: str = ""
    name: str = ""

    @property
    def residents(self) -> int:
        """Long-term and temporary together."""
        return self.long_term + self.temporary


@dataclass
class AreaCounts:
    """What was counted in one area: its buildings, each at its newest date, and the area as a whole."""

    id: int
    name: str
    buildings: list[Count] = field(default_factory=list)
    whole: Count | None = None

    @property
    def sum(self) -> tuple[int, int, int]:
        """Households, long-term and temporary of the buildings."""
        return tuple(sum(getattr(row, name) for row in self.buildings) for name in MEASURES)

    @property
    def shown(self) -> tuple[int, int, int]:
        """The figures of the area: as counted as a whole where that is not less than its buildings, else their sum."""
        whole = self.whole
        if whole is None or self.contradicts:
            return self.sum
        return whole.households, whole.long_term, whole.temporary

    @property
    def contradicts(self) -> bool:
        """Whether the count of the area is less than what its buildings hold."""
        return self.whole is not None and any(
            getattr(self.whole, name) < part for name, part in zip(MEASURES, self.sum, strict=True)
        )

    @property
    def newest(self) -> date | None:
        """The newest date of anything counted here."""
        rows = [*self.buildings, *([self.whole] if self.whole else [])]
        return max((row.date for row in rows), default=None)


def is_inside(user: Someone, station_id: int) -> bool:
    """Whether this person works at the station itself, and not only above it: then they see exact counts."""
    if not access_of(user).sees(station_id):
        return False
    return Post.objects.filter(staff=user.pk, station_id=station_id).exists()


def counts_of(user: Someone, station_id: int, on: date | None = None) -> list[AreaCounts]:
    """The newest counts up to a day, exact, by area; nothing for somebody outside the station."""
    return _counts(station_id, on) if is_inside(user, station_id) else []


def help_counts_of(user: Someone, station_id: int) -> dict[int, dict[str, HelpCount]]:
    """The newest help counts by area and kind; nothing for somebody outside the station."""
    if not is_inside(user, station_id):
        return {}
    newest: dict[int, dict[str, HelpCount]] = defaultdict(dict)
    for row in HelpCount.objects.filter(area__station=station_id).order_by("date", "pk"):
        newest[row.area_id][row.kind] = row
    return dict(newest)


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """One line of a table that was given out; None is the mark.  ``level``: station, area, place or rest."""

    level: str
    area: str
    place: str
    number: str
    households: int | None
    long_term: int | None
    temporary: int | None
    residents: int | None


@dataclass(frozen=True, slots=True)
class Outside:
    """The newest table that was given out, and the days of all of them."""

    on: date | None
    lines: Sequence[OutsideLine]
    days: Sequence[date]


def published_counts(user: Someone, station_id: int) -> Outside:
    """What anybody who sees the station may be shown of its counts; the only table that leaves it."""
    if not access_of(user).sees(station_id):
        return Outside(None, (), ())
    rows = CountRelease.objects.filter(station=station_id)
    days = list(rows.order_by("-on").values_list("on", flat=True))
    if not days:
        return Outside(None, (), ())
    published = Published.from_data(rows.values_list("table", flat=True).get(on=days[0]))
    return Outside(days[0], list(_lines(station_id, published)), days)


def former_releases(station_id: int) -> list[Published]:
    """All tables that were given out, the oldest first.  They hold exact counts: for ``suppress`` alone."""
    rows = CountRelease.objects.filter(station=station_id).order_by("on")
    return [Published.from_data(table) for table in rows.values_list("table", flat=True)]


def release_of(station_id: int, on: date) -> Release:
    """The counts of a day as a table: each building at its newest date, and of an area what is left of its whole."""
    rows = []
    for area in _counts(station_id, on):
        key = str(area.id) if area.id else NO_AREA
        rows += [Row(key, row.number, row.households, row.long_term, row.temporary) for row in area.buildings]
        if area.whole is not None and not area.contradicts:
            rest = (getattr(area.whole, name) - part for name, part in zip(MEASURES, area.sum, strict=True))
            rows.append(Row(key, f"area-{area.id}", *rest))
    return Release(on, tuple(rows))


def _counts(station_id: int, on: date | None) -> list[AreaCounts]:
    rows = PopulationCount.objects.filter(station=station_id)
    rows = rows.filter(date__lte=on) if on else rows
    areas = dict(Area.objects.filter(station=station_id).order_by("code").values_list("pk", "name"))
    found = {pk: AreaCounts(pk, name) for pk, name in areas.items()}
    nowhere = AreaCounts(0, "")
    names = ("date", *MEASURES, "element__number", "element__name")
    standing = rows.filter(element__status="active")
    for area, *values in _newest(standing, "element").order_by("element").values_list("element__area", *names):
        found.get(area, nowhere).buildings.append(Count(*values))
    for area, *values in _newest(rows.filter(area__isnull=False), "area").values_list("area", "date", *MEASURES):
        found[area].whole = Count(*values)
    return [*found.values(), *([nowhere] if nowhere.buildings else [])]


def _newest(rows: Any, of: str) -> Any:
    """The newest row of each element, or of each area."""
    place = Window(RowNumber(), partition_by=[F(of)], order_by=F("date").desc())
    return rows.annotate(place=place).filter(place=1)


def _lines(station_id: int, published: Published) -> Iterator[OutsideLine]:
    areas = dict(Area.objects.filter(station=station_id).values_list("pk", "name"))
    numbers = [row.place for row in published.release.rows]
    names: dict[str, str] = {}
    rows = Element.objects.filter(station=station_id)
    for start in range(0, len(numbers), 500):
        names |= dict(rows.filter(number__in=numbers[start : start + 500]).values_list("number", "name"))
    for line in published.lines():
        area = areas.get(int(line.area), "") if line.area else ""
        rest = line.place is not None and line.place.startswith("area-")
        level = "station" if line.area is None else "area" if line.place is None else "rest" if rest else "place"
        number = line.place if level == "place" and line.place else ""
        yield OutsideLine(
            level, area, names.get(number, ""), number, line.households, line.long_term, line.temporary, line.residents
        )


def newest_release_day(station_id: int) -> date | None:
    """The day of the newest table that was given out."""
    found: date | None = CountRelease.objects.filter(station=station_id).aggregate(day=Max("on"))["day"]
    return found
