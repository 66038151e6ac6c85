"""This room's places in the shell: the bell."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from jishi.base.navigation import Tool, register_link, register_tool
from jishi.base.streaming import stream_address
from jishi.notify import queries
from jishi.notify.tickets import make_ticket
from jishi.stations.models import Staff


def stream_of(request: HttpRequest) -> str:
    """The address by which this reader's browser hears of news, with a ticket; empty where there is no stream."""
    address = stream_address(request)
    ticket = make_ticket(cast(Staff, request.user).pk, settings.SECRET_KEY) if address else ""
    return f"{address}?{urlencode({'ticket': ticket})}" if address else ""


def bell(request: HttpRequest) -> dict[str, Any]:
    """What the bell shows."""
    return {"unread": queries.unread_of(cast(Staff, request.user)), "stream": stream_of(request)}


register_link("notices", "notify:inbox")
register_tool(Tool("bell", "notify/_bell.html", bell))
