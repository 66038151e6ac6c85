"""What an officer is to look at next: due, overdue and never verified, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

from django.db.models import QuerySet

from jishi.register.cadence import DUE, NEVER, OVERDUE
from jishi.register.models import Element, Part
from jishi.register.queries.scope import Someone, elements_at

EARTH = 6_371_008.8  # metres, mean radius (IUGG)
MOST = 200
_STEPS = (0.005, 0.02, 0.08)


@dataclass(frozen=True, slots=True)
class Task:
    """An element to verify, or a part of one; ``metres`` away where a position was given."""

    element: Element
    part: Part | None = None
    metres: int | None = None

    @property
    def due_at(self) -> datetime | None:
        """The last moment of its cadence; None where nobody has looked yet."""
        return self.part.due_at if self.part else self.element.due_at

    @property
    def began(self) -> datetime | None:
        """When its cadence began."""
        return self.part.verified_at if self.part else self.element.verified_at


def worklist_of(
    user: Someone, station_id: int, now: datetime, *, near: tuple[float, float] | None = None, area: int | None = None,
    most: int = 50,
) -> list[Task]:  # fmt: skip
    """At most ``most`` tasks: with a position the nearest first, else by deadline, those never verified last."""
    rows = elements_at(user, station_id).filter(status="active").select_related("category", "area")
    parts = Part.objects.filter(active=True, element__in=rows).select_related("element__category", "element__area")
    if area is not None:
        rows, parts = rows.filter(area=area), parts.filter(element__area=area)
    waiting = rows.filter(freshness__in=(OVERDUE, DUE, NEVER))
    late = [
        Task(part.element, part) for part in (parts.filter(due_at__isnull=True) | parts.filter(due_at__lte=now))[:MOST]
    ]
    if near is None:
        tasks = [Task(element) for element in _by_deadline(waiting, most)] + late
        far = datetime.max.replace(tzinfo=now.tzinfo)
        return sorted(tasks, key=lambda task: (task.due_at is None, task.due_at or far, task.element.pk))[:most]
    found = [Task(element, None, _away(element, near)) for element in around(waiting, near, most)]
    found += [Task(task.element, task.part, _away(task.element, near)) for task in late if task.element.lon is not None]
    return sorted(found, key=lambda task: (task.metres if task.metres is not None else 1 << 30, task.element.pk))[:most]


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The distance of two points (longitude, latitude) on the sphere, by the haversine formula."""
    lon1, lat1, lon2, lat2 = map(radians, (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * asin(min(1, sqrt(h)))


def _by_deadline(rows: QuerySet[Element], most: int) -> list[Element]:
    found: list[Element] = []
    for freshness in (OVERDUE, DUE, NEVER):
        if len(found) < most:
            found += rows.filter(freshness=freshness).order_by("due_at", "pk")[: most - len(found)]
    return found


def around(rows: QuerySet[Element], near: tuple[float, float], most: int) -> list[Element]:
    """Enough of the nearest: boxes that grow until one holds ``most``."""
    lon, lat = near
    found: list[Element] = []
    for step in _STEPS:
        wide = step / max(0.1, cos(radians(lat)))
        box = rows.filter(lon__range=(lon - wide, lon + wide), lat__range=(lat - step, lat + step))
        found = list(box[: MOST * 20])
        if len(found) >= most:
            break
    return sorted(found, key=lambda element: _away(element, near) or 0)[:most]


def _away(element: Element, near: tuple[float, float]) -> int | None:
    if element.lon is None or element.lat is None:
        return None
    return round(metres_between((element.lon, element.lat), near))
