"""Which function does which kind of job, and which jobs come round by themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Work = Callable[[dict[str, Any]], None]
#: Reads at once what a batch of jobs will need; called for every batch, also an empty one, before its first job.
Ahead = Callable[[Sequence[dict[str, Any]]], None]

#: The lane of clocks and of all that is done in a moment; ``net`` waits for other machines, ``long`` reads whole files.
MAIN, NET, LONG = "main", "net", "long"
LANES = (MAIN, NET, LONG)


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is done.

    ``atomic``: the work and its completion are one transaction, so its effects on the database come exactly once.
    Without it the work reaches outside (files, network), may come twice after a crash, and must bear that.
    ``lane``: jobs of one lane wait for each other and for no other lane.  ``ahead`` may read for a whole batch; what it
    found is a hint, which the work must be able to do without.
    """

    kind: str
    work: Work
    atomic: bool = True
    every: timedelta | None = None
    lane: str = MAIN
    ahead: Ahead | None = None


class UnknownKind(LookupError):
    """No room has registered this kind of job."""


_handlers: dict[str, Handler] = {}


def job(kind: str, *, atomic: bool = True, lane: str = MAIN, ahead: Ahead | None = None) -> Callable[[Work], Work]:
    """Register the function below as the one that does jobs of ``kind``; it is given the payload."""

    def register(work: Work) -> Work:
        _add(Handler(kind, work, atomic, lane=lane, ahead=ahead))
        return work

    return register


def every(
    minutes: int, name: str, *, atomic: bool = True, lane: str = MAIN
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the function below to run every so many minutes, in one worker at a time, for ever."""

    def register(work: Callable[[], None]) -> Callable[[], None]:
        _add(Handler(name, lambda _payload: work(), atomic, timedelta(minutes=minutes), lane))
        return work

    return register


def handler_of(kind: str) -> Handler:
    """The handler of ``kind``.  Raises ``UnknownKind``."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(kind) from None


def kinds_beside(lane: str) -> list[str]:
    """The kinds of all other lanes: what is none of them, and what nobody knows, belongs to the main lane."""
    return [handler.kind for handler in _handlers.values() if handler.lane != lane]


def kinds_of(lane: str) -> list[str]:
    """The kinds of a lane."""
    return [handler.kind for handler in _handlers.values() if handler.lane == lane]


def look_ahead(batch: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Let each handler read for its jobs of a batch (kind and payload)."""
    for handler in list(_handlers.values()):
        if handler.ahead is not None:
            handler.ahead([payload for kind, payload in batch if kind == handler.kind])


def periodic() -> list[Handler]:
    """The handlers whose jobs come round by themselves."""
    return [handler for handler in _handlers.values() if handler.every]


def _add(handler: Handler) -> None:
    if handler.lane not in LANES:
        raise ValueError(f"there is no lane {handler.lane}")
    known = _handlers.get(handler.kind)
    if known and known.work.__module__ != handler.work.__module__:
        raise ValueError(f"two functions want the jobs of kind {handler.kind}")
    _handlers[handler.kind] = handler
