"""The tabs of the desk's side that this part of the room brings."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jishi.window.doors import Page, register_page
from jishi.window.navigation import WINDOW_ROLES
from jishi.window.queries.held import count_waiting


def _waiting(request: HttpRequest) -> int | None:
    station: Any = getattr(request, "station", None)
    return count_waiting(request.user, station.pk) if station else None


register_page(Page("held", 20, _("Quarantine"), "window:held", WINDOW_ROLES, _waiting))
