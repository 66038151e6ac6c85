"""The page of the map: what the filters leave, drawn and as a table, and what lies in a polygon."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.views.decorators.http import require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.listing import CAP, PARAMETER
from jishi.base.middleware import policy
from jishi.geo import polygons
from jishi.register import basemap, layers
from jishi.register.labels import FRESHNESS
from jishi.register.map_frame import bounds_of, words
from jishi.register.models import Element
from jishi.register.queries.filters import Filters, page_of_elements, read_filters, rows_of
from jishi.register.queries.places import ids_inside
from jishi.register.views.choices import area_choices
from jishi.register.views.going import address
from jishi.register.views.listing import chips_of, filter_choices
from jishi.register.views.place import asked_station, station_of, user_of
from jishi.register.views.words import places
from jishi.stations.models import Station

ROWS = 20
MOST_LISTED = 200
MOST_CORNERS = 1_000


def pictured(response: HttpResponse) -> HttpResponse:
    """A page with a map: it may ask the operator's tile service for pictures, where there is one."""
    if origins := basemap.origins():
        response["Content-Security-Policy"] = policy(*origins)
    return response


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """``register/map/``: where everything is."""
    station, user = station_of(request), user_of(request)
    filters = read_filters(request.GET)
    found = page_of_elements(user, station.pk, filters, request.GET, ROWS)
    unplaced = rows_of(user, station.pk, filters).filter(quad__isnull=True).order_by()[: CAP + 1].count()
    asked = request.GET.copy()
    asked.pop(PARAMETER, None)
    areas = area_choices(user, station)
    context = {
        "nav_here": "register",
        "places": places("map"),
        "address": address,
        "page": found,
        "filters": filters,
        "unplaced": unplaced,
        "unplaced_capped": unplaced > CAP,
        "asked": asked.urlencode(),
        "config": map_config(station, filters, asked),
        "station": station,
        "at": timezone.now(),
        "sort": "",
        "box": request.GET.get("bbox", "") if filters.box else "",
        "chips": chips_of(request.GET, filters, dict(areas)),
        "choices": filter_choices(areas),
        "filter_page": "register:map",
        "freshness_names": FRESHNESS,
    }
    return pictured(render(request, "register/map.html", context))


@login_required
@require_POST
def inside(request: HttpRequest) -> HttpResponse:
    """``register/map/inside/``: the elements in a polygon that was drawn, by the same filters."""
    station, user = asked_station(request), user_of(request)
    filters = read_filters(QueryDict(request.POST.get("asked", "")))
    keys = ids_inside(user, station.pk, filters, _polygon(request.POST.get("polygon", "")))
    listed = Element.objects.filter(pk__in=keys[:MOST_LISTED]).select_related("category").order_by("pk")
    context = {
        "rows": listed, "count": min(len(keys), CAP), "capped": len(keys) > CAP, "more": len(keys) > MOST_LISTED,
        "address": address, "freshness_names": FRESHNESS,
    }  # fmt: skip
    return render(request, "register/_map_inside.html", context)


def map_config(station: Station, filters: Filters, asked: QueryDict) -> dict[str, Any]:
    """What the page tells its map."""
    mark = f"station={station.code}"
    filtered = f"{mark}&{asked.urlencode()}" if asked else mark
    found = [_areas(station)]
    for layer in layers.layers():
        query = filtered if layer.filtered else mark
        found.append(_points(layer, query))
        if layer.cells is not None:
            found.append(_hexagons(layer, query))
    return {
        "mode": "explore", "language": _language(), "bounds": list(filters.box or bounds_of(station.pk, filters.area)),
        "base": basemap.described(), "layers": found, "words": words(),
    }  # fmt: skip


def _points(layer: layers.MapLayer, query: str) -> dict[str, Any]:
    tiles = reverse("register:layer_tile", args=[layer.key, 0, 0, 0]).replace("/0/0/0.", "/{z}/{x}/{y}.")
    found = {
        "key": layer.key, "label": str(layer.label), "kind": "points", "on": layer.on, "url": f"{tiles}?{query}",
        "card": reverse("register:card", args=[layer.key, 0]).replace("/0/", "/{id}/"),
        "ways": [way.described() for way in layer.ways()],
    }  # fmt: skip
    return {**found, "alarm": str(layer.alarm)} if layer.alarm else found


def _hexagons(layer: layers.MapLayer, query: str) -> dict[str, Any]:
    address = reverse("register:hexagons", args=[layer.key, 0]).replace("/0.", "/{resolution}.")
    return {
        "key": f"{layer.key}-hexagons", "label": str(layer.cells_label), "kind": "hexagons", "on": False,
        "url": f"{address}?{query}",
    }  # fmt: skip


def point_config(station: Station) -> dict[str, Any]:
    """What a form tells the map of its point, whose fields are those of ``forms.element.Position``."""
    return {
        "mode": "point", "language": _language(), "bounds": list(bounds_of(station.pk)), "base": basemap.described(),
        "layers": [_areas(station)], "words": words(),
        "fields": {"lon": "id_lon", "lat": "id_lat", "datum": "id_datum"},
    }  # fmt: skip


def _areas(station: Station) -> dict[str, Any]:
    return {
        "key": "areas", "label": pgettext("map", "Areas"), "kind": "areas", "on": True,
        "url": f"{reverse('register:outlines')}?station={station.code}",
    }  # fmt: skip


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-Hans"


def _polygon(text: str) -> polygons.Shape:
    try:
        found = json.loads(text)
        if sum(len(ring) for ring in found["coordinates"]) > MOST_CORNERS:
            raise polygons.NotAPolygon("broken_geometry")
        return polygons.parse(found)
    except (ValueError, TypeError, KeyError) as error:
        raise Refused("not_a_polygon") from error
