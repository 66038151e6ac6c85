"""Booking a place at the counter, giving it back, calling who is next, and forgetting a day once it is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from jishi.base.errors import Refused
from jishi.privacy import keyed_number
from jishi.stations.models import Staff, Station
from jishi.stations.queries import access_of, calendar_of, zone_of
from jishi.window.hours import is_open
from jishi.window.models import Appointment, CounterDay
from jishi.window.navigation import WINDOW_ROLES
from jishi.window.queries.appointments import PURPOSE, STATES, find_appointment, hash_of
from jishi.window.queries.services import Offered
from jishi.window.secrets import BITS, spelled

#: What the desk makes of an appointment, and in which states.
MOVES = {
    "call": ((STATES.BOOKED, STATES.MISSED), STATES.CALLED),
    "done": ((STATES.CALLED,), STATES.DONE),
    "missed": ((STATES.BOOKED, STATES.CALLED), STATES.MISSED),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Booked:
    """A place as it is given out, once: its code is kept nowhere."""

    queue: int
    code: str
    starts: datetime
    service: str


def book(station: Station, offered: Offered, starts: datetime, *, key: str, now: datetime) -> Booked:
    """Give out a place in a half hour.  The same ``key``, which nobody can guess, gets the same place again.

    Raises ``Refused``: ``slot_closed`` (no such half hour, or too late), ``slot_full``.
    """
    code = spelled(keyed_number(f"{PURPOSE}.code", f"{station.pk}:{key}", BITS))
    with transaction.atomic():
        day = starts.astimezone(ZoneInfo(zone_of(station))).date()
        row, _new = CounterDay.objects.get_or_create(station=station, day=day)
        row = CounterDay.objects.select_for_update().get(pk=row.pk)  # one at a time books a day of a station
        known = Appointment.objects.filter(code_hash=hash_of(code)).select_related("service").first()
        if known is not None:
            return Booked(known.queue, code, known.starts, known.service.name)
        if not is_open(calendar_of(station), starts, now):
            raise Refused("slot_closed")
        same = Appointment.objects.filter(station=station, service=offered.service, starts=starts)
        if same.exclude(state=STATES.CANCELLED).count() >= offered.per_slot:
            raise Refused("slot_full")
        row.last += 1
        row.save(update_fields=["last"])
        Appointment.objects.create(
            station=station, service=offered.service, day=day, starts=starts, queue=row.last,
            code_hash=hash_of(code), made_at=now,
        )  # fmt: skip
    return Booked(row.last, code, starts, offered.service.name)


def give_back(station: Station, code: str, *, now: datetime) -> Appointment:
    """Cancel the appointment of this code; again is harmless.

    Raises ``Refused``: ``appointment_unknown``, ``appointment_over`` (it was called, or its half hour has begun).
    """
    with transaction.atomic():
        found = find_appointment(station.pk, code)
        if found is None:
            raise Refused("appointment_unknown")
        if found.state == STATES.CANCELLED:
            return found
        if found.state != STATES.BOOKED or found.starts <= now:
            raise Refused("appointment_over")
        _moved(found, (STATES.BOOKED,), state=STATES.CANCELLED)
    return found


def move(pk: int, verb: str, *, by: Staff, now: datetime) -> Appointment:
    """Call somebody to the counter, or note that it is done or that nobody came: ``verb`` is one of ``MOVES``.

    Raises ``Refused``: ``not_found``, ``not_allowed``, ``appointment_moved`` (somebody else did meanwhile).
    """
    found = Appointment.objects.select_related("service").filter(pk=pk).first()
    if found is None or not access_of(by).sees(found.station_id):
        raise Refused("not_found")
    if not access_of(by).roles(found.station_id) & WINDOW_ROLES:
        raise Refused("not_allowed", command="queue")
    before, after = MOVES[verb]
    with transaction.atomic():
        _moved(found, before, state=after, **({"called_at": now} if verb == "call" else {}))
    return found


def days_over(now: datetime) -> Iterator[tuple[Station, list[date]]]:
    """The days that are over and still have appointments, of each station that has any."""
    for station in Station.objects.order_by("pk"):
        today = now.astimezone(ZoneInfo(zone_of(station))).date()
        days = Appointment.objects.filter(station=station, day__lt=today).order_by().values_list("day", flat=True)
        if found := sorted(set(days)):
            yield station, found


def forget_days(now: datetime) -> int:
    """Delete the appointments of days that are over, leaving how many were done, missed and cancelled.

    Whoever was booked and never called counts as not come.  Returns how many were deleted.
    """
    gone = 0
    for station, days in days_over(now):
        for day in days:
            with transaction.atomic():
                row = CounterDay.objects.select_for_update().get(station=station, day=day)
                rows = Appointment.objects.filter(station=station, day=day)
                counts = Counter(rows.values_list("state", flat=True))
                done = counts[STATES.DONE] + counts[STATES.CALLED]
                CounterDay.objects.filter(pk=row.pk).update(
                    done=F("done") + done, cancelled=F("cancelled") + counts[STATES.CANCELLED],
                    missed=F("missed") + counts[STATES.MISSED] + counts[STATES.BOOKED],
                )  # fmt: skip
                gone += rows.delete()[0]
    return gone


def _moved(found: Appointment, before: tuple[str, ...], **sets: object) -> None:
    if not Appointment.objects.filter(pk=found.pk, state__in=before).update(**sets):
        raise Refused("appointment_moved")
    found.refresh_from_db()
