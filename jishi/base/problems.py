"""RFC 9457 problem details: how the API says that something was refused."""

from __future__ import annotations

import datetime
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

from jishi.base.errors import Refused
from jishi.base.sentences import sentence

MEDIA_TYPE = "application/problem+json"


def problem(refused: Refused) -> JsonResponse:
    """The problem document for ``refused``, with its facts under ``facts``."""
    facts = {name: _plain(value) for name, value in refused.facts.items()}
    return document(refused.status, refused.code, sentence(refused), facts=facts)


def document(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    """A problem document; ``code`` is a stable word, ``detail`` a sentence in the reader's language."""
    body = {
        "type": f"urn:jishi:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    return str(value)
