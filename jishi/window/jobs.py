"""What comes round by itself: reports in quarantine are released after a day."""

from __future__ import annotations

from django.utils import timezone

from jishi.jobs.registry import every
from jishi.window.actions.held import release_overdue


@every(10, "window.release_held")
def release_held() -> None:
    """Take the reports whose day is over into the loop."""
    release_overdue(timezone.now())
