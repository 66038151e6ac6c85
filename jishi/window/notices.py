"""Who is told of a report in quarantine: the desk, which looks at it before its day is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext

from jishi.matters import catalogue
from jishi.matters.outside import place_outside
from jishi.notify.actions import To, tell
from jishi.notify.kinds import Kind, Message, register, register_rules
from jishi.notify.models import Notice
from jishi.stations.crew import crew_of
from jishi.window.models import Held

HELD = "window.held"


def tell_held(held: Held, now: datetime) -> None:
    """Tell the desk that a report waits in quarantine."""
    people = crew_of(held.station_id).of_unit(catalogue.ground(held.station_id).desk, now)
    to = [To(staff, HELD) for staff in people]
    tell(HELD, station=held.station_id, subject=("held", held.pk), to=to, now=now)


def write_held(notices: list[Notice]) -> Mapping[int, Message]:
    """What the desk reads."""
    rows = Held.objects.in_bulk([notice.subject_id for notice in notices])
    return {notice.pk: _message(rows[notice.subject_id]) for notice in notices}


def _message(held: Held) -> Message:
    category = catalogue.categories().get(held.category)
    waits = held.state == Held.State.WAITING
    return Message(
        _("A report from the window is held: it looks like a machine's"), reverse("window:held"), number=held.number,
        category=category.name if category else "", place=place_outside(held.place_name),
        due=held.release_at if waits else None, owed=pgettext("held report", "to look at") if waits else "",
    )  # fmt: skip


register(Kind(HELD, _l("A report from the window waits in quarantine"), "mine", write_held))
register_rules({HELD: _l("You work at the desk, which looks at reports in quarantine.")})
