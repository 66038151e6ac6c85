"""What every map says and shows first: its words, and the ground of a station."""

from __future__ import annotations

from django.db.models import Max, Min, Sum
from django.utils.translation import pgettext

from jishi.geo import quads
from jishi.register.models import Rollup
from jishi.stations.models import Area

CHINA = (73.5, 18.0, 135.1, 53.6)
#: About 200 m of margin around what is shown first.
MARGIN = 0.002


def words() -> dict[str, str]:
    """The words that the map itself says."""
    return {
        "title": pgettext("map", "Map"),
        "sources": pgettext("map", "Sources of the base map"),
        "marker": pgettext("map", "The point: move it with the arrow keys, 1 m each, 10 m with Shift"),
        "failed": pgettext("map", "Something could not be loaded. Check the connection and try again."),
        "letters": pgettext("map", "What the letters mean"),
        "cluster": pgettext("map", "several in one spot; come nearer to see each"),
        "hexagons": pgettext("map", "The number is the count; cells of 1 and 2 are not drawn."),
        "corners": pgettext("map", "{n} corners. Enter closes, Backspace takes one back."),
        "draw_how": pgettext("map", "Click for each corner; or move with the arrow keys, Space for a corner."),
        "without": pgettext("map", "This browser cannot draw the map. The table below says the same."),
    }


def bounds_of(station_id: int, area_id: int | None = None) -> tuple[float, float, float, float]:
    """West, south, east and north of the ground of a station, or of one area: by outlines, else by its elements."""
    areas = Area.objects.filter(station_id=station_id, west__isnull=False)
    one = areas.filter(pk=area_id) if area_id is not None else areas
    box = one.aggregate(w=Min("west"), s=Min("south"), e=Max("east"), n=Max("north"))
    if box["w"] is not None:
        return box["w"] - MARGIN, box["s"] - MARGIN, box["e"] + MARGIN, box["n"] + MARGIN
    level = 14
    squares = Rollup.objects.filter(station_id=station_id, level=level).values_list("quad").annotate(n=Sum("count"))
    tiles = [quads.tile_of(quad << 2 * (quads.LEVEL - level), level) for quad, count in squares if count > 0]
    if not tiles:
        return CHINA
    side = 1 << level
    west, north = quads.degrees_of(min(x for x, _y in tiles) / side, min(y for _x, y in tiles) / side)
    east, south = quads.degrees_of((max(x for x, _y in tiles) + 1) / side, (max(y for _x, y in tiles) + 1) / side)
    return west, south, east, north
