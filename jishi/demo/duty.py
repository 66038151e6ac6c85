"""Who is on duty in the district, who leads its units, and two handovers: one signed by both, one that waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from jishi.demo.district import Crew
from jishi.demo.history import History
from jishi.matters.handover import actions as handover
from jishi.matters.handover import draft
from jishi.matters.handover.draft import Scope
from jishi.matters.models import Handover
from jishi.stations.models import Post, Shift, Staff, Unit
from jishi.stations.roster import DAY, moment_at, wall, zone_at

#: So long before and after the end of the history the roster is written.
WEEKS = 2
#: On this day after the end nobody of the command is on duty, so that the roster has something to warn of.
BARE = 4
MORNING, EVENING = time(8), time(20)
#: Who leads a unit: the first with this role in it.
_LEADS = {
    "command": "chief", "desk": "desk", "checking": "checker", "patrol": "officer", "community": "officer",
    "mediation": "officer", "fire": "officer",
}  # fmt: skip


def make_roster(crews: Sequence[Crew], until: datetime) -> None:
    """Write the roster of every station and mark the leads."""
    for crew in crews:
        today = wall(until, zone_at(crew.station)).date()
        shifts: list[Shift] = []
        for number in range(-7 * WEEKS, 7 * WEEKS):
            shifts += _of_day(crew, today + number * DAY, number)
        Shift.objects.bulk_create(shifts)
        leads = [(code, crew.staff.get(f"{role}:{code}", [])) for code, role in _LEADS.items()]
        for code, people in leads:
            for person in people[:1]:
                Post.objects.filter(staff=person, unit=crew.units[code]).update(lead=True)


def plan_handovers(history: History, until: datetime) -> None:
    """Let the desk of the first station change shifts, and its community officers begin to."""
    crew = history.crews[0]
    zone = zone_at(crew.station)
    today = wall(until, zone).date()
    changes = [moment_at(today - back * DAY, hour, zone) for back in (0, 1) for hour in (EVENING, MORNING)]
    change = next(each for each in changes if each < until - timedelta(hours=2))
    leaving, coming = crew.staff["desk:desk"][:2]

    def both_sign(at: datetime) -> None:
        page = _sign(crew, "desk", leaving, coming, "对讲机 3 台、车钥匙 2 把已清点。", at)
        handover.take_over(page, by=coming, now=at)

    def one_signs(at: datetime) -> None:
        comes, leaves = crew.staff["officer:community"][:2]
        _sign(crew, "community", leaves, comes, "和平里社区本周有两处路灯在修。", at)

    history.plan(change, both_sign)
    history.plan(until - timedelta(minutes=10), one_signs)


def _sign(crew: Crew, code: str, leaves: Staff, comes: Staff, note: str, at: datetime) -> Handover:
    scope = Scope(crew.station.pk, crew.units[code].pk)
    mine = draft.take(scope, leaves, draft.beginning(scope, leaves.pk, at), at)["moves"]
    return handover.hand_over(
        scope, by=leaves, to=comes, chosen=[row[0] for row in mine], notes={}, note=note, key=f"demo-{code}", now=at
    )


def _of_day(crew: Crew, day: date, number: int) -> list[Shift]:
    """The shifts that begin on one day: the desk and the patrol by day and night, the community on workdays."""
    staff = crew.staff
    leaders = staff.get("chief:command", []) + staff.get("deputy:command", [])
    patrol = staff.get("officer:patrol", []) + staff.get("auxiliary:patrol", [])
    shifts = _around_the_clock(crew, "desk", staff.get("desk:desk", []), day, number)
    shifts += _around_the_clock(crew, "patrol", patrol, day, number)
    if number != BARE:
        shifts.append(_shift(crew, "command", leaders[number % len(leaders)], day, MORNING, MORNING))
    if day.weekday() < 5:
        community = staff.get("officer:community", [])
        shifts.append(_shift(crew, "community", community[number % len(community)], day, MORNING, EVENING))
    return shifts


def _around_the_clock(crew: Crew, code: str, people: Sequence[Staff], day: date, number: int) -> list[Shift]:
    """Three or more take turns by day and night, two by whole days: nobody twice in a row."""
    if len(people) < 3:
        return [_shift(crew, code, people[number % len(people)], day, MORNING, MORNING)]
    by_day, by_night = people[2 * number % len(people)], people[(2 * number + 1) % len(people)]
    return [
        _shift(crew, code, by_day, day, MORNING, EVENING),
        _shift(crew, code, by_night, day, EVENING, MORNING),
    ]


def _shift(crew: Crew, code: str, person: Staff, day: date, begins: time, ends: time) -> Shift:
    unit: Unit = crew.units[code]
    last = day if ends > begins else day + DAY
    zone = zone_at(crew.station)
    return Shift(
        station=crew.station, unit=unit, staff=person, starts=moment_at(day, begins, zone),
        ends=moment_at(last, ends, zone),
    )  # fmt: skip
