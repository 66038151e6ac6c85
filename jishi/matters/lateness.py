"""Who is told when a clock runs out: the people of each level of a ladder, and the rule that says why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from jishi.journal.chain import instant
from jishi.matters import telling
from jishi.matters.ladder import LEVELS, Step
from jishi.matters.loop import State
from jishi.matters.terms import Clock
from jishi.notify.actions import To, tell
from jishi.notify.kinds import register_rules
from jishi.stations.crew import Crew
from jishi.stations.models import Role

WARNED, LATE = "matter.warned", "matter.late"
#: Steps that come so much later than their moment were missed while nothing ran.
MISSED_MINUTES = 10
_WITH_THE_UNIT = frozenset({"pushed", "handling"})

register_rules(
    {
        "warned_handler": _("You or your unit have the matter, and its time runs out."),
        "warned_lead": _("You lead the unit that has the matter, or stand in for its lead, and its time runs out."),
        "warned_deputy": _("You are a deputy of the station, and the time of the matter runs out."),
        "warned_chief": _("You lead the station, and the time of the matter runs out."),
        "warned_bureau": _("You are on duty at the bureau, and the time of the matter runs out."),
        "late_handler": _("You or your unit have the matter, and its time has run out."),
        "late_lead": _("You lead the unit that has the matter, or stand in for its lead, and its time has run out."),
        "late_deputy": _("You are a deputy of the station. The time of the matter has run out, and nobody has acted."),
        "late_chief": _("You lead the station. The time of the matter has run out, and nobody has acted."),
        "late_bureau": _("You are on duty at the bureau. The time of the matter has run out, and nobody has acted."),
    }
)


def audience(level: str, matter: State, crew: Crew, now: datetime) -> dict[int, str]:
    """The people of one level of a matter's ladder, each with the level that they are told as.

    Where a level has nobody it is those of the next one that has somebody; where a unit has nobody, its leaders.
    """
    for each in LEVELS[LEVELS.index(level) :]:
        found = _people(each, matter, crew, now)
        if found:
            return found
    return {}


def _people(level: str, matter: State, crew: Crew, now: datetime) -> dict[int, str]:
    unit = matter.responsible_unit or 0
    if level == "handler":
        named = telling.persons(crew, matter.assignee if matter.state in _WITH_THE_UNIT else None)
        reached = named or telling.unit_crew(crew, unit, now)
        return {staff: how if how == telling.UNIT_EMPTY else level for staff, how in reached}
    return dict.fromkeys(_above(level, unit, crew, now), level)


def _above(level: str, unit: int, crew: Crew, now: datetime) -> tuple[int, ...]:
    if level == "lead":
        return crew.leads_of(unit)
    if level == "bureau":
        return crew.bureau_duty(now)
    return crew.with_role(Role.DEPUTY if level == "deputy" else Role.CHIEF)


def tell_late(
    matter_id: int, matter: State, taken: Iterable[tuple[Clock, Step, datetime]], crew: Crew, now: datetime
) -> None:
    """Tell all that steps of one matter's ladders name, in one message; it says what was missed."""
    if telling.is_silent():
        return
    steps = list(taken)
    kind = LATE if any(step.percent >= 100 for _clock, step, _at in steps) else WARNED
    word = kind.partition(".")[2]
    named = {level for _clock, step, _at in steps for level in step.levels}
    to = [
        To(staff, how if how == telling.UNIT_EMPTY else f"{word}_{how}")
        for level in LEVELS
        if level in named
        for staff, how in audience(level, matter, crew, now).items()
    ]
    clocks = {
        clock.kind: {
            "kind": clock.kind,
            "due": instant(clock.due),
            "percent": [step.percent for each, step, _at in steps if each.kind == clock.kind],
        }
        for clock, _step, _at in steps
    }
    facts = {"clocks": list(clocks.values()), "unit": matter.responsible_unit}
    if any((now - at).total_seconds() > MISSED_MINUTES * 60 for _clock, _step, at in steps):
        facts["missed"] = True
    tell(
        kind, station=matter.station, subject=("matter", matter_id), to=to, now=now, grade=matter.grade, facts=facts,
        inside_only=matter.drill,
    )  # fmt: skip
