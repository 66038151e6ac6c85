"""A matter's rows built again from its events alone: the row, its clocks, its hops, its pauses, what hangs on it.

``jishi verify`` compares them with the tables.  What an event may not say in words it holds as a salted hash.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from jishi.journal.chain import canonical
from jishi.journal.models import Event
from jishi.matters import loop, store
from jishi.matters.events import LADDER, decode
from jishi.matters.plans.told import RunsTold
from jishi.matters.terms import Clock


@dataclass(frozen=True, slots=True)
class ClockTold:
    """One clock of one cycle, and when it stopped."""

    cycle: int
    clock: Clock
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HopTold:
    """One assignment."""

    cycle: int
    unit: int
    offered_by: int | None
    rule: str
    offered_at: datetime
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class PauseTold:
    """One suspension."""

    approver: int | None
    since: datetime
    until: datetime | None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepTold:
    """One step of a ladder that was taken."""

    cycle: int
    clock: str
    due: datetime
    percent: int
    levels: tuple[str, ...]
    told: tuple[int, ...]
    fired_at: datetime


@dataclass(frozen=True, slots=True)
class RatingTold:
    """What the reporter said of one round."""

    cycle: int
    version: int
    by: str
    mended: bool | None
    result: int | None
    manner: int | None
    at: datetime


@dataclass
class Told:
    """What the journal tells of one matter."""

    state: loop.State
    row: dict[str, Any]
    clocks: list[ClockTold] = field(default_factory=list)
    hops: list[HopTold] = field(default_factory=list)
    pauses: list[PauseTold] = field(default_factory=list)
    #: Approver, minutes and moment of each extension.
    extensions: list[tuple[int | None, int, datetime]] = field(default_factory=list)
    escalations: list[StepTold] = field(default_factory=list)
    #: The last rating of each round.
    ratings: dict[int, RatingTold] = field(default_factory=dict)
    #: (version, kind) of words → their salted hash.
    words: dict[tuple[int, str], str] = field(default_factory=dict)
    #: Version and SHA-256 of each file.
    evidence: list[tuple[int, str]] = field(default_factory=list)
    parties: int = 0
    plans: RunsTold = field(default_factory=RunsTold)
    #: The salted hash of what the row says in words and points beside its title, under the first title's salt.
    place: str = ""


def place_text(place_name: str, lon: float | None, lat: float | None, datum: str, original_unit: str = "") -> str:
    """What a row says of its place, as the one text that is hashed."""
    return canonical({"place": place_name, "lon": lon, "lat": lat, "datum": datum, "unit": original_unit})


def replay(history: Sequence[Event]) -> Told:
    """Everything that the events of one matter lead to; they must be whole and in order."""
    first = history[0]
    told = Told(loop.State(station=first.station_id, state="reported"), _first_row(first))
    for event in history:
        if event.subject_kind == LADDER:
            _rung(told, event)
        else:
            _step(told, event)
    return told


def _rung(told: Told, journalled: Event) -> None:
    """Steps of ladders that were taken: where each clock stands since, and whom they told."""
    payload = json.loads(journalled.payload)
    timers = {each["kind"]: (_moment(each.get("at")), each["step"]) for each in payload["timers"]}

    def stands(clock: Clock) -> Clock:
        at, step = timers.get(clock.kind, (clock.timer_at, clock.timer_step))
        return replace(clock, timer_at=at, timer_step=step)

    told.state = replace(told.state, clocks=tuple(stands(clock) for clock in told.state.clocks))
    told.clocks = [known if known.stopped_at else replace(known, clock=stands(known.clock)) for known in told.clocks]
    for each in payload["facts"]["steps"]:
        due = datetime.fromisoformat(each["due"])
        told.escalations.append(
            StepTold(each["cycle"], each["clock"], due, each["percent"], tuple(each["levels"]), tuple(each["told"]),
                     journalled.recorded_at)
        )  # fmt: skip


def _first_row(first: Event) -> dict[str, Any]:
    """The columns that are set when a matter comes in and never again."""
    facts = json.loads(first.payload).get("facts", {})
    imported = first.kind == "matter.imported"
    reported_at = _moment(facts.get("reported_at")) if imported else first.recorded_at
    occurred_at = _moment(facts.get("occurred_at")) or reported_at if imported else first.occurred_at
    return {
        "number": facts.get("number"),
        "source": facts.get("source") if imported else "jishi",
        "external_id": facts.get("external_id"),
        "content_digest": facts.get("content", ""),
        "channel": "import" if imported else facts.get("channel"),
        "occurred_at": occurred_at,
        "reported_at": reported_at,
        "original_due": _moment(facts.get("original_due")),
        "flags": facts.get("flags", 0),
        "clock_started": None,
    }


def _step(told: Told, journalled: Event) -> None:
    payload = json.loads(journalled.payload)
    event = decode(journalled.kind, payload)
    before, now, by = told.state, journalled.recorded_at, journalled.actor_id
    after = told.state = loop.evolve(before, event)
    started = store.clock_started(event, after, now)
    if started is not None:
        told.row["clock_started"] = started
    _clocks(told, event, after.cycle, now)
    _hops(told, store.hop(before, event, after), event, now, by)
    _pauses(told, before, event, now, by)
    if event.kind == "rated" and "rated_by" in event.set:
        stars = event.facts.get("result"), event.facts.get("manner")
        told.ratings[after.cycle] = RatingTold(after.cycle, after.version, after.rated_by, after.mended, *stars, now)
    told.plans.step(before, event, after, now, by)
    _beside(told, payload.get("facts", {}), after.version)


def _clocks(told: Told, event: loop.Event, cycle: int, now: datetime) -> None:
    changed = {clock.kind: clock for clock in event.change}
    for place, known in enumerate(told.clocks):
        if known.stopped_at is not None:
            continue
        if known.clock.kind in event.stop:
            told.clocks[place] = replace(known, clock=replace(known.clock, timer_at=None), stopped_at=now)
        elif known.clock.kind in changed:
            told.clocks[place] = replace(known, clock=changed[known.clock.kind])
    told.clocks += [ClockTold(cycle, clock) for clock in event.start]


def _hops(told: Told, hop: store.Hop, event: loop.Event, now: datetime, by: int | None) -> None:
    is_open = bool(told.hops) and told.hops[-1].ended_at is None
    if hop.accepts and is_open:
        told.hops[-1] = replace(told.hops[-1], accepted_at=now)
    if hop.ends and is_open:
        told.hops[-1] = replace(told.hops[-1], ended_at=now, ended_by=event.kind)
    if hop.unit is not None:
        accepted = now if hop.taken else None
        rule = event.facts.get("rule", "")
        told.hops.append(HopTold(told.state.cycle, hop.unit, by, rule, now, accepted))


def _pauses(told: Told, before: loop.State, event: loop.Event, now: datetime, by: int | None) -> None:
    after = told.state
    if event.kind == "suspended":
        told.pauses.append(PauseTold(by, now, after.suspended_until))
    elif before.state == "suspended" and after.state != "suspended":
        told.pauses[-1] = replace(told.pauses[-1], ended_at=now)
    if event.kind == "extended":
        told.extensions.append((by, event.facts["minutes"], now))


def _beside(told: Told, facts: Mapping[str, Any], version: int) -> None:
    """The words, files and parties that came with an event."""
    told.words.update({(version, kind): digest for kind, digest in facts.get("words", {}).items()})
    told.evidence += [(version, digest) for digest in facts.get("evidence", ())]
    told.parties += facts.get("parties", 0)
    told.place = facts.get("place", told.place)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
