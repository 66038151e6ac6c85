"""What a matter's page says of those who hold a receipt of it: how many, and whether telling them worked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from jishi.matters.queries.page import MatterPage
from jishi.matters.slots import Panel, register
from jishi.notify.channels.words import says
from jishi.notify.models import Channel
from jishi.window.models import Letter, Receipt

MOST = 6


def draw(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """The receipts of this matter and their letters; None where nobody of the public holds one."""
    receipts = Receipt.objects.filter(matter=page.row["id"], purged_at=None)
    held = list(receipts.values_list("kind", "language"))
    if not held:
        return None
    kinds = Counter(kind for kind, _language in held)
    spoken = dict(settings.LANGUAGES)
    languages = sorted({str(spoken.get(language, language)) for _kind, language in held})
    letters = Letter.objects.filter(receipt__in=receipts).exclude(state=Letter.State.DROPPED).order_by("-pk")
    rows = [
        {
            "what": letter.get_what_display(), "state": letter.state, "says": letter.get_state_display(),
            "channel": Channel(letter.channel).label if letter.channel else "",
            "at": letter.ended_at or letter.created_at, "why": says(letter.error) if letter.error else "",
        }
        for letter in letters[:MOST]
    ]  # fmt: skip
    return {
        "reporters": kinds[Receipt.Kind.REPORTER.value], "followers": kinds[Receipt.Kind.FOLLOWER.value], "rows": rows,
        "languages": languages, "failed": any(row["state"] == Letter.State.DEAD for row in rows),
    }  # fmt: skip


register(Panel("receipts", "window/_receipts.html", draw, order=65))
