"""Where the live stream of this installation is, as the browser of a request sees it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

PATH = "/stream"


def stream_address(request: HttpRequest) -> str:
    """The address of the live stream; empty where there is none, and pages ask now and then instead."""
    env = settings.ENV
    if env.stream_url or not env.stream_port:
        return str(env.stream_url)
    try:
        host = urlsplit(f"//{request.get_host()}").hostname or ""
    except DisallowedHost:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{request.scheme}://{shown}:{env.stream_port}{PATH}"


def stream_origin(request: HttpRequest) -> str:
    """The origin of the live stream, for the policy of a page; empty where there is none."""
    parts = urlsplit(stream_address(request))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
