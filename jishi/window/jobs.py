"""What comes round by itself: reports in quarantine are released after a day, and thrown away for good after seven."""

from __future__ import annotations

from django.utils import timezone

from jishi.jobs.registry import every
from jishi.window.actions.held import purge_thrown, release_overdue


@every(10, "window.release_held")
def release_held() -> None:
    """Take the reports whose day is over into the loop."""
    release_overdue(timezone.now())


@every(1440, "window.purge_held", atomic=False)
def purge_held() -> None:
    """Delete what was thrown away more than seven days ago."""
    purge_thrown(timezone.now())
