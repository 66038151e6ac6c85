"""The duty roster: putting somebody on duty, changing a shift, taking it off, copying a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from jishi.base.errors import Refused
from jishi.base.words import moment
from jishi.stations import crew, roster
from jishi.stations.models import Bureau, Post, Shift, Staff, Unit
from jishi.stations.roster import DAY, Ground

LONGEST_HOURS = 48
MOST_WEEKS = 12

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Repeated:
    """What copying a week led to: the new shifts, and who was left out for which reason."""

    made: tuple[int, ...]
    left_out: tuple[tuple[str, str], ...]


@transaction.atomic
def add_shift(
    ground: Ground, *, staff: Staff, starts: datetime, ends: datetime, by: Staff, unit: Unit | None = None
) -> Shift:
    """Put a member of staff on duty: in a unit, for the whole station, or at the bureau.  Raises ``Refused``."""
    _allow(by, ground)
    _lock([staff.pk])
    _check(ground, staff, unit, (starts, ends))
    shift = Shift(staff=staff, unit=unit, starts=starts, ends=ends)
    if isinstance(ground, Bureau):
        shift.bureau = ground
    else:
        shift.station = ground
    shift.save()
    _look_again()
    return shift


@transaction.atomic
def change_shift(
    shift: Shift, *, staff: Staff, starts: datetime, ends: datetime, by: Staff, unit: Unit | None = None
) -> Shift:
    """Let somebody else take a shift, or give it another unit or other hours.  Raises ``Refused``."""
    ground = roster.whose(shift)
    _allow(by, ground)
    _lock([staff.pk, shift.staff_id])
    _check(ground, staff, unit, (starts, ends), besides=shift.pk)
    shift.staff, shift.unit, shift.starts, shift.ends = staff, unit, starts, ends
    shift.save(update_fields=["staff", "unit", "starts", "ends"])
    _look_again()
    return shift


def drop_shift(shift: Shift, *, by: Staff) -> None:
    """Take a shift off the roster.  Raises ``Refused``."""
    drop_shifts(roster.whose(shift), [shift.pk], by=by)


def drop_shifts(ground: Ground, ids: Iterable[int], *, by: Staff) -> int:
    """Take several shifts of one roster off, and say how many there were.  Raises ``Refused``."""
    _allow(by, ground)
    gone, _each = roster.shifts_of(ground).filter(pk__in=list(ids)).delete()
    _look_again()
    return gone


@transaction.atomic
def repeat_week(ground: Ground, *, monday: date, weeks: int, by: Staff) -> Repeated:
    """Copy the shifts that begin in a week to the next ``weeks`` weeks, at the same times on the wall.

    Whoever is on duty then already, or has no post there any more, is left out; so copying twice changes nothing.
    Raises ``Refused``.
    """
    _allow(by, ground)
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused("too_many_weeks", most=MOST_WEEKS)
    zone = roster.zone_at(ground)
    since, until = (roster.moment_at(day, time(0), zone) for day in (monday, monday + 7 * DAY))
    shifts = list(roster.shifts_of(ground).filter(starts__gte=since, starts__lt=until).select_related("staff"))
    if not shifts:
        raise Refused("empty_week")
    people = sorted({shift.staff_id for shift in shifts})
    _lock(people)
    taken: dict[int, list[Span]] = defaultdict(list)
    for pk, starts, ends in Shift.objects.filter(staff__in=people, ends__gt=since).values_list(
        "staff_id", "starts", "ends"
    ):
        taken[pk].append((starts, ends))
    works = _posts(ground, people)
    fresh: list[Shift] = []
    left_out: list[tuple[str, str]] = []
    for later in range(1, weeks + 1):
        for shift in shifts:
            span = _moved(shift, later, zone)
            why = _why_not(shift, span, works, taken[shift.staff_id])
            if why:
                left_out.append((shift.staff.name, why))
                continue
            taken[shift.staff_id].append(span)
            fresh.append(
                Shift(
                    bureau_id=shift.bureau_id, station_id=shift.station_id, unit_id=shift.unit_id,
                    staff_id=shift.staff_id, starts=span[0], ends=span[1],
                )
            )  # fmt: skip
    made = Shift.objects.bulk_create(fresh)
    _look_again()
    return Repeated(tuple(shift.pk for shift in made), tuple(left_out))


def _allow(by: Staff, ground: Ground) -> None:
    if not roster.may_edit(by, ground):
        raise Refused("not_allowed")


def _lock(people: Iterable[int]) -> None:
    """Let nobody else plan these people until the transaction ends, so that two shifts of one person cannot cross."""
    list(Staff.objects.select_for_update(no_key=True).filter(pk__in=set(people)).order_by("pk").values_list("pk"))


def _check(ground: Ground, staff: Staff, unit: Unit | None, span: Span, besides: int | None = None) -> None:
    starts, ends = span
    zone = roster.zone_at(ground)
    if ends <= starts:
        raise Refused("shift_backwards")
    if roster.wall(ends, zone) - roster.wall(starts, zone) > timedelta(hours=LONGEST_HOURS):
        raise Refused("shift_too_long", hours=LONGEST_HOURS)
    if unit is not None and (isinstance(ground, Bureau) or unit.station_id != ground.pk or not unit.active):
        raise Refused("unit_of_other_station")
    if not roster.works_at(staff, ground):
        raise Refused("no_post_here", name=staff.name, place=ground.name)
    if unit is not None and not roster.works_at(staff, ground, unit):
        raise Refused("no_post_in_unit", name=staff.name, unit=unit.name)
    crossing = Shift.objects.filter(staff=staff, starts__lt=ends, ends__gt=starts).order_by("starts")
    other = next((shift for shift in crossing[:2] if shift.pk != besides), None)
    if other is not None:
        raise Refused("shifts_cross", name=staff.name, since=moment(other.starts), until=moment(other.ends))


def _posts(ground: Ground, people: Sequence[int]) -> set[tuple[int, int | None]]:
    """Where these people have a post there still: by unit, and under None anywhere."""
    posts = Post.objects.filter(staff__in=people, staff__is_active=True)
    at = posts.filter(bureau=ground) if isinstance(ground, Bureau) else posts.filter(station=ground)
    found: set[tuple[int, int | None]] = set()
    for staff, unit, works, role in at.values_list("staff_id", "unit_id", "unit__active", "role"):
        found |= {(staff, None), (staff, unit)} if works and role not in crew.LOOK_ON else {(staff, None)}
    return found


def _moved(shift: Shift, weeks: int, zone: ZoneInfo) -> Span:
    """The same times on the wall, some weeks later."""

    def later(at: datetime) -> datetime:
        there = roster.wall(at, zone) + timedelta(weeks=weeks)
        return roster.moment_at(there.date(), there.time(), zone)

    return later(shift.starts), later(shift.ends)


def _why_not(shift: Shift, span: Span, works: set[tuple[int, int | None]], taken: Sequence[Span]) -> str:
    """The code of what keeps a shift from being copied to these hours, or nothing."""
    if (shift.staff_id, shift.unit_id) not in works:
        return "no_post"
    if span[1] <= span[0]:
        return "skipped"
    return "on_duty" if any(starts < span[1] and ends > span[0] for starts, ends in taken) else ""


def _look_again() -> None:
    """Who is told follows the roster at once, and again once the change is in force."""
    crew.forget()
    transaction.on_commit(crew.forget)
