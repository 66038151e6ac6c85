"""What the map asks for while it is moved: tiles, hexagons, outlines, cards."""

from __future__ import annotations

import gzip
import json
from hashlib import blake2s
from typing import Any

import h3.api.basic_int as h3
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from jishi.geo import mvt, polygons
from jishi.register import layers, tiles
from jishi.register.views.going import address
from jishi.register.views.place import asked_station, user_of
from jishi.stations.models import Area

#: Fewer than so many in a cell are not drawn.
LEAST_IN_CELL = 3
RESOLUTIONS = range(5, 10)
LIGHT = 2


@login_required
@require_safe
def tile(request: HttpRequest, z: int, x: int, y: int, layer: str = "elements") -> HttpResponse:
    """``register/tiles/[<layer>/]<z>/<x>/<y>.mvt``: the points of one square of the map."""
    found = _layer(layer)
    if z > tiles.DEEPEST or max(x, y) >= 1 << z:
        raise Http404
    station = asked_station(request)
    points = found.tile(user_of(request), station.pk, request.GET, z, x, y)
    return _kept(request, mvt.encode([points]), "application/vnd.mapbox-vector-tile")


@login_required
@require_safe
def hexagons(request: HttpRequest, layer: str, resolution: int) -> HttpResponse:
    """``register/hexagons/<layer>/<resolution>.geojson``: counts by H3 cell, none below three."""
    found = _layer(layer)
    if found.cells is None or resolution not in RESOLUTIONS:
        raise Http404
    station = asked_station(request)
    counts = found.cells(user_of(request), station.pk, request.GET, resolution)
    kept = [(cell, count) for cell, count in counts if count >= LEAST_IN_CELL]
    most = max((count for _cell, count in kept), default=1)
    features = []
    for cell, count in kept:
        ring = [[round(lon, 6), round(lat, 6)] for lat, lon in h3.cell_to_boundary(cell)]
        lat, lon = h3.cell_to_latlng(cell)
        facts = {"n": count, "share": round(count / most, 4)}
        features += [
            _feature("Polygon", [[*ring, ring[0]]], facts),
            _feature("Point", [round(lon, 6), round(lat, 6)], facts),
        ]
    return _geojson(request, features)


@login_required
@require_safe
def outlines(request: HttpRequest) -> HttpResponse:
    """``register/areas.geojson``: the outlines of the station's areas, and a point for each name."""
    station = asked_station(request)
    features = []
    areas: Any = Area.objects.filter(station=station, polygon__isnull=False).order_by("code")
    for name, outline in areas.values_list("name", "polygon"):
        features.append(_feature(outline["type"], outline["coordinates"], {"name": name}))
        middle = polygons.parse(outline).representative_point()
        features.append(_feature("Point", [round(middle.x, 6), round(middle.y, 6)], {"name": name}))
    return _geojson(request, features)


@login_required
@require_safe
def card(request: HttpRequest, layer: str, key: int) -> HttpResponse:
    """``register/map/card/<layer>/<id>/``: what stands at a point, in short."""
    template, context = _layer(layer).card(user_of(request), key)
    return render(request, template, {**context, "address": address})


def _layer(key: str) -> layers.MapLayer:
    found = layers.layer(key)
    if found is None:
        raise Http404(key)
    return found


def _feature(kind: str, coordinates: Any, facts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": facts, "geometry": {"type": kind, "coordinates": coordinates}}


def _geojson(request: HttpRequest, features: list[dict[str, Any]]) -> HttpResponse:
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    return _kept(request, content.encode(), "application/geo+json")


def _kept(request: HttpRequest, content: bytes, media_type: str) -> HttpResponse:
    """The answer, packed where that is understood; a browser asks again each time, and gets it only if it changed."""
    tag = quote_etag(blake2s(content, digest_size=10).hexdigest())
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(content, content_type=media_type)
        if "gzip" in request.headers.get("Accept-Encoding", "") and len(content) > 200:
            response.content = gzip.compress(content, LIGHT)
            response["Content-Encoding"] = "gzip"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response
