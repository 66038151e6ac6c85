"""Short answers after a command, with a way back where there is one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise


class Toast(NamedTuple):
    """One message on screen.  ``undo`` is the address to POST ``fields`` to, open for ten seconds."""

    text: str
    level: str
    undo: str = ""
    fields: Mapping[str, str] = {}


def toast(
    request: HttpRequest,
    text: str | Promise,
    *,
    undo: str = "",
    fields: Mapping[str, Any] | None = None,
    level: int = messages.SUCCESS,
) -> None:
    """Say ``text`` on the next page; with ``undo`` offer the way back as one POST of ``fields``."""
    back = (
        json.dumps({"undo": undo, "fields": {name: str(value) for name, value in (fields or {}).items()}})
        if undo
        else ""
    )
    messages.add_message(request, level, str(text), extra_tags=back)


def toasts(request: HttpRequest | None) -> list[Toast]:
    """Take the messages that wait for this request."""
    if request is None:
        return []
    found = []
    for message in messages.get_messages(request):
        try:
            back = json.loads(message.extra_tags or "{}")
        except ValueError:
            back = {}
        found.append(Toast(str(message.message), message.level_tag, back.get("undo", ""), back.get("fields", {})))
    return found
