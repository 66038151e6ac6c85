"""Events of the loop as the journal keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from jishi.journal.chain import instant
from jishi.matters.loop import Event
from jishi.matters.tasks import Task
from jishi.matters.terms import Clock

SUBJECT = "matter"
_TASK_MOMENTS = frozenset({"due", "started", "taken_at", "ended_at"})
#: What a ladder did to a matter stands beside it, under the version that the matter had, and does not raise it.
LADDER = "ladder"
#: Left out of an event where a clock has none.
_TIMER = frozenset({"ladder", "timer_at", "timer_step"})
_CLOCK = tuple(field.name for field in fields(Clock))
_MOMENTS = frozenset({"next_due", "suspended_until", "asked_until", "answered_at", "closed_at"})


def encode(event: Event, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The payload of an event: only what it has, times as text.  ``extra`` joins its facts."""
    payload: dict[str, Any] = {}
    if event.set:
        payload["set"] = {
            name: instant(value) if name in _MOMENTS and value is not None else value
            for name, value in event.set.items()
        }
    for name, clocks in (("start", event.start), ("change", event.change)):
        if clocks:
            payload[name] = [_encode_clock(clock) for clock in clocks]
    if event.stop:
        payload["stop"] = list(event.stop)
    if event.tasks:
        payload["tasks"] = [_encode_task(task) for task in event.tasks]
    facts = {**event.facts, **(extra or {})}
    if facts:
        payload["facts"] = facts
    return payload


def decode(kind: str, payload: Mapping[str, Any]) -> Event:
    """The event that :func:`encode` wrote; ``kind`` is the journal's, with the room before the dot."""
    return Event(
        kind.partition(".")[2],
        {
            name: _moment(value) if name in _MOMENTS and value is not None else value
            for name, value in payload.get("set", {}).items()
        },
        tuple(_decode_clock(clock) for clock in payload.get("start", ())),
        tuple(_decode_clock(clock) for clock in payload.get("change", ())),
        tuple(payload.get("stop", ())),
        payload.get("facts", {}),
        tuple(_decode_task(task) for task in payload.get("tasks", ())),
    )


def _encode_clock(clock: Clock) -> dict[str, Any]:
    values = {name: getattr(clock, name) for name in _CLOCK}
    values["started"], values["due"] = instant(clock.started), instant(clock.due)
    values["ladder"] = clock.ladder.split(".") if clock.ladder else []
    values["timer_at"] = instant(clock.timer_at) if clock.timer_at else None
    return {name: value for name, value in values.items() if value or name not in _TIMER}


def _decode_clock(values: Mapping[str, Any]) -> Clock:
    moments = {name: _moment(values[name]) for name in ("started", "due", "timer_at") if name in values}
    return Clock(**{**values, **moments, "ladder": ".".join(values.get("ladder", ()))})


def _encode_task(task: Task) -> dict[str, Any]:
    values = {name: value for name, value in asdict(task).items() if value is not None}
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _decode_task(values: Mapping[str, Any]) -> Task:
    read: dict[str, Any] = {name: _moment(value) if name in _TASK_MOMENTS else value for name, value in values.items()}
    return Task(**read)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
