"""Places at the counter: what is free, the day's queue, and the number at the counter now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from jishi.privacy import keyed_hash
from jishi.stations.models import Staff, Station
from jishi.stations.queries import access_of, calendar_of
from jishi.window.hours import days_ahead, is_open, slots_of
from jishi.window.models import Appointment, CounterDay
from jishi.window.navigation import WINDOW_ROLES
from jishi.window.queries.services import Offered
from jishi.window.secrets import plain

PURPOSE = "window.appointment"
LONGEST_CODE = 20
STATES = Appointment.State


@dataclass(frozen=True, slots=True)
class Slot:
    """One half hour; ``free`` places, 0 where it is full."""

    starts: datetime
    free: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day: the half hours that can still be booked.  ``worked`` is False where the counter is shut."""

    day: date
    worked: bool
    slots: list[Slot]

    @property
    def free(self) -> int:
        """How many places are left."""
        return sum(slot.free for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Queue:
    """A day at the counter."""

    rows: list[Appointment]
    counts: dict[str, int]
    now_at: Appointment | None
    next_up: Appointment | None


def days_of(station: Station, offered: Offered, now: datetime) -> list[Day]:
    """The days for which places are given out."""
    calendar = calendar_of(station)
    days = days_ahead(calendar, now)
    rows = Appointment.objects.filter(station=station, service=offered.service, day__range=(days[0], days[-1]))
    taken = Counter(rows.exclude(state=STATES.CANCELLED).values_list("starts", flat=True))
    found = []
    for day in days:
        starts = slots_of(calendar, day)
        ahead = [each for each in starts if is_open(calendar, each, now)]
        slots = [Slot(each, max(0, offered.per_slot - taken[each])) for each in ahead]
        found.append(Day(day, bool(starts), slots))
    return found


def hash_of(code: str) -> str:
    """What is kept of a code, however it was typed."""
    return keyed_hash(PURPOSE, plain(code[:LONGEST_CODE]))


def find_appointment(station_id: int, code: str) -> Appointment | None:
    """The appointment of a code at this station."""
    rows = Appointment.objects.filter(station=station_id, code_hash=hash_of(code)).select_related("service")
    return rows.first()


def number_now(station_id: int, day: date) -> int | None:
    """The queue number that was called last, which the public may see."""
    rows = Appointment.objects.filter(station=station_id, day=day).exclude(called_at=None)
    return rows.order_by("-called_at", "-queue").values_list("queue", flat=True).first()


def appointments_at(user: Staff | AnonymousUser, station_id: int) -> QuerySet[Appointment]:
    """The appointments of a station where this person works behind the window."""
    if not access_of(user).roles(station_id) & WINDOW_ROLES:
        return Appointment.objects.none()
    return Appointment.objects.filter(station=station_id)


def queue_of(user: Staff | AnonymousUser, station_id: int, day: date) -> Queue:
    """The queue of a day, in the order of the half hours; what was cancelled is counted only."""
    rows = list(
        appointments_at(user, station_id).filter(day=day).select_related("service").order_by("starts", "queue")
    )  # fmt: skip
    counts = Counter(row.state for row in rows)
    waiting = [row for row in rows if row.state == STATES.BOOKED]
    called = [row for row in rows if row.state == STATES.CALLED]
    return Queue(
        [row for row in rows if row.state != STATES.CANCELLED], {state: counts[state] for state in STATES.values},
        called[-1] if called else None, waiting[0] if waiting else None,
    )  # fmt: skip


def count_booked(user: Staff | AnonymousUser, station: Station, now: datetime) -> int:
    """How many of today's places have not been called yet."""
    today = now.astimezone(calendar_of(station).zone).date()
    return appointments_at(user, station.pk).filter(day=today, state=STATES.BOOKED).count()


def counter_days(user: Staff | AnonymousUser, station_id: int, most: int = 14) -> list[CounterDay]:
    """What became of the appointments of the last days that were purged, as counts."""
    if not access_of(user).roles(station_id) & WINDOW_ROLES:
        return []
    rows = CounterDay.objects.filter(station=station_id).exclude(done=0, missed=0, cancelled=0)
    return list(rows.order_by("-day")[:most])
