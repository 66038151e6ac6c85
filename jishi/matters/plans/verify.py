"""``jishi verify`` looks at what a review asked for, and at the versions of a station's own plans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from jishi.journal.chain import canonical, instant
from jishi.journal.models import Event
from jishi.journal.problems import Problem
from jishi.matters.models import PlanItem, PlanVersion
from jishi.privacy import salted_digest

ITEM, PLAN = "plan_item", "plan"
Facts = dict[str, Any]


def item_facts(item: PlanItem) -> Facts:
    """What the journal says of an item when it is written down."""
    return {"run": item.run_id, "unit": item.unit_id, "due": instant(item.due), "words": item.digest}


def plan_digest(data: Any) -> str:
    """The hash of a version's words."""
    return sha256(canonical(data).encode()).hexdigest()


def problems() -> Iterator[Problem]:
    """Whatever is not as its events say."""
    yield from _items()
    yield from _plans()


@dataclass(frozen=True, slots=True)
class _Item:
    """An item as its events say."""

    facts: Facts
    made_by: int | None
    made_at: datetime
    version: int
    done_by: int | None = None
    done_at: datetime | None = None


def _items() -> Iterator[Problem]:
    told: dict[int, _Item] = {}
    events = Event.objects.filter(subject_kind=ITEM).order_by("subject_id", "subject_version", "id")
    for event in events.iterator(chunk_size=2000):
        pk, version, at, by = event.subject_id, event.subject_version, event.recorded_at, event.actor_id
        if event.kind == "plan_item.added":
            told[pk] = _Item(json.loads(event.payload)["facts"], by, at, version)
        elif event.kind == "plan_item.done":
            told[pk] = replace(told[pk], version=version, done_by=by, done_at=at)
        else:
            told[pk] = replace(told[pk], version=version, done_by=None, done_at=None)
    for item in PlanItem.objects.select_related("run__matter").iterator(chunk_size=2000):
        where = f"{item.run.matter.number}/{item.pk}"
        found = _Item(item_facts(item), item.made_by_id, item.made_at, item.version, item.done_by_id, item.done_at)
        if told.pop(item.pk, None) != found:
            yield Problem("plan_item_differs", where)
        elif item.purged_at is None and salted_digest(item.salt, item.body) != item.digest:
            yield Problem("plan_item_changed", where)
    for pk in told:
        yield Problem("plan_item_missing", str(pk))


def _plans() -> Iterator[Problem]:
    told = {
        (subject_id, version): json.loads(payload)["facts"]["words"]
        for subject_id, version, payload in Event.objects.filter(subject_kind=PLAN, kind="plan.published").values_list(
            "subject_id", "subject_version", "payload"
        )
    }
    for each in PlanVersion.objects.filter(plan__station__isnull=False).select_related("plan"):
        if told.pop((each.plan_id, each.version), None) != plan_digest(each.data):
            yield Problem("plan_differs", f"{each.plan.code} v{each.version}")
    for plan, version in told:
        yield Problem("plan_missing", f"{plan} v{version}")
