"""What the page of a thing in the register shows of its printed code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jishi.register.models import Element, Status
from jishi.register.slots import Panel, Tool, register, register_tool
from jishi.stations.models import Staff
from jishi.window.actions.labels import may_print
from jishi.window.models import Label


def draw(request: HttpRequest, element: Element) -> Mapping[str, Any] | None:
    """When its code was made, and the way to print it; None for whoever prints none."""
    if element.status != Status.ACTIVE or not may_print(cast(Staff, request.user), element.station_id):
        return None
    made_at = Label.objects.filter(element=element, revoked_at=None).values_list("made_at", flat=True).first()
    return {"number": element.number, "made_at": made_at, "here": request.station == element.station}  # type: ignore[attr-defined]


register(Panel("label", "window/_label_panel.html", draw, order=80, where="aside"))
register_tool(Tool("labels", _("Labels to scan"), "print", "window:labels", (), order=60))
