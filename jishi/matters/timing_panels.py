"""What a matter's page shows of its time: what the unit asked for, and who was and will be reminded, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from jishi.base import words
from jishi.matters import labels, ladder
from jishi.matters.models import Escalation
from jishi.matters.queries.page import MatterPage
from jishi.matters.slots import Panel, register
from jishi.matters.terms import Clock
from jishi.stations.models import Staff


@dataclass(frozen=True, slots=True)
class Rung:
    """One step as it is shown: done when it was taken, next when it is armed, else it lies ahead."""

    percent: int
    levels: list[labels.Words]
    done: bool
    next: bool
    at: datetime | None
    people: list[str]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder of one clock that runs."""

    owed: labels.Words
    rungs: list[Rung]


def draw_ladders(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """The ladders of the clocks that run, the present one first; nothing where none has one."""
    present = page.clock_kind
    running = [clock for clock in page.state.clocks if clock.ladder and not clock.paused]
    if not running:
        return None
    running.sort(key=lambda clock: clock.kind != present)
    rows = list(
        Escalation.objects.filter(matter=page.row["id"], cycle=page.state.cycle)
        .order_by("pk")
        .values_list("clock", "percent", "fired_at", "told")
    )
    names = dict(Staff.objects.filter(pk__in={pk for row in rows for pk in row[3]}).values_list("pk", "name"))
    return {"ladders": [_ladder(clock, rows, names) for clock in running]}


def _ladder(clock: Clock, rows: list[tuple[str, int, datetime, list[int]]], names: Mapping[int, str]) -> Ladder:
    """The steps of a clock.  What was told of an earlier clock of the same kind is not told of this one."""
    taken = {
        percent: (at, told) for kind, percent, at, told in rows if kind == clock.kind and percent <= clock.timer_step
    }
    rungs: list[Rung] = []
    for step in ladder.steps_of(clock.ladder):
        done = step.percent <= clock.timer_step
        armed = not done and all(rung.done for rung in rungs)
        at, told = taken.get(step.percent, (None, [])) if done else (clock.timer_at if armed else None, [])
        said = [labels.LEVELS[level] for level in step.levels]
        people = [names[pk] for pk in told if pk in names]
        rungs.append(Rung(step.percent, said, done, armed, at, people))
    return Ladder(labels.CLOCKS[clock.kind], rungs)


def draw_request(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """What was asked for and waits for a leader; nothing where nothing was."""
    state = page.state
    if not state.asked:
        return None
    decides = bool({"extend", "suspend"} & set(page.verbs))
    return {
        "what": state.asked,
        "time": words.duration(timedelta(minutes=state.asked_minutes or 0)),
        "until": state.asked_until,
        "decides": decides,
    }


register(Panel("request", "matters/_request.html", draw_request, order=5, where="main"))
register(Panel("ladder", "matters/_ladder.html", draw_ladders, order=10))
