"""The addresses of OGC API - Features under ``ogc/v1/``.  Only GET; errors are the standard's code and description."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from jishi.base.rest import Denied, iso
from jishi.exchange.ogc import documents
from jishi.exchange.ogc.asked import BadRequest, check_known, read_asked
from jishi.exchange.ogc.collections import COLLECTIONS, Collection
from jishi.exchange.ogc.documents import GEOJSON, JSON, link
from jishi.stations.bearer import staff_of, token_in
from jishi.stations.models import Staff

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


class _Absent(Exception):
    """There is no such collection or feature, or it is not the reader's to see."""


def _speaking(view: View, *, open_to_all: bool = False) -> View:
    """``view`` for GET alone, with a token where it is not open to all; every error as the standard says it."""

    @wraps(view)
    def spoken(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            response = _answered(view, request, open_to_all, parts)
        except BadRequest as wrong:
            response = _refused(400, "InvalidParameterValue", wrong.words)
        except _Absent:
            response = _refused(404, "NotFound", "There is nothing here, or it belongs to another station.")
        except Denied as denied:
            response = _refused(denied.status, "NotAuthorized", str(denied.detail))
        except Exception:
            logger.exception("%s %s failed", request.method, request.path)
            response = _refused(500, "ServerError", "This was our fault and was written down.")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return spoken


def _answered(view: View, request: HttpRequest, open_to_all: bool, parts: dict[str, str]) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        response = _refused(405, "MethodNotAllowed", "Only GET is spoken here.")
        response.headers["Allow"] = "GET, HEAD"
        return response
    if not open_to_all and staff_of(request, token_in(request)) is None:
        response = _refused(401, "NotAuthorized", "Send a valid token, as Bearer or as the password of HTTP Basic.")
        response.headers["WWW-Authenticate"] = 'Basic realm="Jishi", Bearer realm="Jishi"'
        return response
    return view(request, **parts)


def _landing(request: HttpRequest) -> HttpResponse:
    check_known(request)
    return _json(documents.landing(_root(request)))


def _conformance(request: HttpRequest) -> HttpResponse:
    check_known(request)
    return _json({"conformsTo": list(documents.CONFORMS_TO)})


def _description(request: HttpRequest) -> HttpResponse:
    check_known(request)
    return HttpResponse(documents.openapi(), content_type=documents.OPENAPI)


def _collections(request: HttpRequest) -> HttpResponse:
    check_known(request)
    user = _reader(request)
    return _json(documents.collections(_root(request), ((each, each.extent(user)) for each in COLLECTIONS.values())))


def _collection(request: HttpRequest, collection: str) -> HttpResponse:
    check_known(request)
    found = _one(collection)
    return _json(documents.collection(_root(request), found, found.extent(_reader(request))))


def _items(request: HttpRequest, collection: str) -> HttpResponse:
    found = _one(collection)
    page = found.page(_reader(request), read_asked(request, found.known))
    at = f"{_root(request)}/collections/{found.id}"
    links = [
        link("self", request.build_absolute_uri(), GEOJSON, "This page"),
        link("collection", at, JSON, found.title),
    ]
    if page.next:
        asked = {**request.GET.dict(), "cursor": page.next}
        links.append(link("next", f"{at}/items?{urlencode(asked)}", GEOJSON, "The page behind"))
    told: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": page.features,
        "links": links,
        "timeStamp": iso(timezone.now()),
        "numberReturned": len(page.features),
    }
    if page.matched is not None:
        told["numberMatched"] = page.matched
    return _json(told, GEOJSON)


def _item(request: HttpRequest, collection: str, feature: str) -> HttpResponse:
    check_known(request)
    found = _one(collection)
    told = found.feature(_reader(request), feature) if feature.isprintable() and len(feature) <= 90 else None
    if told is None:
        raise _Absent
    at = f"{_root(request)}/collections/{found.id}"
    links = [
        link("self", request.build_absolute_uri(request.path), GEOJSON, feature),
        link("collection", at, JSON, found.title),
    ]
    if found.id != "areas":
        page = request.build_absolute_uri(reverse("register:element", args=[feature]))
        links.append(link("alternate", page, "text/html", "The page of the element, for people"))
    return _json({**told, "links": links}, GEOJSON)


def _nothing(request: HttpRequest) -> HttpResponse:
    raise _Absent


def _one(name: str) -> Collection:
    found = COLLECTIONS.get(name)
    if found is None:
        raise _Absent
    return found


def _reader(request: HttpRequest) -> Staff:
    return cast(Staff, request.user)


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("exchange:ogc")).rstrip("/")


def _json(body: Any, kind: str = JSON) -> HttpResponse:
    return HttpResponse(json.dumps(body, ensure_ascii=False, separators=(",", ":")), content_type=kind)


def _refused(status: int, code: str, words: str) -> HttpResponse:
    response = _json({"code": code, "description": words})
    response.status_code = status
    return response


landing = _speaking(_landing, open_to_all=True)
conformance = _speaking(_conformance, open_to_all=True)
description = _speaking(_description, open_to_all=True)
collections = _speaking(_collections)
collection = _speaking(_collection)
items = _speaking(_items)
item = _speaking(_item)
nothing = _speaking(_nothing, open_to_all=True)
for _view in (landing, conformance, description, collections, collection, items, item, nothing):
    _view.csrf_exempt = True  # type: ignore[attr-defined]  # a wrong method is answered as the standard says
