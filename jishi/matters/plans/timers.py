"""The clocks of tasks: told of at 80 and at 100 per cent, each once, whatever the worker was doing meanwhile."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jishi.jobs.registry import every
from jishi.journal import actions as journal
from jishi.matters.models import PlanTask
from jishi.matters.plans.running import OF_TASK, WARN, watched
from jishi.matters.plans.telling import tell_of_clock
from jishi.matters.tasks import Task

SUBJECT = "plan_task"
AT_ONCE = 200


@every(1, "matters.plan_timers")
def look() -> None:
    """Tell of the tasks whose time runs out."""
    tell_due(timezone.now())


@transaction.atomic
def tell_due(now: datetime) -> int:
    """Tell of up to 200 tasks whose moment has come; returns how many there were.

    The station's turn to append comes before the rows, as in a command: no two of them wait for each other.
    """
    due = PlanTask.objects.filter(watch__lte=now).order_by("watch").values_list("pk", "run__matter__station_id")
    by_station: dict[int, list[int]] = defaultdict(list)
    for pk, station_id in due[:AT_ONCE]:
        by_station[station_id].append(pk)
    return sum(_tell_at(station_id, by_station[station_id], now) for station_id in sorted(by_station))


def _tell_at(station_id: int, ids: list[int], now: datetime) -> int:
    head = journal.lock_head(station_id)
    rows = list(
        PlanTask.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk__in=ids, watch__lte=now)
        .select_related("run__matter")
        .order_by("pk")
    )
    drafts = []
    for row in rows:
        level = 100 if now >= row.due else WARN
        row.told = level
        row.watch = watched(task_of(row), level)
        step = 1 if level == WARN else 2
        payload = {"facts": {"matter": row.run.matter_id, "run": row.run.number, "task": row.code, "level": level}}
        drafts.append(journal.Draft((SUBJECT, row.pk, step), f"plan_task.at_{level}", None, now, payload))
    if drafts:
        PlanTask.objects.bulk_update(rows, ["told", "watch"])
        journal.append(station_id, drafts, now, head=head)
    for row in rows:
        tell_of_clock(row, task_of(row), now)
    return len(rows)


def task_of(row: PlanTask) -> Task:
    """The task that a row stands for."""
    return Task(*(getattr(row, name) for name in OF_TASK))
