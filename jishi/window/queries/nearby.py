"""What is already known near a place: open matters of things outside, without words, number or exact point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.core import signing

from jishi.geo import cells
from jishi.matters import catalogue
from jishi.matters.loop import OPEN
from jishi.matters.models import Matter
from jishi.register.queries.worklist import metres_between
from jishi.window.catalogue import offer

MOST = 5
LOOKED_AT = 200
#: Points are given at the middle of cells of about 50 m, and distances in steps of 50 m.
SNAP, STEP = 11, 50
SALT = "jishi.window.nearby"
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Near:
    """A matter that is known: ``mark`` is what "me too" sends for it, good for an hour; ``metres`` is rounded up."""

    mark: str
    category: str
    area: str
    reported_at: datetime
    stage: str
    metres: int | None
    alike: bool


def known_nearby(
    station_id: int, now: datetime, *, lon: float | None, lat: float | None, element: int | None = None,
    category: str = "", guessed: tuple[str, ...] = (),
) -> list[Near]:  # fmt: skip
    """Open matters within reach of a point or at an element, those of a like category first.

    ``category`` is the one that was chosen; ``guessed`` are those that the words point to.
    """
    if element is None and (lon is None or lat is None):
        return []
    rows = Matter.objects.filter(
        station_id=station_id, state__in=sorted(OPEN), drill=False, reported_at__gte=now - timedelta(days=offer().days)
    )
    if lon is not None and lat is not None:
        rows = rows.filter(cell__in=cells.around(cells.cell_of(lon, lat)))
    else:
        rows = rows.filter(element=element)
    wanted = {category} if category else set(guessed)
    found = []
    for row in rows.select_related("area").order_by("-reported_at", "-pk")[:LOOKED_AT]:
        code = row.category_id or ""
        if not offer().shows_nearby(code):
            continue
        metres = _away(row, lon, lat)
        if (element is None or row.element_id != element) and (metres is None or metres > offer().metres):
            continue
        found.append((not _alike(code, wanted), metres or 0, _near(row, metres, _alike(code, wanted))))
    if wanted:
        found = [each for each in found if not each[0]]
    return [near for _other, _metres, near in sorted(found, key=lambda each: each[:2])[:MOST]]


def matter_behind(mark: str, station_id: int) -> Matter | None:
    """The open matter that a mark stands for; None where the mark is not ours or too old, or the matter is closed."""
    try:
        pk = int(signing.TimestampSigner(salt=SALT).unsign(mark[:100], max_age=HOUR))
    except (signing.BadSignature, ValueError):
        return None
    return Matter.objects.filter(pk=pk, station_id=station_id, state__in=sorted(OPEN)).first()


def mark_of(matter_id: int) -> str:
    """What stands for a matter on the page: no number, and worth nothing tomorrow."""
    return signing.TimestampSigner(salt=SALT).sign(str(matter_id))


def _near(row: Matter, metres: int | None, alike: bool) -> Near:
    category = catalogue.categories()[row.category_id or ""]
    return Near(
        mark_of(row.pk), category.name, row.area.name if row.area else "", row.reported_at, row.state, metres, alike
    )


def _away(row: Matter, lon: float | None, lat: float | None) -> int | None:
    """How far, from the middle of the small cell that it lies in, rounded up to steps of 50 m."""
    if lon is None or lat is None or row.lon is None or row.lat is None:
        return None
    snapped = cells.centre(cells.cell_of(row.lon, row.lat, SNAP))
    return STEP * max(1, ceil(metres_between(snapped, (lon, lat)) / STEP))


def _alike(code: str, wanted: set[str]) -> bool:
    """Whether a category is one of those, or stands under the same one."""
    rows = catalogue.categories()
    tops = {rows[each].parent_id or each for each in wanted if each in rows}
    return code in rows and (rows[code].parent_id or code) in tops
