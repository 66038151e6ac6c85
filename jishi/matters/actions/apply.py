"""The one door through which a matter changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.files import actions as files
from jishi.jobs.actions import enqueue
from jishi.journal import actions as journal
from jishi.journal import queries as journal_queries
from jishi.journal.chain import canonical
from jishi.matters import catalogue, commands, events, loop, store, telling
from jishi.matters.actions import timing
from jishi.matters.actions.door import Door, PublicDoor
from jishi.matters.actions.words import Words, write_words
from jishi.matters.models import Evidence, Matter
from jishi.matters.plans import running
from jishi.matters.plans import telling as plan_telling
from jishi.register.models import Element
from jishi.stations.crew import crew_of
from jishi.stations.models import Post, Staff, Station
from jishi.stations.queries import access_of

RESUME_JOB = "matters.resume"


@dataclass(frozen=True, slots=True)
class Applied:
    """What a command led to.  ``replayed`` says that the same key had done it before; a new matter has its ``number``."""

    matter_id: int
    version: int
    event: str
    replayed: bool = False
    number: str = ""


def actor_of(by: Staff | None, station_id: int) -> loop.Actor:
    """Who gives a command, as the loop sees them at this station; ``None`` is the system."""
    if by is None:
        return loop.SYSTEM
    access = access_of(by)
    return loop.Actor(by.pk, access.roles(station_id), access.unit_ids_at(station_id))


def apply(
    matter: Matter | int,
    command: commands.Command,
    *,
    by: Staff | None,
    version: int | None = None,
    key: str | None = None,
    uploads: Sequence[Any] = (),
    now: datetime | None = None,
    occurred_at: datetime | None = None,
    door: Door | PublicDoor | None = None,
) -> Applied:
    """Give one command to one matter: lock, decide, write the row and its event, in one transaction.

    ``version`` is the version that the actor saw (``Refused("stale")`` when it has moved on), ``key`` makes the same
    call harmless to repeat (``Refused("key_reused")`` for another command under the same key), ``uploads`` are files
    that come as evidence, ``occurred_at`` is the time of the device.  An outside agency and the public come by a
    ``door``, and then ``by`` is None.  Raises ``Refused``.
    """
    matter_id = matter if isinstance(matter, int) else matter.pk
    digest = command_digest(command, matter_id, len(uploads))
    scoped = journal.scoped_key(door.scope if door else by.pk if by else None, key)
    now = now or timezone.now()
    try:
        with transaction.atomic():
            return _apply(matter_id, command, by, version, scoped, digest, uploads, now, occurred_at, door)
    except IntegrityError as error:
        done = replayed(scoped, digest)
        if done is None:
            raise error
        return done


def _apply(
    matter_id: int,
    command: commands.Command,
    by: Staff | None,
    version: int | None,
    key: str | None,
    digest: str,
    uploads: Sequence[Any],
    now: datetime,
    occurred_at: datetime | None,
    door: Door | PublicDoor | None = None,
) -> Applied:
    if isinstance(command, commands.Merge):
        Matter.objects.select_for_update().filter(pk=min(command.root, matter_id)).values_list("pk").first()
    before = store.lock(matter_id)
    if key and (version is None or version != before.version):
        done = replayed(key, digest)
        if done:
            return done
    if version is not None and version != before.version and not _only_followed(matter_id, version, before.version):
        raise Refused("stale", yours=version, current=before.version)
    actor = door.actor if door else actor_of(by, before.station)
    _check_there(matter_id, before, by, actor)
    to = command.station if isinstance(command, commands.Transfer) else before.station
    before = timing.catch_up(matter_id, before, now, heads={before.station, to})
    command, words = _resolve(command, matter_id, before, by, len(uploads))
    ruled_by = command.station if isinstance(command, commands.Transfer) else before.station
    event = loop.decide(before, command, actor, now, catalogue.rules_of(ruled_by))
    after = loop.evolve(before, event)
    store.write(matter_id, before, event, after, now, actor.id)
    extra = write_words(matter_id, after.version, words, now, theirs=isinstance(door, PublicDoor))
    extra |= door.facts if door else {}
    if uploads:
        extra["evidence"] = add_evidence(matter_id, before.station, after.version, uploads, by)
    _record(matter_id, before, event, after, actor, now, occurred_at or now, key, digest, extra)
    if event.tasks or event.kind == "plan_ended":
        running.write(matter_id, before, event, after, now, actor.id)
    telling.tell_of(matter_id, before, event, after, actor, now)
    plan_telling.tell_of(matter_id, before, event, after, actor, now)
    if event.kind == "merged" and after.root is not None:
        _tell_root(after.root, matter_id, actor, now)
    if event.kind == "suspended":
        enqueue(RESUME_JOB, {"matter": matter_id, "version": after.version}, due=after.suspended_until)
    if event.kind == "withdrawn":
        _forget_parties(matter_id, after.station, now)
    plan = running.starts_by_itself(matter_id, after, event)
    if plan:
        start = commands.StartPlan(plan=plan)
        started = _apply(matter_id, start, None, None, None, command_digest(start, matter_id), (), now, now, None)
        return Applied(matter_id, started.version, event.kind)
    return Applied(matter_id, after.version, event.kind)


def _only_followed(matter_id: int, seen: int, current: int) -> bool:
    """Whether all that happened since this version is that more people follow: no reason to look again."""
    since = journal_queries.events_of(events.SUBJECT, matter_id).filter(subject_version__gt=seen)
    return 0 < seen < current and not since.exclude(kind="matter.followed").exists()


def _check_there(matter_id: int, state: loop.State, by: Staff | None, actor: loop.Actor) -> None:
    """Refuse who has no post here, and a matter of which nothing is left but a stub."""
    if by is not None and not actor.roles:
        raise Refused("not_found")
    if state.state == "closed" and Matter.objects.filter(pk=matter_id).exclude(purged_at=None).exists():
        raise Refused("purged_matter")


def _forget_parties(matter_id: int, station: int, now: datetime) -> None:
    """Delete the parties of a matter that was withdrawn, or have them deleted once no hold keeps them."""
    from jishi.matters.actions.parties import ask_erasure
    from jishi.matters.actions.parties_own import carry_out_erasure

    ask_erasure(matter_id, now)
    carry_out_erasure(matter_id, station, now)


def _record(
    matter_id: int,
    before: loop.State,
    event: loop.Event,
    after: loop.State,
    actor: loop.Actor,
    now: datetime,
    occurred_at: datetime,
    key: str | None,
    digest: str,
    extra: dict[str, Any],
) -> None:
    """Write the event into the station's chain; a transfer stands in both chains, each quoting the other's head."""
    subject = (events.SUBJECT, matter_id, after.version)
    kind = f"matter.{event.kind}"
    if after.station == before.station:
        draft = journal.Draft(subject, kind, actor.id, occurred_at, events.encode(event, extra), key, digest)
        journal.append(before.station, [draft], now)
        return
    heads = {station: journal.lock_head(station) for station in sorted((before.station, after.station))}
    left = {"left": {"to": after.station, "head": heads[after.station].hash}}
    out = journal.Draft(("transfer", matter_id, after.version), "matter.left", actor.id, occurred_at, left)
    journal.append(before.station, [out], now, head=heads[before.station])
    came = events.encode(event, {**extra, "head": heads[before.station].hash})
    into = journal.Draft(subject, kind, actor.id, occurred_at, came, key, digest)
    journal.append(after.station, [into], now, head=heads[after.station])


def _tell_root(root_id: int, duplicate_id: int, actor: loop.Actor, now: datetime) -> None:
    """Note on the matter that lives on that the duty to answer came to it."""
    before = store.lock(root_id)
    event = loop.Event("joined", facts={"duplicate": duplicate_id})
    after = loop.evolve(before, event)
    store.write(root_id, before, event, after, now, actor.id)
    draft = journal.Draft(
        (events.SUBJECT, root_id, after.version), "matter.joined", actor.id, now, events.encode(event)
    )
    journal.append(before.station, [draft], now)


def _resolve(
    command: commands.Command, matter_id: int, state: loop.State, by: Staff | None, uploads: int
) -> tuple[commands.Command, Words]:
    """The command with what it points to looked up and checked, and its words set apart."""
    words: Words = {name: value for name in ("title", "reason", "text") if (value := getattr(command, name, ""))}
    if isinstance(command, (commands.Triage, commands.Assess, commands.Reassess)) and command.category:
        found = catalogue.category(command.category)
        command = replace(command, hazard=found.hazard, needs_photo=found.needs_photo)
    if isinstance(command, (commands.Push, commands.Triage, commands.Refer, commands.HandTask)) and command.unit:
        catalogue.unit_at(state.station, command.unit)
    if isinstance(command, commands.Locate) and command.element:
        element_at(state.station, command.element)
    if isinstance(command, commands.Assess) and command.area:
        catalogue.area_at(state.station, command.area)
    command = running.resolve(command, matter_id, state)
    person = getattr(command, "person", None)
    if person:
        own = isinstance(command, (commands.Push, commands.HandTask))
        unit = getattr(command, "unit", None) if own else state.responsible_unit
        _check_person(person, state.station, unit)
    if isinstance(command, commands.Resume):
        command = _back_to(command, state)
    if isinstance(command, commands.Suspend):
        command = replace(command, approver_unit=_unit_of_leader(by, state.station))
    if isinstance(command, (commands.Submit, commands.Add)):
        command = replace(command, photos=uploads)
    if isinstance(command, commands.Refer) and command.agency:
        _check_agency(command.agency, state.station)
    if isinstance(command, commands.Transfer) and command.station:
        _check_transfer(command.station, state.station)
    if isinstance(command, commands.Merge) and command.root:
        command = _with_root(command, matter_id)
    return command, words


def _with_root(command: commands.Merge, matter_id: int) -> commands.Merge:
    root = Matter.objects.select_for_update().filter(pk=command.root).values_list("state", "station_id").first()
    if root is None:
        raise Refused("root_unknown")
    return replace(command, itself=matter_id, root_state=root[0], root_station=root[1])


def _check_person(person: int, station_id: int, unit: int | None) -> None:
    if (
        unit is None
        or not Post.objects.filter(staff_id=person, staff__is_active=True, station_id=station_id, unit_id=unit).exists()
    ):
        raise Refused("person_elsewhere", person=person)


def _back_to(command: commands.Resume, state: loop.State) -> commands.Resume:
    """To whom a suspended matter returns: whoever had it, while they work in the unit; else its lead; else the unit."""
    crew = crew_of(state.station)
    if state.assignee in crew.members.get(state.unit or 0, ()):
        return replace(command, person=state.assignee, back="person")
    lead = next(iter(crew.leads.get(state.unit or 0, ())), None)
    return replace(command, person=lead, back="lead" if lead else "unit")


def element_at(station_id: int, element_id: int) -> Element:
    """The element when it is in the station's register.  Raises ``Refused("element_unknown")``."""
    found = Element.objects.filter(pk=element_id, station_id=station_id).first()
    if found is None:
        raise Refused("element_unknown", element=element_id)
    return found


def _check_agency(agency: int, station_id: int) -> None:
    bureau = catalogue.ground(station_id).station.bureau_id
    from jishi.stations.models import Agency

    if not Agency.objects.filter(pk=agency, bureau_id=bureau, active=True).exists():
        raise Refused("agency_unknown", agency=agency)


def _check_transfer(target: int, here: int) -> None:
    bureau = catalogue.ground(here).station.bureau_id
    if not Station.objects.filter(pk=target, bureau_id=bureau).exists():
        raise Refused("station_unknown", station=target)


def _unit_of_leader(by: Staff | None, station_id: int) -> int:
    """The unit that answers while a matter is suspended: the leader's own, else the station's command."""
    own = actor_of(by, station_id).units
    return min(own) if own else catalogue.ground(station_id).command


def add_evidence(matter_id: int, station_id: int, version: int, uploads: Sequence[Any], by: Staff | None) -> list[str]:
    """Check and keep the files that came with a command; returns their SHA-256 sums for the event."""
    sums = []
    for upload in uploads:
        kept = files.store(upload, subject=(events.SUBJECT, matter_id), station_id=station_id, by=by)
        Evidence.objects.create(matter_id=matter_id, version=version, attachment=kept, sha256=kept.sha256)
        sums.append(kept.sha256)
    return sums


def command_digest(command: commands.Command, target: int, uploads: int = 0) -> str:
    """A short hash of what was asked, by which a key that is used again for something else is found out."""
    values = {item.name: str(getattr(command, item.name)) for item in fields(command)}
    return sha256(canonical({"verb": command.verb, "to": target, "files": uploads, **values}).encode()).hexdigest()[:16]


def replayed(key: str | None, digest: str) -> Applied | None:
    """What the same key did before, or None.  Raises ``Refused("key_reused")`` when it did something else."""
    done = journal_queries.done_with_key(key) if key else None
    if done is None:
        return None
    if done.digest != digest:
        raise Refused("key_reused")
    return Applied(done.subject_id, done.version, done.kind.partition(".")[2], replayed=True)
