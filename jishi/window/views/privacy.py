"""What is kept of what somebody sends: what, why, for how long, and what they may ask for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jishi.base.errors import Refused
from jishi.matters import catalogue
from jishi.privacy import consent
from jishi.window.actions.held import HELD_FOR, UNDO_FOR
from jishi.window.public import public, show

#: What stands beside the categories in the table of how long content is kept.
_BESIDE = ("default", "asked")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """``window/privacy/``: with the times that are in force now, and the texts that somebody agrees to."""
    keeps = catalogue.policy().keeps
    context = {
        "days": keeps["default"],
        "asked": keeps["asked"],
        "others": _others(),
        "held_hours": int(HELD_FOR.total_seconds() // 3600),
        "thrown_days": UNDO_FOR.days,
        "consents": [consent.current(purpose) for purpose in consent.purposes()],
    }
    return show(request, "window/privacy.html", context)


def _others() -> list[tuple[str, int]]:
    """The kinds of matters that are kept for another time than most, by their names."""
    keeps = catalogue.policy().keeps
    found = []
    for code, days in sorted(keeps.items()):
        if code in _BESIDE or days == keeps["default"]:
            continue
        try:
            found.append((catalogue.category(code).name, days))
        except Refused:  # a category that is gone: nothing is reported under it any more
            continue
    return found
