"""The matters on the register's map: the open ones by grade and stage, and how many of a year lie in each hexagon."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from jishi.geo import mvt, quads
from jishi.matters import catalogue, labels
from jishi.matters.loop import STAGE_OF, STAGES
from jishi.matters.queries.scope import counted, visible_matters
from jishi.register.element_layer import GRADES
from jishi.register.layers import Letter, MapLayer, Way, register
from jishi.register.tiles import MOST, SINGLE_FROM, Square, cell_counts, clusters
from jishi.stations.models import Staff

#: So few matters in a tile are drawn one by one, however far away.
FEW = 60
YEAR = timedelta(days=365)
_POSITION = {stage: place for place, stage in enumerate(STAGES, start=1)}
_STAGE = {state: _POSITION[stage] for state, stage in STAGE_OF.items()}
_LETTERS = {
    "discover": pgettext_lazy("letter of a stage", "D"),
    "assess": pgettext_lazy("letter of a stage", "A"),
    "push": pgettext_lazy("letter of a stage", "P"),
    "handle": pgettext_lazy("letter of a stage", "H"),
    "feedback": pgettext_lazy("letter of a stage", "F"),
}


def matters_tile(user: Staff, station_id: int, _query: QueryDict, z: int, x: int, y: int) -> mvt.Layer:
    """The open matters of a tile, one by one where they are few or near; else how many, and how many overdue."""
    west, north = quads.degrees_of(x / (1 << z), y / (1 << z))
    east, south = quads.degrees_of((x + 1) / (1 << z), (y + 1) / (1 << z))
    rows = counted(user, station_id).exclude(state="closed").filter(
        lon__gte=west, lon__lt=east, lat__gt=south, lat__lte=north
    )  # fmt: skip
    found: list[tuple[Any, ...]] = list(rows.order_by().values_list("pk", "lon", "lat", "grade", "state", "next_due"))
    if len(found) > (MOST if z >= SINGLE_FROM else FEW):
        return clusters("matters", _squares(found, z), z)
    points = (
        (key, mvt.place_of(quads.quad_of(lon, lat), z), (grade, _STAGE[state]))
        for key, lon, lat, grade, state, _due in found
    )
    return mvt.layer_of("matters", ("g", "s"), points)


def _squares(rows: list[Any], z: int) -> list[Square]:
    now = timezone.now()
    sums: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for _key, lon, lat, _grade, state, due in rows:
        quad = quads.quad_of(lon, lat)
        x, y = quads.tile_of(quad, quads.LEVEL)
        late = state != "inherited" and due is not None and due < now
        square = sums[quads.tile_of(quad, min(quads.LEVEL, z + 3))]
        for place, value in enumerate((1, int(late), x, y)):
            square[place] += value
    return [(count, late, x // count, y // count) for count, late, x, y in sums.values()]


def matter_cells(user: Staff, station_id: int, _query: QueryDict, resolution: int) -> list[tuple[int, int]]:
    """The H3 cells of a resolution with how many matters of the last year were reported in each."""
    rows = counted(user, station_id).filter(reported_at__gte=timezone.now() - YEAR, cell__isnull=False)
    return cell_counts(rows, resolution)


def matter_card(user: Staff, key: int) -> tuple[str, dict[str, Any]]:
    """What stands at a point."""
    found = visible_matters(user).select_related("responsible_unit").filter(pk=key).first()
    if found is None:
        raise Http404(key)
    category = catalogue.categories().get(found.category_id or "")
    context = {
        "matter": found, "position": _STAGE[found.state], "category": category.name if category else "",
        "closed": found.state == "closed",
    }  # fmt: skip
    return "matters/_map_card.html", context


def ways() -> list[Way]:
    """Shape and colour say the grade, the letter the stage."""
    letters = [Letter(_POSITION[stage], labels.STAGES[stage], _LETTERS[stage]) for stage in STAGES]
    return [Way("grade", pgettext_lazy("map", "By grade"), "g", GRADES, "s", letters)]


register(
    MapLayer(
        key="matters", label=pgettext_lazy("map", "Open matters"), order=20, tile=matters_tile, card=matter_card,
        ways=ways, cells=matter_cells, cells_label=pgettext_lazy("map", "Matters of a year per hexagon"),
        alarm=pgettext_lazy("map", "of them overdue"), on=False,
    )
)  # fmt: skip
