"""Every read of this room: one's own notices, and the failed deliveries of a station."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from jishi.base.listing import Page, page_of
from jishi.notify.channels import Failed, sms
from jishi.notify.models import Channel, Delivery, DeliveryState, Preference
from jishi.stations.models import Role, Staff, Station
from jishi.stations.queries import access_of, visible_to

#: Who looks after what could not be delivered.
KEEPERS = frozenset({Role.CHIEF, Role.DEPUTY, Role.DESK, Role.ADMINISTRATOR})
_UNREAD = "SELECT count(*), max(id) FROM notify_delivery WHERE staff_id = %s AND channel = 'app' AND read_at IS NULL"


def inbox(staff: Staff, *, unread: bool = False) -> QuerySet[Delivery]:
    """One's own notices, each once."""
    rows = Delivery.objects.filter(staff=staff, channel=Channel.APP, state=DeliveryState.SENT)
    return rows.filter(read_at__isnull=True) if unread else rows


def inbox_page(staff: Staff, query: QueryDict, *, unread: bool) -> Page:
    """One page of one's own notices, the newest first."""
    return page_of(
        inbox(staff, unread=unread).select_related("notice"), order="-pk", query=query, size=40, counted=False
    )


class Unread(NamedTuple):
    """How many notices of one's own are unread, and the newest of them (0 where there is none)."""

    number: int
    newest: int


def unread_of(staff: Staff) -> Unread:
    """What is unread; from its index alone, since every page shows it."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [staff.pk])
        count, newest = cursor.fetchone()
    return Unread(count, newest or 0)


def newest_unread(staff: Staff, after: int, most: int) -> list[Delivery]:
    """The unread notices that came after the one with this id, the newest first."""
    return list(inbox(staff, unread=True).filter(pk__gt=after).select_related("notice").order_by("-pk")[:most])


def failed(user: Staff, station: Station) -> QuerySet[Delivery]:
    """The deliveries of a station that failed for good and that nobody has given up."""
    here = visible_to(user).filter(pk=station.pk)
    return Delivery.objects.filter(state=DeliveryState.DEAD, notice__station__in=here)


def failed_page(user: Staff, station: Station, query: QueryDict) -> Page:
    """One page of the deliveries that failed, the newest first."""
    rows = failed(user, station).select_related("notice", "staff", "endpoint")
    return page_of(rows, order="-pk", query=query, size=50)


def keeps_failed(user: Staff, station: Station | None) -> bool:
    """Whether somebody looks after what could not be delivered at this station."""
    return station is not None and bool(access_of(user).roles(station.pk) & KEEPERS)


def preference_of(staff: Staff) -> Preference:
    """What somebody has chosen; an unsaved one where they have chosen nothing."""
    return Preference.objects.filter(staff=staff).first() or Preference(staff=staff)


def mobile_end(staff: Staff) -> str:
    """The last four digits of the number at which somebody is texted; empty where there is none to be read."""
    try:
        return sms.number_of(staff.pk)[-4:]
    except Failed:
        return ""
