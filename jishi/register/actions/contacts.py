"""A premises' contact: sealed when written, opened one at a time with a reason that is logged, purged on closing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jishi import privacy
from jishi.base.errors import Refused
from jishi.register.history import SUBJECT
from jishi.register.models import Contact, Element
from jishi.register.roles import require
from jishi.stations.models import Staff

MOST_REACH = 80


def _slot(contact_id: int) -> str:
    return f"contact:{contact_id}:reach"


@transaction.atomic
def set_contact(element: Element, *, role: str, reach: str, by: Staff, now: datetime | None = None) -> Contact:
    """Say how a role at these premises is reached; the former way is purged.

    Raises ``Refused("not_allowed" | "not_standing" | "missing" | "too_long" | "bad_role")``.
    """
    require(by, element.station_id, "contact")
    now = now or timezone.now()
    reach = reach.strip()
    if not reach:
        raise Refused("missing", field="reach")
    if len(reach) > MOST_REACH:
        raise Refused("too_long", field="reach", most=MOST_REACH)
    if role not in Contact.Role.values:
        raise Refused("bad_role", role=role)
    if not Element.objects.select_for_update().filter(pk=element.pk, status="active").exists():
        raise Refused("not_standing")
    Contact.objects.filter(element=element, role=role, purged_at=None).update(reach_sealed=None, purged_at=now)
    row = Contact.objects.create(element=element, role=role, set_at=now)
    row.reach_sealed = privacy.seal((SUBJECT, element.pk), _slot(row.pk), reach)
    row.save(update_fields=["reach_sealed"])
    return row


@transaction.atomic
def reveal_contact(element: Element, contact_id: int, *, reason: str, by: Staff) -> str:
    """Open one contact for somebody at work, and log that it was opened.

    Raises ``Refused("not_allowed" | "not_found" | "purged" | "reveal_reason")``.
    """
    require(by, element.station_id, "reveal")
    row = Contact.objects.filter(pk=contact_id, element=element).first()
    if row is None:
        raise Refused("not_found")
    if row.reach_sealed is None:
        raise Refused("purged")
    privacy.reveal((SUBJECT, element.pk), _slot(row.pk), reason=reason, by=by.pk)
    try:
        return privacy.open_sealed((SUBJECT, element.pk), _slot(row.pk), bytes(row.reach_sealed))
    except privacy.Unreadable as error:
        raise Refused("purged") from error


def purge_contacts(element_id: int, now: datetime) -> int:
    """Delete what is told about the contacts of an element, and the key that could read them in old copies."""
    gone = Contact.objects.filter(element=element_id, purged_at=None).update(reach_sealed=None, purged_at=now)
    privacy.destroy_keys([(SUBJECT, element_id)])
    return gone
