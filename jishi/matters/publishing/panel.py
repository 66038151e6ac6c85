"""What a matter's page says of what the public sees of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from jishi.matters.publishing.actions import may_publish
from jishi.matters.queries.page import MatterPage
from jishi.matters.queries.published import NOTHING, published
from jishi.matters.slots import Panel, register


def draw(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """What stands for the public to see, and the way to change it; nothing to those who see and change nothing."""
    may = may_publish(page.actor) and not page.row["purged_at"]
    shown = published(page.row["id"]) if page.row["published"] else NOTHING
    if not may and shown == NOTHING:
        return None
    return {"number": page.number, "may": may, "shown": shown}


register(Panel("publishing", "matters/_published.html", draw, order=70))
