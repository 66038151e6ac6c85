"""The plans in force at a station: its own over those that ship with Jishi; small, remembered for a minute."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from django.db.models import F, Max, Q

from jishi.base.errors import Refused
from jishi.matters import catalogue
from jishi.matters.models import Plan, PlanVersion
from jishi.matters.plans.compiler import check
from jishi.matters.plans.written import LEADING, Written, read
from jishi.matters.tasks import Step
from jishi.stations.remember import Remembered


@dataclass(frozen=True, slots=True)
class InForce:
    """The newest version of a plan that a station goes by."""

    code: str
    version_id: int
    version: int
    category: str
    grade: int
    own: bool
    plan: Written


def in_force(station_id: int) -> Sequence[InForce]:
    """The plans that the station goes by, in the order of the catalogue's categories, the gravest grade first."""
    return _in_force.get(station_id)


def plan_of(station_id: int, code: str) -> InForce:
    """The plan of this code.  Raises ``Refused("plan_unknown")``."""
    for _again in range(2):
        for found in in_force(station_id):
            if found.code == code:
                return found
        forget()
    raise Refused("plan_unknown", plan=code)


def match(station_id: int, category: str | None, grade: int) -> InForce | None:
    """The plan for a category and grade: the most exact one; the category before its parents, the grade before any."""
    return next(_matching(in_force(station_id), category, grade), None)


def _matching(plans: Sequence[InForce], category: str | None, grade: int) -> Iterator[InForce]:
    known = catalogue.categories()
    code = category
    while code:
        for wanted in (grade, 0):
            fitting = [plan for plan in plans if (plan.category, plan.grade) == (code, wanted)]
            yield from sorted(fitting, key=lambda plan: not plan.own)
        above = known.get(code)
        code = above.parent_id if above else None


def version_data(version_id: int) -> Written:
    """The plan as one version has it."""
    return _written.get(version_id)


def steps_of(station_id: int, plan: Written) -> tuple[Step, ...]:
    """The plan's tasks with the unit that each owner comes to; the desk where the station has none of a kind."""
    return tuple(
        Step(task.code, owner_unit(station_id, task.owner), task.minutes, task.after, task.optional)
        for task in plan.tasks
    )


def owner_unit(station_id: int, owner: str) -> int:
    """The unit of the station that an owner stands for."""
    ground = catalogue.ground(station_id)
    if owner in LEADING:
        return ground.command
    return next((unit for unit, kind in ground.units.items() if kind == owner), ground.desk)


def newest_versions(station_id: int) -> list[PlanVersion]:
    """The newest version of each plan that the station may see: its own and the shipped ones, in use or not."""
    return list(
        PlanVersion.objects.filter(Q(plan__station=station_id) | Q(plan__station=None))
        .annotate(newest=Max("plan__versions__version"))
        .filter(version=F("newest"))
        .select_related("plan", "plan__category")
        .order_by("plan__category__position", "plan__category_id", "plan__grade", "plan__code", "pk")
    )


def seed_plans() -> None:
    """Put the plans that ship with Jishi into the database, where there are none of that code."""
    known = set(Plan.objects.filter(station=None).values_list("code", flat=True))
    for code, category, grade, plan in shipped():
        if code not in known:
            check(plan)
            made = Plan.objects.create(code=code, category_id=category, grade=grade)
            PlanVersion.objects.create(plan=made, version=1, data=plan.as_data())
    forget()


def shipped() -> Iterator[tuple[str, str, int, Written]]:
    """Code, category, grade and words of the plans that ship."""
    text = resources.files("jishi.matters").joinpath("catalog", "plans.toml").read_text(encoding="utf-8")
    for row in tomllib.loads(text)["plan"]:
        code, category, grade, tasks = (row.pop(name) for name in ("code", "category", "grade", "task"))
        yield code, category, grade, read({**row, "tasks": tasks})


def forget() -> None:
    """Look again from now on."""
    _in_force.forget()
    _written.forget()


def _load(station_id: int) -> list[InForce]:
    rows = [each for each in newest_versions(station_id) if each.plan.active]
    own = {each.plan.code for each in rows if each.plan.station_id}
    return [
        InForce(
            each.plan.code, each.pk, each.version, each.plan.category_id, each.plan.grade,
            each.plan.station_id is not None, read(each.data),
        )
        for each in rows if each.plan.station_id or each.plan.code not in own
    ]  # fmt: skip


def _read_version(version_id: int) -> Written:
    return read(PlanVersion.objects.values_list("data", flat=True).get(pk=version_id))


_in_force: Remembered[int, Sequence[InForce]] = Remembered(_load)
_written: Remembered[int, Written] = Remembered(_read_version)
catalogue.also_forget(forget)
