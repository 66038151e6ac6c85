"""The jobs of this room: reading a file through, importing it, clearing away what is a day old, marking what ended."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jishi.exchange import actions
from jishi.exchange.cap import actions as alerts
from jishi.exchange.reconcile import actions as reconcile
from jishi.jobs.registry import LONG, every, job


@job(actions.READ_JOB, atomic=False, lane=LONG)
def read(payload: dict[str, Any]) -> None:
    """Read a file through."""
    actions.read_run(payload["run"])


@job(actions.IMPORT_JOB, atomic=False, lane=LONG)
def import_(payload: dict[str, Any]) -> None:
    """Import a file."""
    actions.import_run(payload["run"])


@job(reconcile.JOB, atomic=False, lane=LONG)
def compare(payload: dict[str, Any]) -> None:
    """Hold a list of an authority against the register."""
    reconcile.compare_list(payload["list"])


@every(30, "exchange.clear", atomic=False)
def clear() -> None:
    """Clear away the files of runs that are over."""
    actions.clear_runs(timezone.now())


@every(60, "exchange.end_alerts", atomic=False)
def end_alerts() -> None:
    """Mark the alerts whose time is over."""
    alerts.mark_ended(timezone.now())
