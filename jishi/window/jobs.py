"""What comes round by itself: reports in quarantine are released after a day, and counts of addresses go."""

from __future__ import annotations

from django.utils import timezone

from jishi.jobs.registry import every
from jishi.window.actions.held import release_overdue
from jishi.window.actions.limits import forget_counts


@every(10, "window.release_held")
def release_held() -> None:
    """Take the reports whose day is over into the loop."""
    release_overdue(timezone.now())


@every(10, "window.forget_counts", atomic=False)
def forget() -> None:
    """Delete how often addresses did a thing, once it counts no more."""
    forget_counts(timezone.now())
