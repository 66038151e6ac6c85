"""What may grow, the morning's overview and the metrics, in the permission table."""

from __future__ import annotations

from typing import Any

ADDRESSES = """
matters:small                GET    200   200    403  403     403 403     403     403     403   200    302
matters:small                POST   405   405    405  405     405 405     405     405     405   405    302
matters:small_seen           GET    405   405    405  405     405 405     405     405     405   405    302
matters:small_seen           POST   302   302    403  403     403 403     403     403     403   302    302
base:metrics                 GET    200   200    200  200     200 200     200     200     200   200    200
base:metrics                 POST   405   405    405  405     405 405     405     405     405   405    405
"""


def arguments(world: Any, name: str) -> list[Any] | None:
    """The matter that somebody has looked at."""
    return [world.handled.number] if name == "matters:small_seen" else None
