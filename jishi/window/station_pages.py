"""The tabs of the desk's side that the station's part brings."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.window.doors import Page, register_page
from jishi.window.navigation import WINDOW_ROLES
from jishi.window.queries.appointments import count_booked
from jishi.window.queries.urgent import urgent_at


def _urgent(request: HttpRequest) -> int | None:
    station: Any = getattr(request, "station", None)
    return urgent_at(request.user, station.pk, "asked").count() if station else None


def _queue(request: HttpRequest) -> int | None:
    station: Any = getattr(request, "station", None)
    return count_booked(request.user, station, timezone.now()) if station else None


for page in (
    Page("urgent", 10, _("Urgent needs"), "window:urgent", WINDOW_ROLES, _urgent),
    Page("queue", 30, _("Queue at the counter"), "window:queue", WINDOW_ROLES, _queue),
    Page("counter", 40, _("Report for somebody"), "window:counter", WINDOW_ROLES),
    Page("notices", 50, pgettext_lazy("window", "Notices"), "window:desk_notices", WINDOW_ROLES),
    Page("survey", 60, _("Feeling of safety"), "window:desk_survey", WINDOW_ROLES),
):
    register_page(page)
