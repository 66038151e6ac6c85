"""What the station answers for, where, how sure it is, and what goes stale: the figures of one screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Count, QuerySet, Sum

from jishi.register import cadence, quality
from jishi.register.catalogue import below, sorts
from jishi.register.models import Element, FreshnessDay, Rollup, Target
from jishi.register.queries.filters import NO_AREA, Filters, sums_of
from jishi.register.queries.scope import Someone
from jishi.stations.models import Area
from jishi.stations.queries import access_of, administered_by

USUAL_TARGET = 90
WHOLE = Filters()


@dataclass(frozen=True, slots=True)
class Share:
    """How a set of elements stands against its cadence; ``target`` and the rate at which it is used up."""

    counts: Mapping[str, int]
    target: float = USUAL_TARGET / 100

    @property
    def total(self) -> int:
        """How many elements there are."""
        return sum(self.counts.values())

    @property
    def share(self) -> float | None:
        """The share verified within their cadence, from 0 to 1."""
        return cadence.share(**{name: self.counts.get(name, 0) for name in cadence.STANDINGS})

    @property
    def burn(self) -> float | None:
        """The stale share over the share that the target allows."""
        return cadence.burn_rate(self.share, self.target)

    @property
    def stale(self) -> int:
        """How many are overdue or were never verified."""
        return self.counts.get(cadence.OVERDUE, 0) + self.counts.get(cadence.NEVER, 0)


@dataclass(frozen=True, slots=True)
class Overview:
    """The register of a station at a glance: all of it, and by kind, category, area and grade."""

    whole: Share
    by_kind: Mapping[str, Share]
    by_category: Mapping[str, Share]
    by_area: Mapping[int, Share]
    by_grade: Mapping[int, int]
    area_names: Mapping[int, str]


def overview_of(user: Someone, station_id: int, filters: Filters = WHOLE) -> Overview:
    """The figures of a station; nothing for one that this person does not see.  Two queries."""
    rows: list[tuple[int, str, int, str, int]] = []
    if access_of(user).sees(station_id):
        sums = sums_of(station_id, filters).values_list("area", "category_id", "grade", "freshness")
        rows = [(*row[:4], row[4]) for row in sums.annotate(n=Sum("count")).order_by()]
    targets = _targets(station_id)
    whole: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    categories: dict[str, Counter[str]] = {}
    areas: dict[int, Counter[str]] = {}
    grades: Counter[int] = Counter()
    known = sorts()
    for area, category, grade, freshness, count in rows:
        whole[freshness] += count
        kinds.setdefault(known[category].category.kind, Counter())[freshness] += count
        categories.setdefault(category, Counter())[freshness] += count
        areas.setdefault(area, Counter())[freshness] += count
        grades[grade] += count
    target = targets.get(None, USUAL_TARGET) / 100
    return Overview(
        whole=Share(whole, target),
        by_kind={kind: Share(counts, target) for kind, counts in kinds.items()},
        by_category={
            code: Share(categories[code], targets.get(code, target * 100) / 100) for code in known if code in categories
        },
        by_area={area: Share(counts, target) for area, counts in sorted(areas.items())},
        by_grade=grades,
        area_names=dict(Area.objects.filter(station_id=station_id).order_by("code").values_list("pk", "name")),
    )


def scores_of(user: Someone, station_id: int) -> tuple[quality.Score, dict[str, quality.Score]]:
    """How complete and how accurate the register is: all of it, and by category."""
    if not access_of(user).sees(station_id):
        return quality.score(0, ()), {}
    sums = Rollup.objects.filter(station_id=station_id, level=0, count__gt=0)
    totals = dict(sums.values_list("category_id").annotate(n=Sum("count")).order_by())
    doubtful = Element.objects.filter(station_id=station_id, status="active", issues__gt=0)
    found: dict[str, list[tuple[int, int]]] = {}
    for code, bits, count in doubtful.values_list("category_id", "issues").annotate(n=Count("pk")).order_by():
        found.setdefault(code, []).append((bits, count))
    whole = quality.score(sum(totals.values()), _joined(found.values()))
    return whole, {code: quality.score(totals[code], found.get(code, ())) for code in sorts() if code in totals}


def shares_over_time(
    user: Someone, station_id: int, days: int, until: date, category: str = "", area: int | None = None
) -> list[tuple[date, Share]]:
    """How the share of fresh elements went, day by day, as it was written down at the end of each day."""
    rows = _days(user, station_id, days, until)
    if category:
        rows = rows.filter(category__in=below(category))
    if area is not None:
        rows = rows.filter(area=area or None)
    targets = _targets(station_id)
    target = targets.get(category or None, targets.get(None, USUAL_TARGET)) / 100
    found = rows.values_list("day").annotate(**_SUMS).order_by("day")
    return [(day, Share(dict(zip(cadence.STANDINGS, counts, strict=True)), target)) for day, *counts in found]


def shares_by(
    user: Someone, station_id: int, days: int, until: date, by: Literal["area", "category"]
) -> dict[Any, list[tuple[date, Share]]]:
    """The same day by day for each area (0: in none), or for each category."""
    targets = _targets(station_id)
    usual = targets.get(None, USUAL_TARGET)
    found: dict[Any, list[tuple[date, Share]]] = {}
    rows = _days(user, station_id, days, until).values_list(by, "day").annotate(**_SUMS)
    for key, day, *counts in rows.order_by(by, "day"):
        target = targets.get(key, usual) if by == "category" else usual
        share = Share(dict(zip(cadence.STANDINGS, counts, strict=True)), target / 100)
        found.setdefault(key if by == "category" else key or NO_AREA, []).append((day, share))
    return found


def targets_of(user: Someone, station_id: int) -> dict[str | None, int]:
    """The targets that were set, in per cent, by category; that of the station under None."""
    return _targets(station_id) if access_of(user).sees(station_id) else {}


def administered_targets(user: Someone) -> QuerySet[Target]:
    """The targets of the stations that this person manages."""
    return Target.objects.filter(station__in=administered_by(user))


_SUMS: dict[str, Any] = {name: Sum(name) for name in cadence.STANDINGS}


def _days(user: Someone, station_id: int, days: int, until: date) -> QuerySet[FreshnessDay]:
    if not access_of(user).sees(station_id):
        return FreshnessDay.objects.none()
    return FreshnessDay.objects.filter(station_id=station_id, day__gt=until - timedelta(days=days), day__lte=until)


def _targets(station_id: int) -> dict[str | None, int]:
    return dict(Target.objects.filter(station_id=station_id).values_list("category_id", "share"))


def _joined(several: Iterable[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    return [pair for pairs in several for pair in pairs]
