"""Which share of the register is to be fresh."""

from __future__ import annotations

from jishi.base.errors import Refused
from jishi.register.catalogue import sort_of
from jishi.register.models import Target
from jishi.register.roles import require
from jishi.stations.models import Staff, Station


def set_target(station: Station, share: int, *, by: Staff, category: str | None = None) -> Target:
    """Set the target of a station, or of one category there, in per cent.  Raises ``Refused("bad_share")``."""
    require(by, station.pk, "target")
    if not 1 <= share <= 99:
        raise Refused("bad_share")
    if category is not None:
        sort_of(category)
    found, _made = Target.objects.update_or_create(station=station, category_id=category, defaults={"share": share})
    return found


def clear_target(station: Station, category: str | None, *, by: Staff) -> None:
    """Let a category follow the target of its station again, or a station the usual one."""
    require(by, station.pk, "target")
    Target.objects.filter(station=station, category=category).delete()
