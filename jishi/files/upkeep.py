"""What comes round by itself: files that nothing names are swept away once a day."""

from __future__ import annotations

from django.utils import timezone

from jishi.files.actions import sweep_orphans
from jishi.jobs.registry import every


@every(1440, "files.sweep", atomic=False)
def sweep() -> None:
    """Take away what rolled-back changes left behind."""
    sweep_orphans(timezone.now())
