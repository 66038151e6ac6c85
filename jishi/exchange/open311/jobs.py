"""The jobs of Open311: errands are run, photos fetched, and what can no longer be sent again is forgotten."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jishi.exchange.open311.actions import errands, pictures, taken
from jishi.jobs.registry import NET, every, job


@job(pictures.JOB, atomic=False, lane=NET)
def picture(payload: dict[str, Any]) -> None:
    """Fetch a photo that a client named by its address."""
    pictures.fetch_picture(payload["picture"], timezone.now())


@every(1, "exchange.open311_errands", atomic=False, lane=NET)
def run_errands() -> None:
    """Post what was referred to agencies with a system of this kind, and see how it stands there."""
    now = timezone.now()
    errands.begin_errands(now)
    errands.run_errands(now)


@every(5, "exchange.open311_let_in")
def let_in() -> None:
    """Fetch the photos of reports that came out of quarantine."""
    pictures.let_in()


@every(60, "exchange.open311_forget")
def forget() -> None:
    """Forget the posts that can no longer be sent again."""
    taken.forget_posted(timezone.now())
