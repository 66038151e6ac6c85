"""Which function does which kind of job, and which jobs come round by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Work = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is done.

    ``atomic``: the work and its completion are one transaction, so its effects on the database come exactly once.
    Without it the work reaches outside (files, network), may come twice after a crash, and must bear that.
    """

    kind: str
    work: Work
    atomic: bool = True
    every: timedelta | None = None


class UnknownKind(LookupError):
    """No room has registered this kind of job."""


_handlers: dict[str, Handler] = {}


def job(kind: str, *, atomic: bool = True) -> Callable[[Work], Work]:
    """Register the function below as the one that does jobs of ``kind``; it is given the payload."""

    def register(work: Work) -> Work:
        _add(Handler(kind, work, atomic))
        return work

    return register


def every(minutes: int, name: str, *, atomic: bool = True) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the function below to run every so many minutes, in one worker at a time, for ever."""

    def register(work: Callable[[], None]) -> Callable[[], None]:
        _add(Handler(name, lambda _payload: work(), atomic, timedelta(minutes=minutes)))
        return work

    return register


def handler_of(kind: str) -> Handler:
    """The handler of ``kind``.  Raises ``UnknownKind``."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(kind) from None


def periodic() -> list[Handler]:
    """The handlers whose jobs come round by themselves."""
    return [handler for handler in _handlers.values() if handler.every]


def _add(handler: Handler) -> None:
    known = _handlers.get(handler.kind)
    if known and known.work.__module__ != handler.work.__module__:
        raise ValueError(f"two functions want the jobs of kind {handler.kind}")
    _handlers[handler.kind] = handler
