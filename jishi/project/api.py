"""The API: every room's part of it under ``/api/v1``, one token check before all, and its description in OpenAPI 3.1."""  # noqa: E501

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from ninja import NinjaAPI
from ninja.operation import Operation

from jishi.base.problems import MEDIA_TYPE
from jishi.base.rest import Problem, handle_errors, nothing_here, speaking_problems
from jishi.matters.api import agency_router as agencies
from jishi.matters.api import router as matters
from jishi.register.api import router as elements
from jishi.stations.api import router as stations
from jishi.stations.bearer import Bearer

DESCRIPTION = (
    "The closed loop of a station and its register.  Every call brings a token of a member of staff and sees and does "
    "what they may; under /agency it brings the key of an outside agency, and sees what was "
    "referred to it.  Errors are RFC 9457 problem details.  No answer holds a party, and nothing can be asked for by "
    "person."
)
#: What can go wrong besides the answer itself, by method.
PROBLEMS = {"get": ("401", "403", "404", "422"), "post": ("400", "401", "403", "404", "409", "413", "415", "422")}
COMMAND = "/commands/"


class Api(NinjaAPI):
    """Names each operation by its view."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """``list_matters``, ``push_matter`` …"""
        return str(operation.view_func.__name__)


api = Api(
    title="Jishi", version="1", description=DESCRIPTION, urls_namespace="api", docs_url=None, openapi_url=None, auth=Bearer(),  # noqa: E501
    servers=[{"url": "/api/v1"}],
)  # fmt: skip
handle_errors(api)
for _router in (matters, elements, stations, agencies):
    api.add_router("", _router)


@api.get("/openapi.json", auth=None, include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API."""
    return HttpResponse(
        description(), content_type="application/json", headers={"Cache-Control": "public, max-age=300"}
    )


@cache
def description() -> str:
    """The OpenAPI document: ninja's, with the headers and the problems that are the same everywhere."""
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    parts = document["components"]
    parts["schemas"]["Problem"] = Problem.model_json_schema()
    parts["headers"] = HEADERS
    parts["parameters"] = PARAMETERS
    parts["responses"] = {
        "Problem": {
            "description": "What was wrong",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return json.dumps(document, ensure_ascii=False)


def urls() -> tuple[list[Any], str, str]:
    """The addresses of the API; all of them, also those that do not exist, answer errors as problem documents."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = speaking_problems(pattern.callback)
    return [*patterns, re_path("", nothing_here, name="nothing")], app_name, namespace


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add to one operation what ninja cannot know of."""
    responses, parameters = operation["responses"], operation.setdefault("parameters", [])
    for parameter in parameters:
        _never_null(parameter["schema"])
    problem = {"$ref": "#/components/responses/Problem"}
    for status in PROBLEMS[method]:
        responses.setdefault(status, problem)
    if method == "post":
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
        for status in {"200", "201"} & responses.keys():
            responses[status]["headers"] = {"ETag": {"$ref": "#/components/headers/ETag"}}
        responses["200"]["headers"]["Idempotent-Replayed"] = {"$ref": "#/components/headers/IdempotentReplayed"}
    if COMMAND in path:
        parameters.append({"$ref": "#/components/parameters/IfMatch"})
        responses["428"] = problem
    if path in ("/matters/{number}", "/elements/{number}", "/agency/matters/{number}"):
        parameters.append({"$ref": "#/components/parameters/IfNoneMatch"})
        responses["200"]["headers"] = {"ETag": {"$ref": "#/components/headers/ETag"}}
        responses["304"] = {"description": "Not changed since that version"}


def _never_null(schema: dict[str, Any]) -> None:
    """A parameter may be left out, but there is no way to write null in an address."""
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    if kinds:
        [kind] = kinds
        schema.update(kind)


HEADERS = {
    "ETag": {"description": "The version of the matter or element, in quotation marks", "schema": {"type": "string"}},
    "IdempotentReplayed": {
        "description": "Present where the same key had done this before",
        "schema": {"type": "string", "enum": ["true"]},
    },
}
PARAMETERS = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Makes the call harmless to repeat: the same key gives the same result and changes nothing again",  # noqa: E501
        "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,100}$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The version that you saw; 409 with both versions where it has moved on, 428 where it is missing",  # noqa: E501
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The version that you have",
        "schema": {"type": "string"},
    },
}
