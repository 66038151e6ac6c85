"""How often an address did a thing."""

from __future__ import annotations

from datetime import datetime

from jishi.window.models import Tally


def counted(mark: str, now: datetime) -> int:
    """How many came under a mark that still count."""
    return Tally.objects.filter(mark=mark, until__gt=now).values_list("count", flat=True).first() or 0
