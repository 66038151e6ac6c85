"""Where to go: addresses that may not be there, and back to where a form was sent from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme


def address(name: str, *arguments: Any) -> str:
    """The address of a view by its name; ``""`` where no room brings it."""
    try:
        return reverse(name, args=arguments or None)
    except NoReverseMatch:
        return ""


def back_to(request: HttpRequest, usual: str) -> str:
    """Where a form says to go on to, when that is a page of ours; else the usual address."""
    there = request.POST.get("next", "")
    if there and url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure()):
        return there
    return usual
