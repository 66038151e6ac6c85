"""The duty roster: who is on by day and unit, who is on now, and where nobody is.

A roster is a plan and not a score: nothing here counts or compares what a member of staff works.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from jishi.stations.access import access_of, visible_to
from jishi.stations.crew import BUREAU_DUTY, LOOK_ON, crew_of
from jishi.stations.models import Bureau, Post, Role, Shift, Staff, Station, Unit, UnitKind
from jishi.stations.queries import Someone, visible_bureaux, zone_of

#: Whose roster it is.
Ground = Station | Bureau

EDITORS = frozenset({Role.CHIEF, Role.DEPUTY, Role.DESK, Role.ADMINISTRATOR})
#: Units that should never be without somebody: what nobody else owns comes to them.
WATCHED = (UnitKind.DESK, UnitKind.COMMAND)
#: So far ahead it is said where nobody is on duty, from this length on.
LOOK_AHEAD = timedelta(days=7)
LEAST_GAP = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One shift as the roster shows it.

    ``words`` are its hours; ``before`` says that it began before the week, ``told`` whether what comes in then reaches
    this person: not where they have no post there any more.
    """

    pk: int
    unit: int | None
    staff: int
    name: str
    starts: datetime
    ends: datetime
    words: str
    now: bool
    told: bool
    before: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A unit of the week; ``unit`` is None for the whole station, or the bureau."""

    unit: int | None
    name: str
    leads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands at one day and one unit: the shifts, and the stretches that nobody covers."""

    lines: tuple[Line, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """One row of the week: a cell for each column."""

    date: date
    today: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit and the stretches within the next days in which nobody of it is on duty; ``people`` are told then."""

    unit: int | None
    name: str
    stretches: tuple[tuple[datetime, datetime], ...]
    people: int


@dataclass(frozen=True, slots=True)
class Week:
    """The roster of one week."""

    monday: date
    columns: tuple[Column, ...]
    days: tuple[Day, ...]
    now: tuple[Line, ...] = ()
    gaps: tuple[Gap, ...] = ()
    empty: bool = False
    names: dict[int, str] = field(default_factory=dict)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + 6 * DAY


def ground_of(user: Someone, station: Station | None, bureau: str = "") -> Ground:
    """Whose roster is asked for: the station's, or a bureau's.  Raises ``Http404`` where this person sees none."""
    if bureau:
        return get_object_or_404(visible_bureaux(user), pk=int(bureau) if bureau.isdecimal() else 0)
    if station is None:
        above = visible_bureaux(user).first()
        if above is None:
            raise Http404
        return above
    if not access_of(user).sees(station.pk):
        raise Http404
    return station


def may_edit(user: Someone, ground: Ground) -> bool:
    """Whether this person plans the duty there."""
    access = access_of(user)
    if isinstance(ground, Bureau):
        return bool(access.bureau_roles.get(ground.pk, frozenset()) & set(BUREAU_DUTY))
    return bool(access.roles(ground.pk) & EDITORS)


def get_shift(user: Someone, pk: int) -> Shift:
    """One shift.  Raises ``Http404`` where this person does not see whose it is."""
    seen = Q(station__in=visible_to(user)) | Q(bureau__in=visible_bureaux(user))
    return get_object_or_404(Shift.objects.filter(seen).select_related("station", "bureau", "unit", "staff"), pk=pk)


def whose(shift: Shift) -> Ground:
    """The station or the bureau whose shift it is."""
    ground = shift.bureau or shift.station
    assert ground is not None  # by constraint
    return ground


def shifts_of(ground: Ground) -> QuerySet[Shift]:
    """All shifts of a station or a bureau, the first one first."""
    mine = Q(bureau=ground) if isinstance(ground, Bureau) else Q(station=ground)
    return Shift.objects.filter(mine).order_by("starts", "staff__username")


def people_of(ground: Ground) -> list[tuple[str, list[tuple[int, str]]]]:
    """Who can be put on duty: by unit, under its name; those without a unit under the station's or bureau's own."""
    mine = Q(bureau=ground) if isinstance(ground, Bureau) else Q(station=ground)
    rows = Post.objects.filter(mine, staff__is_active=True).order_by("unit__code", "staff__username")
    found: dict[str, dict[int, str]] = {}
    for unit, pk, name in rows.values_list("unit__name", "staff_id", "staff__name"):
        found.setdefault(unit or ground.name, {})[pk] = name
    return [(unit, list(people.items())) for unit, people in found.items()]


def works_at(staff: Staff, ground: Ground, unit: Unit | None = None) -> bool:
    """Whether an active member of staff has a post there; in a unit: one that is told of its work."""
    if isinstance(ground, Bureau):
        posts = staff.posts.filter(bureau=ground)
    else:
        posts = staff.posts.filter(station=ground)
    if unit is not None:
        posts = posts.filter(unit=unit).exclude(role__in=LOOK_ON)
    return staff.is_active and posts.exists()


def zone_at(ground: Ground) -> ZoneInfo:
    """The zone in which a roster is written."""
    return ZoneInfo(zone_of(ground if isinstance(ground, Station) else None))


def moment_at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The moment of a time on the wall; the later one where the clock skips it, the first where it comes twice."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    """What a clock on the wall shows at a moment, without its zone."""
    return at.astimezone(zone).replace(tzinfo=None)


def monday_of(text: str, today: date) -> date:
    """The Monday of the week that a day is in; of this week where ``text`` is no day of these years."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if abs(day.year - today.year) > 20:
        day = today
    return day - day.weekday() * DAY


def hours(starts: datetime, ends: datetime, zone: ZoneInfo, before: bool = False) -> str:
    """The hours of a shift: ``08:00–20:00``, ``20:00–next day 08:00``; from a day before it only says until when."""
    begin, end = wall(starts, zone), wall(ends, zone)
    days = (end.date() - begin.date()).days
    until = f"{end:%H:%M}"
    if days == 1 and end.time() == time(0):
        until = "24:00"
    elif days == 1:
        until = _("next day %(time)s") % {"time": until}
    elif days > 1:
        until = f"{end:%m-%d %H:%M}"
    if before:
        return _("until %(time)s") % {"time": f"{end:%H:%M}"}
    return f"{begin:%H:%M}–{until}"


def on_now(station_id: int, at: datetime) -> list[tuple[str, int | None]]:
    """Who is on duty at a station and in which unit, from what is remembered: no query in most requests."""
    crew = crew_of(station_id)
    on = [turn for turn in crew.turns if turn.starts <= at < turn.ends and turn.staff in crew.names]
    return [(crew.names[turn.staff], turn.unit) for turn in on]


def uncovered(
    covered: Iterable[tuple[datetime, datetime]], since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The stretches of at least an hour between ``since`` and ``until`` that no interval covers."""
    found, reached = [], since
    for starts, ends in [*sorted(covered), (until, until)]:
        if min(starts, until) - reached >= LEAST_GAP:
            found.append((reached, min(starts, until)))
        reached = max(reached, ends)
    return found


def week(ground: Ground, monday: date, now: datetime) -> Week:
    """The roster of the week that begins at ``monday``, who is on now, and where nobody is in the days to come."""
    zone = zone_at(ground)
    since, until = moment_at(monday, time(0), zone), moment_at(monday + 7 * DAY, time(0), zone)
    soon = now + LOOK_AHEAD
    near = Q(ends__gt=since, starts__lt=until) | Q(ends__gt=now, starts__lt=soon)
    shifts = list(shifts_of(ground).filter(near).select_related("staff"))
    told = _told(ground)
    lines = [_line(shift, zone, now, since, told) for shift in shifts]
    units = _units(ground)
    shown = [line for line in lines if line.starts < until and line.ends > since]
    columns = _columns(ground, units, shown)
    gaps = _gaps(ground, units, lines, now)
    return Week(
        monday,
        columns,
        tuple(_day(monday + place * DAY, columns, shown, gaps, zone, now, since) for place in range(7)),
        tuple(sorted((line for line in lines if line.now), key=lambda line: _order(units, line.unit))),
        gaps,
        empty=not any(not line.before for line in shown),
        names={unit.pk: unit.name for unit in units},
    )


def _told(ground: Ground) -> dict[int | None, frozenset[int]]:
    """Who is told of what comes to a unit; under None, of what comes to the station or the bureau at all."""
    if isinstance(ground, Bureau):
        posts = Post.objects.filter(bureau=ground, role__in=BUREAU_DUTY, staff__is_active=True)
        return {None: frozenset(posts.values_list("staff_id", flat=True))}
    crew = crew_of(ground.pk)
    everybody = frozenset(staff for people in crew.by_role.values() for staff in people)
    return {None: everybody, **{unit: frozenset(people) for unit, people in crew.members.items()}}


def _line(shift: Shift, zone: ZoneInfo, now: datetime, since: datetime, told: dict[int | None, frozenset[int]]) -> Line:
    before = shift.starts < since < shift.ends
    return Line(
        shift.pk,
        shift.unit_id,
        shift.staff_id,
        shift.staff.name,
        shift.starts,
        shift.ends,
        hours(shift.starts, shift.ends, zone, before),
        shift.starts <= now < shift.ends,
        shift.staff_id in told.get(shift.unit_id, frozenset()),
        before,
    )


def _units(ground: Ground) -> list[Unit]:
    """The units of a station: the desk and the command first."""
    if isinstance(ground, Bureau):
        return []
    first = {kind: place for place, kind in enumerate(WATCHED)}
    rows = Unit.objects.filter(station=ground)
    return sorted(rows, key=lambda unit: (first.get(UnitKind(unit.kind), len(first)), unit.code))


def _order(units: Sequence[Unit], unit: int | None) -> int:
    return next((place for place, each in enumerate(units) if each.pk == unit), -1)


def _columns(ground: Ground, units: Sequence[Unit], shown: Sequence[Line]) -> tuple[Column, ...]:
    """What the week has a column for: the whole, the desk and the command, and each unit with a shift."""
    if isinstance(ground, Bureau):
        return (Column(None, ground.name),)
    crew, used = crew_of(ground.pk), {line.unit for line in shown}
    whole = [Column(None, _("Whole station"))] if None in used else []
    return (
        *whole,
        *(
            Column(unit.pk, unit.name, tuple(crew.names[lead] for lead in crew.leads.get(unit.pk, ())))
            for unit in units
            if unit.pk in used or unit.kind in WATCHED
        ),
    )


def _gaps(ground: Ground, units: Sequence[Unit], lines: Sequence[Line], now: datetime) -> tuple[Gap, ...]:
    """Where nobody is on duty in the next days, in the units that should never be without somebody."""
    told = _told(ground)
    watched: list[tuple[int | None, str]] = [(None, ground.name)]
    if not isinstance(ground, Bureau):
        watched = [(unit.pk, unit.name) for unit in units if unit.kind in WATCHED and unit.active]
    gaps = []
    for unit, name in watched:
        people = told.get(unit, frozenset())
        on = [(line.starts, line.ends) for line in lines if line.unit in (None, unit) and line.staff in people]
        stretches = uncovered(on, now, now + LOOK_AHEAD)
        if stretches:
            gaps.append(Gap(unit, name, tuple(stretches), len(people)))
    return tuple(gaps)


def _day(
    day: date,
    columns: Sequence[Column],
    lines: Sequence[Line],
    gaps: Sequence[Gap],
    zone: ZoneInfo,
    now: datetime,
    since: datetime,
) -> Day:
    """One day: a shift stands where it begins, one from before the week on its first day."""

    def on(at: datetime) -> bool:
        return wall(max(at, since), zone).date() == day

    cells = []
    for column in columns:
        here = tuple(line for line in lines if line.unit == column.unit and on(line.starts))
        bare = [
            stretch
            for gap in gaps
            if gap.unit == column.unit
            for stretch in gap.stretches
            if stretch[1] > since and on(stretch[0])
        ]
        cells.append(Cell(here, tuple(hours(*stretch, zone) for stretch in bare)))
    return Day(day, wall(now, zone).date() == day, tuple(cells))
