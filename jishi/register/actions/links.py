"""Links between elements, and the parts of a place with a cadence of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.privacy import refuse_personal
from jishi.register.catalogue import MOST_DAYS
from jishi.register.models import Element, Link, Part
from jishi.register.roles import require
from jishi.stations.models import Staff


def link_elements(a: Element, b: Element, kind: str, *, by: Staff | None, now: datetime | None = None) -> Link:
    """Say how ``a`` stands to ``b``; the same again changes nothing.

    Raises ``Refused("not_allowed" | "link_itself" | "link_elsewhere" | "bad_kind" | "not_standing")``.
    """
    require(by, a.station_id, "link")
    if a.pk == b.pk:
        raise Refused("link_itself")
    if a.station_id != b.station_id:
        raise Refused("link_elsewhere")
    if kind not in Link.Kind.values:
        raise Refused("bad_kind", kind=kind)
    if "active" not in (a.status, b.status) or a.status != b.status:
        raise Refused("not_standing")
    found, _made = Link.objects.get_or_create(a=a, b=b, kind=kind, defaults={"by": by, "at": now or timezone.now()})
    return found


def unlink_elements(link: Link, *, by: Staff | None) -> None:
    """Take a link away."""
    require(by, link.a.station_id, "link")
    link.delete()


@transaction.atomic
def add_part(element: Element, *, name: str, cadence: int, by: Staff | None) -> Part:
    """Add a part of a place with a cadence in days; one that was dropped comes back.

    Raises ``Refused("not_allowed" | "missing" | "personal" | "bad_cadence" | "not_standing")``.
    """
    require(by, element.station_id, "part")
    name = " ".join(name.split())[:60]
    refuse_personal(name, "name")
    if not name:
        raise Refused("missing", field="name")
    if not 1 <= cadence <= MOST_DAYS:
        raise Refused("bad_cadence", most=MOST_DAYS)
    if element.status != "active" or element.kind != "place":
        raise Refused("not_standing")
    found, _made = Part.objects.update_or_create(
        element=element, name=name, defaults={"cadence": cadence, "active": True}
    )
    return found


def drop_part(part: Part, *, by: Staff | None) -> None:
    """Say that a part is there no more; its verifications stay in the history."""
    require(by, part.element.station_id, "part")
    Part.objects.filter(pk=part.pk).update(active=False)
