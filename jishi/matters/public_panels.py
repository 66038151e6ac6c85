"""What a matter's page shows of the public's side: the mark of an urgent need, and an appeal to the chief."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpRequest

from jishi.matters.queries.page import MatterPage
from jishi.matters.slots import Panel, register


def draw_urgent(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """The mark that a reporter asked for, with the desk's two answers to it; nothing once it was answered."""
    if page.state.urgent != "asked" or page.state.state == "closed":
        return None
    confirms = "mark_urgent" in page.verbs
    return {"confirms": confirms, "fields": {"version": page.state.version, "key": uuid4().hex} if confirms else {}}


def draw_appeal(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """That the reporter turned to the chief in this round."""
    return {"decides": "chief" in page.actor.roles} if page.state.appealed else None


register(Panel("appeal", "matters/_appeal.html", draw_appeal, order=3, where="main"))
register(Panel("urgent", "matters/_urgent.html", draw_urgent, order=4, where="main"))
