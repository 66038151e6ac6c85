"""The documents of the API: landing page, conformance, collections, and its description in OpenAPI 3.0.

Their words are English: programs read them, and the titles of collections bear both languages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from jishi.exchange.ogc.asked import MOST, PROPERTIES, USUAL
from jishi.exchange.ogc.collections import COLLECTIONS, Collection, Extent, interval_of

JSON, GEOJSON, OPENAPI = "application/json", "application/geo+json", "application/vnd.oai.openapi+json;version=3.0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
CONFORMS_TO = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")
)
TITLE = "Jishi register"
DESCRIPTION = (
    "The register of a station for GIS programs: places, organisations, things and areas; no people. "
    "Every request for data brings a token of a member of staff, as Authorization: Bearer or as the password of HTTP "
    "Basic, and sees what they may see."
)

Link = dict[str, str]


def link(rel: str, href: str, kind: str, title: str = "") -> Link:
    """A link as the standard writes it."""
    return {"rel": rel, "href": href, "type": kind, **({"title": title} if title else {})}


def landing(root: str) -> dict[str, Any]:
    """The landing page; ``root`` is its own address without the slash."""
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "links": [
            link("self", f"{root}/", JSON, "This page"),
            link("service-desc", f"{root}/api", OPENAPI, "The description of the API"),
            link("conformance", f"{root}/conformance", JSON, "What it conforms to"),
            link("data", f"{root}/collections", JSON, "The collections"),
        ],
    }


def collections(root: str, extents: Iterable[tuple[Collection, Extent]]) -> dict[str, Any]:
    """All collections."""
    return {
        "links": [link("self", f"{root}/collections", JSON, "This page")],
        "collections": [collection(root, each, extent) for each, extent in extents],
    }


def collection(root: str, each: Collection, extent: Extent) -> dict[str, Any]:
    """One collection: what it holds, where it lies and where its features are."""
    at = f"{root}/collections/{each.id}"
    told: dict[str, Any] = {
        "temporal": {"interval": interval_of(extent), "trs": GREGORIAN},
    }
    if extent.box is not None:
        told["spatial"] = {"bbox": [list(extent.box)], "crs": CRS84}
    return {
        "id": each.id,
        "title": each.title,
        "description": each.description,
        "itemType": "feature",
        "crs": [CRS84],
        "extent": told,
        "links": [
            link("self", at, JSON, each.title),
            link("items", f"{at}/items", GEOJSON, each.title),
        ],
    }


@cache
def openapi() -> str:
    """The description in OpenAPI 3.0; its server is the folder that it stands in."""
    paths: dict[str, Any] = {
        "/": _get("The landing page", "landingPage", open_to_all=True),
        "/conformance": _get("What the API conforms to", "conformance", open_to_all=True),
        "/api": _get("This description", "description", OPENAPI, open_to_all=True),
        "/collections": _get("The collections", "collections"),
    }
    for each in COLLECTIONS.values():
        at = f"/collections/{each.id}"
        paths[at] = _get(each.title, f"{each.id}.collection")
        paths[f"{at}/items"] = _get(each.description, f"{each.id}.items", GEOJSON, [_ref(name) for name in each.known])
        paths[f"{at}/items/{{featureId}}"] = _get(
            f"One of: {each.title}", f"{each.id}.item", GEOJSON, [_ref("featureId")]
        )
    return json.dumps(
        {
            "openapi": "3.0.3",
            "info": {"title": TITLE, "description": DESCRIPTION, "version": "1.0.0"},
            "servers": [{"url": "./"}],
            "security": [{"bearer": []}, {"basic": []}],
            "paths": paths,
            "components": {
                "parameters": PARAMETERS,
                "responses": {"Refused": _answer("What was wrong", JSON, EXCEPTION)},
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of a member of staff"},
                    "basic": {"type": "http", "scheme": "basic", "description": "Any name, the token as the password"},
                },
            },
        },
        ensure_ascii=False,
    )


def _get(
    summary: str, operation: str, kind: str = JSON, parameters: list[dict[str, Any]] | None = None, *,
    open_to_all: bool = False,
) -> dict[str, Any]:  # fmt: skip
    wrong = ("400",) if open_to_all else ("400", "401", "403", "404")
    return {
        "get": {
            "summary": summary,
            "operationId": operation,
            "parameters": [*(parameters or []), _ref("f")],
            "responses": {
                "200": _answer("What was asked for", kind, {"type": "object"}),
                **{status: {"$ref": "#/components/responses/Refused"} for status in wrong},
            },
            **({"security": []} if open_to_all else {}),
        }
    }


def _answer(words: str, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {kind: {"schema": schema}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _parameter(name: str, words: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "required": False, "schema": schema, **more}


EXCEPTION = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": {"type": "string"}, "description": {"type": "string"}},
}
_LIST = {"style": "form", "explode": False}
_WORDS = {
    "category": "Codes of categories; those below are included", "freshness": "never, fresh, due, overdue",
    "grade": "0 to 4: not graded, red, orange, yellow, blue", "area": "The code of an area",
    "station": "The code of a station",
}  # fmt: skip
PARAMETERS: dict[str, Any] = {
    "featureId": {
        "name": "featureId", "in": "path", "required": True, "schema": {"type": "string"},
        "description": "The number of an element, or the code of an area behind that of its station",
    },
    "f": _parameter("f", "The format", {"type": "string", "enum": ["json", "geojson"]}),
    "bbox": _parameter(
        "bbox", "west,south,east,north in degrees (CRS84)",
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}, **_LIST,
    ),
    "datetime": _parameter("datetime", "When an element was last changed: a time or an interval", {"type": "string"}),
    "limit": _parameter(
        "limit", "The most features of a page",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, style="form", explode=False,
    ),
    "cursor": _parameter("cursor", "Follow the link next instead of making one", {"type": "string"}),
    **{
        name: _parameter(name, _WORDS[name], {"type": "array", "items": {"type": "string"}}, **_LIST)
        if name in ("category", "freshness", "grade")
        else _parameter(name, _WORDS[name], {"type": "string"})
        for name in PROPERTIES
    },
}  # fmt: skip
