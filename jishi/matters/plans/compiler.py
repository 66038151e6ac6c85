"""What a written plan must hold before it may be used; each refusal names the row and the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.matters.plans.written import LEADING, Written, WrittenTask
from jishi.privacy import outside_law, refuse_personal
from jishi.stations.models import Role, UnitKind

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_TASKS = 40
LONGEST_MINUTES = 30 * 1440
_LENGTHS = {"title": 60, "ask": 200, "name": 60, "ends": 200}


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that cannot stay: ``row`` counts the tasks from 1, 0 is the plan itself."""

    row: int
    refused: Refused

    @property
    def reason(self) -> str:
        """What is wrong and what to do, in words."""
        return sentence(self.refused)


def check(plan: Written) -> None:
    """Raise ``Refused("plan_unfit")`` with the first flaw of the plan."""
    for flaw in flaws(plan):
        raise Refused("plan_unfit", row=flaw.row, reason=flaw.reason)


def flaws(plan: Written) -> list[Flaw]:
    """All that is wrong with a plan, in the order of its rows."""
    return [
        *_of_the_plan(plan),
        *(flaw for row, task in enumerate(plan.tasks, 1) for flaw in _of_a_task(plan, row, task)),
    ]


def _of_the_plan(plan: Written) -> Iterator[Flaw]:
    for name in ("name_zh", "name_en", "ends_zh", "ends_en"):
        yield from _words(0, name, getattr(plan, name), needed=True)
    if not plan.tasks:
        yield Flaw(0, Refused("plan_empty"))
    if len(plan.tasks) > MOST_TASKS:
        yield Flaw(0, Refused("plan_long", most=MOST_TASKS))
    codes = {task.code for task in plan.tasks}
    for code in plan.ends_tasks:
        if code not in codes:
            yield Flaw(0, Refused("plan_no_task", task=code))
    if plan.tasks and not plan.ends_tasks:
        yield Flaw(0, Refused("plan_no_end"))
    for role in plan.tell_roles:
        if role not in Role.values:
            yield Flaw(0, Refused("plan_no_role", role=role))
    for kind in plan.tell_units:
        if kind not in UnitKind.values:
            yield Flaw(0, Refused("plan_no_unit", unit=kind))


def _of_a_task(plan: Written, row: int, task: WrittenTask) -> Iterator[Flaw]:
    if not _CODE.fullmatch(task.code):
        yield Flaw(row, Refused("plan_bad_code", task=task.code))
    if any(other.code == task.code for other in plan.tasks[: row - 1]):
        yield Flaw(row, Refused("plan_twice", task=task.code))
    yield from _words(row, "title_zh", task.title_zh, needed=True)
    yield from _words(row, "title_en", task.title_en, needed=True)
    if task.owner not in (*UnitKind.values, *LEADING):
        yield Flaw(row, Refused("plan_no_unit", unit=task.owner))
    if not 0 < task.minutes <= LONGEST_MINUTES:
        yield Flaw(row, Refused("plan_bad_minutes"))
    known = {other.code for other in plan.tasks}
    for before in task.after:
        if before not in known:
            yield Flaw(row, Refused("plan_no_task", task=before))
    if _leads_back(plan, task.code):
        yield Flaw(row, Refused("plan_cycle", title=task.title))
    for name in ("ask_zh", "ask_en"):
        yield from _words(row, name, getattr(task, name), needed=bool(task.agency))


def _words(row: int, name: str, text: Any, needed: bool) -> Iterator[Flaw]:
    most = _LENGTHS[name.rpartition("_")[0]]
    if not isinstance(text, str) or (needed and not text.strip()):
        yield Flaw(row, Refused("plan_words_missing", field=name))
        return
    if len(text) > most:
        yield Flaw(row, Refused("too_long", field=name, most=most))
    if outside_law(text):
        yield Flaw(row, Refused("plan_outside_law", words=text))
    try:
        refuse_personal(text, name)
    except Refused as refused:
        yield Flaw(row, refused)


def _leads_back(plan: Written, code: str) -> bool:
    """Whether a task waits for itself, directly or by way of others."""
    before = {task.code: task.after for task in plan.tasks}
    seen: set[str] = set()
    waiting = list(before.get(code, ()))
    while waiting:
        each = waiting.pop()
        if each == code:
            return True
        if each not in seen:
            seen.add(each)
            waiting += before.get(each, ())
    return False
