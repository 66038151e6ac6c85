"""The morning: everybody who works at a station is told what the day brings, once a day and station."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from jishi.matters.models import MorningSent
from jishi.matters.queries.desk import day_of
from jishi.notify.actions import To, tell
from jishi.stations.crew import LOOK_ON, crew_of
from jishi.stations.models import Staff, Station
from jishi.stations.queries import zone_of

#: So long after the morning the day is no longer told.
LATEST = timedelta(hours=12)


def send_mornings(now: datetime) -> int:
    """Tell what the day brings at each station where it has begun; returns at how many.

    After a time of being off only the day that runs is told, and not towards its end.
    """
    sent = set(MorningSent.objects.filter(day__gt=now.date() - timedelta(days=2)).values_list("station_id", "day"))
    begun = 0
    for station in Station.objects.order_by("pk"):
        here = now.astimezone(ZoneInfo(zone_of(station)))
        since = here - here.replace(hour=station.morning.hour, minute=station.morning.minute, second=0, microsecond=0)
        if timedelta(0) <= since < LATEST and (station.pk, here.date()) not in sent:
            begun += send_morning(station, here.date(), now)
    return begun


def send_morning(station: Station, day: date, now: datetime) -> bool:
    """Tell everybody of one station what this day brings them; False where it was told before.

    Whoever comes second, in another worker or after a crash, finds the row of the day and tells nobody.
    """
    with transaction.atomic(), timezone.override(zone_of(station)):
        _made, first = MorningSent.objects.get_or_create(station=station, day=day, defaults={"sent_at": now})
        if not first:
            return False
        crew = crew_of(station.pk)
        working = {staff for role, people in crew.by_role.items() if role not in LOOK_ON for staff in people}
        for staff in Staff.objects.filter(pk__in=working, is_active=True).order_by("pk"):
            counts = day_of(staff, station.pk, now)
            if any(counts.values()):
                to = [To(staff.pk, "your_day")]
                tell("matter.digest", station=station.pk, subject=("day", staff.pk), to=to, now=now, facts=counts)
    return True
