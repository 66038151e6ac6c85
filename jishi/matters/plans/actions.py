"""Every write to plans that is no command of the loop: publishing, putting away, drills, what a review asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.journal import actions as journal
from jishi.journal.chain import instant
from jishi.matters import catalogue as matters
from jishi.matters import commands
from jishi.matters.actions import Place, actor_of, apply, report_matter
from jishi.matters.models import Matter, Plan, PlanItem, PlanRun, PlanVersion
from jishi.matters.plans import catalogue
from jishi.matters.plans.compiler import check
from jishi.matters.plans.queries import may_do_item, may_review
from jishi.matters.plans.telling import OF_ITEM, TASK, facts_of
from jishi.matters.plans.verify import ITEM, PLAN, item_facts, plan_digest
from jishi.matters.plans.written import Written
from jishi.matters.telling import is_silent
from jishi.notify.actions import To, tell
from jishi.privacy import refuse_personal, salted_hash
from jishi.stations.crew import crew_of
from jishi.stations.models import Staff, Station

#: Who writes the plans of a station.
WRITERS = frozenset({"chief", "deputy", "administrator"})
LONGEST_ITEM = 500


def may_write(by: Staff, station_id: int) -> bool:
    """Whether this person writes the plans of the station."""
    return bool(WRITERS & actor_of(by, station_id).roles)


@transaction.atomic
def publish_plan(
    station: Station, code: str, plan: Written, *, category: str, grade: int, by: Staff, now: datetime | None = None
) -> PlanVersion:
    """Put a new version of the station's own plan in force; runs keep the version that they began with.

    A plan that ships with Jishi becomes the station's own under its code.  Raises ``Refused``: ``not_allowed``,
    ``plan_unfit``, ``plan_kind_taken``, ``unknown_category``, ``bad_grade``.
    """
    now = now or timezone.now()
    _must_write(by, station.pk)
    check(plan)
    matters.category(category)
    if grade not in (0, 1, 2, 3, 4):
        raise Refused("bad_grade", grade=grade)
    head = journal.lock_head(station.pk)
    row = Plan.objects.filter(station=station, code=code).first() or Plan(station=station, code=code)
    row.category_id, row.grade, row.active = category, grade, True
    _one_of_a_kind(row)
    row.save()
    version = 1 + row.versions.count()
    made = PlanVersion.objects.create(plan=row, version=version, data=plan.as_data(), made_by=by, created_at=now)
    facts = {"plan": code, "category": category, "grade": grade, "words": plan_digest(made.data)}
    _note(station.pk, (PLAN, row.pk, version), "plan.published", by, now, facts, head)
    _look_again()
    return made


@transaction.atomic
def use_plan(station: Station, code: str, *, active: bool, by: Staff, now: datetime | None = None) -> Plan:
    """Put the station's own plan away, or use it again; one that ships and was replaced is in force meanwhile."""
    now = now or timezone.now()
    _must_write(by, station.pk)
    head = journal.lock_head(station.pk)
    row = Plan.objects.filter(station=station, code=code).first()
    if row is None:
        raise Refused("plan_unknown", plan=code)
    row.active = active
    _one_of_a_kind(row)
    row.save(update_fields=["active"])
    kind = "plan.used" if active else "plan.put_away"
    _note(station.pk, (PLAN, row.pk, row.versions.count()), kind, by, now, {"plan": code}, head)
    _look_again()
    return row


def next_code(station: Station) -> str:
    """A code that none of the station's plans has."""
    known = set(Plan.objects.filter(station=station).values_list("code", flat=True))
    return next(code for number in range(1, 10_000) if (code := f"own_{number}") not in known)


@transaction.atomic
def start_drill(station: Station, code: str, *, by: Staff, place: str = "", key: str | None = None,
                now: datetime | None = None) -> Matter:  # fmt: skip
    """Run a plan as a drill, on a matter of its own that is marked as one: nobody outside is told or asked.

    Raises ``Refused``: ``not_allowed``, ``plan_unknown``, ``personal``.
    """
    found = catalogue.plan_of(station.pk, code)
    grade = found.grade or matters.category(found.category).grade
    title = _("Drill: %(what)s") % {"what": found.plan.name}
    done = report_matter(
        station, by=by, title=title, place=Place(place), channel="drill", key=key and f"{key}:drill", now=now,
    )  # fmt: skip
    matter = Matter.objects.get(pk=done.matter_id)
    if done.replayed:
        return matter
    apply(matter, commands.Assess(category=found.category, grade=grade), by=by, now=now)
    matter.refresh_from_db()
    if not matter.run:
        apply(matter, commands.StartPlan(plan=code), by=by, now=now)
        matter.refresh_from_db()
    return matter


@transaction.atomic
def add_item(run: PlanRun, *, body: str, unit: int, due: datetime, by: Staff, now: datetime | None = None) -> PlanItem:
    """Write down what is to change after a run: a task of a unit with a deadline, which stays open until it is done.

    Raises ``Refused``: ``not_allowed``, ``missing``, ``too_long``, ``personal``, ``unit_elsewhere``, ``item_past``.
    """
    now = now or timezone.now()
    station_id, body = run.matter.station_id, body.strip()
    if not may_review(actor_of(by, station_id)):
        raise Refused("not_allowed", command="review")
    if not body:
        raise Refused("missing", field="body", command="review")
    if len(body) > LONGEST_ITEM:
        raise Refused("too_long", field="body", most=LONGEST_ITEM)
    refuse_personal(body, "body")
    matters.unit_at(station_id, unit)
    if due <= now:
        raise Refused("item_past", field="due")
    head = journal.lock_head(station_id)
    salt, digest = salted_hash(body)
    item = PlanItem.objects.create(
        run=run, body=body, salt=salt, digest=digest, unit_id=unit, due=due, made_at=now, made_by=by
    )
    _note(station_id, (ITEM, item.pk, 1), "plan_item.added", by, now, item_facts(item), head)
    to = [To(staff, "task_unit") for staff in crew_of(station_id).of_unit(unit, now) if staff != by.pk]
    if not is_silent():
        facts = {**facts_of(run), "what": "item", "due": instant(due)}
        tell(TASK, station=station_id, subject=(OF_ITEM, item.pk), to=to, now=now, facts=facts, inside_only=True)
    return item


@transaction.atomic
def end_item(item: PlanItem, *, done: bool, by: Staff, now: datetime | None = None) -> PlanItem:
    """Say that what a review asked for is done, or that it is not after all.

    Raises ``Refused``: ``not_allowed``, ``item_done``.
    """
    now = now or timezone.now()
    station_id = item.run.matter.station_id
    if not may_do_item(actor_of(by, station_id), item):
        raise Refused("not_allowed", command="review")
    head = journal.lock_head(station_id)
    item = PlanItem.objects.select_for_update().select_related("run__matter").get(pk=item.pk)
    if (item.done_at is not None) == done:
        raise Refused("item_done")
    item.done_at, item.done_by, item.version = (now, by, item.version + 1) if done else (None, None, item.version + 1)
    item.save(update_fields=["done_at", "done_by", "version"])
    kind = "plan_item.done" if done else "plan_item.reopened"
    _note(station_id, (ITEM, item.pk, item.version), kind, by, now, {}, head)
    return item


def _must_write(by: Staff, station_id: int) -> None:
    actor = actor_of(by, station_id)
    if not actor.roles:
        raise Refused("not_found")
    if not WRITERS & actor.roles:
        raise Refused("not_allowed", command="publish")


def _one_of_a_kind(row: Plan) -> None:
    others = Plan.objects.filter(station=row.station, category=row.category_id, grade=row.grade, active=True)
    if row.active and others.exclude(pk=row.pk).exists():
        raise Refused("plan_kind_taken", field="grade")


def _note(
    station_id: int, subject: tuple[str, int, int], kind: str, by: Staff, now: datetime, facts: Mapping[str, Any],
    head: journal.Position,
) -> None:  # fmt: skip
    draft = journal.Draft(subject, kind, by.pk, now, {"facts": dict(facts)} if facts else {})
    journal.append(station_id, [draft], now, head=head)


def _look_again() -> None:
    catalogue.forget()
    transaction.on_commit(catalogue.forget)
