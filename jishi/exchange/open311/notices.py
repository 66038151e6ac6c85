"""That a matter could not be posted to an agency's system, or not be followed there: told to the station's desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from jishi.exchange.open311.models import Errand
from jishi.matters.outside import place_outside
from jishi.notify.actions import To, tell
from jishi.notify.kinds import Kind, Message, register, register_rules
from jishi.notify.models import Notice
from jishi.stations.crew import crew_of
from jishi.stations.models import Role

FAILED = "errand.failed"
RULE = "errand.desk"


def failed(errand: Errand, now: datetime) -> None:
    """Tell the desk, in the caller's transaction."""
    matter = errand.matter
    to = [To(staff, RULE) for staff in crew_of(matter.station_id).with_role(Role.DESK)]
    tell(FAILED, station=matter.station_id, subject=("errand", errand.pk), to=to, now=now, grade=matter.grade)


def write_failed(notices: list[Notice]) -> Mapping[int, Message]:
    """What the desk reads."""
    rows = Errand.objects.select_related("matter__category", "counterpart__agency").in_bulk(
        [notice.subject_id for notice in notices]
    )
    english = (get_language() or "").startswith("en")
    found = {}
    for notice in notices:
        errand = rows.get(notice.subject_id)
        if errand is None:
            continue
        category = errand.matter.category
        found[notice.pk] = Message(
            _("The system of %(agency)s could not be reached") % {"agency": errand.counterpart.agency.name},
            reverse("matters:page", args=[errand.matter.number]), number=errand.matter.number,
            category=(category.name_en if english else category.name_zh) if category else "",
            place=place_outside(errand.matter.place_name),
        )  # fmt: skip
    return found


register(Kind(FAILED, _l("A matter could not be sent to an agency's system"), "mine", write_failed))
register_rules({RULE: _l("You are at the desk: a matter could not be sent to an agency's system.")})
