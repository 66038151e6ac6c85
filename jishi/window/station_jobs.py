"""What the worker does for the station's part: yesterday's appointments go, and the figures of a quarter come."""

from django.utils import timezone

from jishi.jobs.registry import LONG, every
from jishi.window.actions.appointments import forget_days
from jishi.window.actions.figures import release_all


@every(30, "window.appointments", atomic=False)
def forget_appointments() -> None:
    """Delete the appointments of days that are over."""
    forget_days(timezone.now())


@every(6 * 60, "window.figures", atomic=False, lane=LONG)
def release_quarters() -> None:
    """Give out the figures of every quarter that has settled."""
    release_all(timezone.now())
