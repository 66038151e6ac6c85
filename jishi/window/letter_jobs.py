"""What the worker does for letters to the public: sends them, finds those left lying, deletes old ones."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jishi.jobs.registry import NET, every, job
from jishi.window.actions.letters import JOB, delete_old, send_left_lying, send_waiting


@job(JOB, atomic=False, lane=NET)
def send_letters(payload: dict[str, Any]) -> None:
    """Send what waits for one receipt."""
    send_waiting(payload["receipt"], timezone.now())


@every(10, "window.letters_left")
def find_letters() -> None:
    """Ask again for letters whose job gave up."""
    send_left_lying(timezone.now())


@every(1440, "window.letters_old", atomic=False)
def delete_letters() -> None:
    """Delete letters that ended long ago."""
    delete_old(timezone.now())
