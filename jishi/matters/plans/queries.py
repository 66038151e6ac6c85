"""Every read of plans at work: the board of a run, what one person has to do, what a review asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.http import Http404

from jishi.matters import catalogue, loop
from jishi.matters.actions import actor_of
from jishi.matters.loop.plans import for_all
from jishi.matters.models import Matter, PlanItem, PlanRun, PlanTask
from jishi.matters.plans.catalogue import version_data
from jishi.matters.plans.written import Written, WrittenTask
from jishi.matters.queries.desk import Worker
from jishi.matters.tasks import OPEN
from jishi.stations.models import Agency, Staff

#: So many tasks, and items of reviews among them, stand on the desk.
ON_DESK = 12


@dataclass(frozen=True, slots=True)
class Card:
    """One task on the board, and the commands that the reader may give to it."""

    row: PlanTask
    written: WrittenTask
    unit: str
    waits_for: tuple[str, ...] = ()
    agency: str = ""
    verbs: frozenset[str] = frozenset()
    mine: bool = False

    @property
    def late(self) -> timedelta | None:
        """By how much it was finished too late."""
        ended = self.row.ended_at
        return ended - self.row.due if ended and self.row.state == "done" and ended > self.row.due else None


@dataclass(frozen=True, slots=True)
class Board:
    """A run as it stands."""

    run: PlanRun
    plan: Written
    cards: Sequence[Card]
    items: Sequence[PlanItem] = ()
    others: Sequence[PlanRun] = ()
    verbs: frozenset[str] = frozenset()
    columns: Mapping[str, Sequence[Card]] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.run.ended_at is None

    @property
    def over(self) -> int:
        """How many tasks are done or skipped."""
        return sum(1 for card in self.cards if card.row.state not in OPEN)

    @property
    def open(self) -> int:
        """How many tasks somebody still owes."""
        return len(self.cards) - self.over

    @property
    def mine(self) -> list[Card]:
        """The tasks that the reader can do something about now, what is due first before the rest."""
        found = [card for card in self.cards if card.mine and card.row.state in ("ready", "taken")]
        return sorted(found, key=lambda card: card.row.due)

    @property
    def next_due(self) -> datetime | None:
        """The deadline that comes first."""
        return min((card.row.due for card in self.cards if card.row.state in ("ready", "taken")), default=None)

    @property
    def ending_open(self) -> list[Card]:
        """The tasks that must be over before the plan may end, and are not."""
        return [card for card in self.cards if card.row.code in self.plan.ends_tasks and card.row.state in OPEN]


def board_of(user: Staff, matter: Matter, number: int | None = None) -> Board | None:
    """The run of this number on a matter, else the newest one; None where no plan ever ran on it."""
    runs = list(
        PlanRun.objects.filter(matter=matter).select_related("version", "started_by", "ended_by").order_by("-number")
    )
    if not runs:
        return None
    run = next((run for run in runs if run.number == number), runs[0])
    run.matter = matter  # what stands on the board asks for it
    plan = version_data(run.version_id)
    rows = list(PlanTask.objects.filter(run=run).select_related("person", "ended_by").order_by("position"))
    actor = actor_of(user, matter.station_id)
    state = loop.State(
        station=matter.station_id, state=matter.state, responsible_unit=matter.responsible_unit_id,
        open_tasks=matter.open_tasks, run=matter.run if run.ended_at is None else 0,
    )  # fmt: skip
    allowed = frozenset(loop.allowed(state, actor))
    cards = _cards(rows, plan, matter.station_id, actor, allowed)
    items = list(PlanItem.objects.filter(run=run).select_related("unit", "made_by", "done_by"))
    columns = {name: [card for card in cards if card.row.state in states] for name, states in COLUMNS.items()}
    return Board(run, plan, cards, items, runs, allowed, columns)


#: The columns of the board, by the states of their tasks.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ready": ("ready",), "taken": ("taken",), "waiting": ("waiting",), "over": ("done", "skipped"),
}  # fmt: skip


def _cards(
    rows: Sequence[PlanTask], plan: Written, station_id: int, actor: loop.Actor, allowed: frozenset[str]
) -> list[Card]:
    ground = catalogue.ground(station_id)
    wanted = [task.agency for task in plan.tasks if task.agency]
    agencies = _agency_names(ground.station.bureau_id, wanted)
    states = {row.code: row.state for row in rows}
    begun = {code for code, state in states.items() if state not in ("waiting", "ready")}
    followed = {code for task in plan.tasks if task.code in begun for code in task.after}
    found = []
    for row in rows:
        written = plan.task(row.code)
        if written is None:
            continue
        before = [plan.task(code) for code in written.after if states.get(code) in OPEN]
        found.append(
            Card(
                row, written, ground.unit_names.get(row.unit_id, ""),
                tuple(each.title for each in before if each), agencies.get(written.agency, ""),
                _verbs(row, actor, allowed) - (_BACK if row.code in followed else frozenset()),
                row.person_id == actor.id or (not row.person_id and row.unit_id in actor.units),
            )
        )  # fmt: skip
    return found


#: What is no longer offered once something that comes after a task has begun.
_BACK = frozenset({"reopen_task"})
_ACTS: Mapping[str, frozenset[str]] = {
    "waiting": frozenset({"skip_task", "hand_task"}),
    "ready": frozenset({"take_task", "finish_task", "skip_task", "hand_task"}),
    "taken": frozenset({"finish_task", "skip_task", "hand_task", "reopen_task"}),
    "done": frozenset({"reopen_task"}),
    "skipped": frozenset({"reopen_task"}),
}


def _verbs(row: PlanTask, actor: loop.Actor, allowed: frozenset[str]) -> frozenset[str]:
    if not for_all(actor) and row.unit_id not in actor.units:
        return frozenset()
    return _ACTS[row.state] & allowed


def _agency_names(bureau_id: int, codes: Sequence[str]) -> dict[str, str]:
    if not codes:
        return {}
    return dict(Agency.objects.filter(bureau=bureau_id, active=True, code__in=codes).values_list("code", "name"))


def tasks_for(user: Staff, matter_id: int, state: loop.State, states: Iterable[str]) -> list[tuple[str, str]] | None:
    """Code and title of the tasks in these states that this person may act on; None where there is none."""
    actor = actor_of(user, state.station)
    rows = PlanTask.objects.filter(run__matter=matter_id, run__ended_at=None, state__in=states).order_by("position")
    if not for_all(actor):
        rows = rows.filter(unit__in=actor.units)
    found = list(rows.values_list("code", "run__version_id"))
    titles = [(code, version_data(version).task(code)) for code, version in found]
    return [(code, written.title if written else code) for code, written in titles] or None


@dataclass(frozen=True, slots=True)
class Duty:
    """A task, or an item of a review, as it stands on the desk."""

    title: str
    number: str
    matter: str
    due: datetime
    started: datetime | None
    taken: bool = False
    drill: bool = False
    item: bool = False


def duties_of(worker: Worker) -> list[Duty]:
    """What plans and reviews ask of this person now, by deadline: one query, however much there is."""
    at = {"run__matter__station": worker.station}
    mine = Q(state="ready", unit__in=worker.queues) | Q(state="taken", person=worker.id)
    tasks = _duties(PlanTask.objects.filter(mine, **at).order_by(), "code", "started", F("state"))
    items = PlanItem.objects.filter(done_at=None, unit__in=worker.queues, **at).order_by()
    rows = tasks.union(_duties(items, "body", "made_at", Value("item")), all=True).order_by("due")
    return [
        Duty(row["words"] if row["stands"] == "item" else _title(row["of"], row["words"]), row["number"],
             row["title"], row["due"], row["begun"], row["stands"] == "taken", row["drill"], row["stands"] == "item")
        for row in rows[:ON_DESK]
    ]  # fmt: skip


def _duties(rows: QuerySet[Any], words: str, begun: str, stands: Any) -> QuerySet[Any, dict[str, Any]]:
    """Tasks and items under the same names, so that one query reads both."""
    text = Cast(F(words), TextField())
    return rows.values(
        "due", words=text, of=F("run__version"), number=F("run__matter__number"), title=F("run__matter__title"),
        begun=F(begun), stands=Cast(stands, TextField()), drill=F("run__drill"),
    )  # fmt: skip


def _title(version: int, code: str) -> str:
    written = version_data(version).task(code)
    return written.title if written else code


def item_of(user: Staff, matter: Matter, pk: int) -> PlanItem:
    """An item of a review of this matter.  Raises ``Http404``."""
    found = PlanItem.objects.filter(run__matter=matter, pk=pk).select_related("run").first()
    if found is None:
        raise Http404(pk)
    return found


def may_review(actor: loop.Actor) -> bool:
    """Whether somebody writes down what a review found: those who lead, and the desk."""
    return for_all(actor)


def may_do_item(actor: loop.Actor, item: Any) -> bool:
    """Whether somebody may say that an item is done: the people of its unit, and those who lead."""
    return for_all(actor) or item.unit_id in actor.units
