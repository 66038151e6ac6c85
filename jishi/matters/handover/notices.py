"""What the one who comes is told: a page waits for their signature."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jishi.matters import catalogue
from jishi.matters.handover.actions import KIND, RULE
from jishi.notify import kinds
from jishi.notify.kinds import Kind, Message
from jishi.notify.models import Notice


def write(notices: list[Notice]) -> dict[int, Message]:
    """The messages of handovers: the unit and three counts, no name and nothing of a matter."""
    return {notice.pk: _message(notice) for notice in notices}


def _message(notice: Notice) -> Message:
    unit = catalogue.ground(notice.station_id).unit_names.get(notice.facts.get("unit") or 0, "")
    counts = {"red": 0, "due": 0, "moves": 0, **notice.facts.get("counts", {})}
    return Message(
        title=_("A shift is handed over to you: look at the page and sign it"),
        path=reverse("matters:handover_page", args=[notice.subject_id]),
        place=unit or _("Whole station"),
        lines=(_("%(red)s red, %(due)s due in the next 12 hours, %(moves)s move to you.") % counts,),
    )


kinds.register(Kind(KIND, gettext_lazy("A shift is handed over"), "mine", write, personal=True))
kinds.register_rules({RULE: gettext_lazy("You are named as the one who takes the shift over.")})
