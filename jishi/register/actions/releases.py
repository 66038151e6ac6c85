"""Giving out a table of population counts: from then on it can be seen from outside, and is held against the next."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.register.models import CountRelease
from jishi.register.queries.population import former_releases, newest_release_day, release_of
from jishi.register.roles import require
from jishi.register.suppression import suppress
from jishi.stations.models import Staff, Station


@transaction.atomic
def publish_counts(station: Station, on: date, *, by: Staff, now: datetime | None = None) -> CountRelease:
    """Give out the counts as they stood on a day, with what is small withheld for good.

    A table that was given out cannot be called back, so days only go forward.  Raises ``Refused("not_allowed" |
    "future" | "release_order" | "nothing_counted")``.
    """
    require(by, station.pk, "publish")
    now = now or timezone.now()
    if on > timezone.localdate(now):
        raise Refused("future", field="date")
    Station.objects.select_for_update().get(pk=station.pk)
    last = newest_release_day(station.pk)
    if last is not None and on <= last:
        raise Refused("release_order", last=last.isoformat())
    release = release_of(station.pk, on)
    if not release.rows:
        raise Refused("nothing_counted")
    table = suppress(release, former_releases(station.pk)).as_data()
    return CountRelease.objects.create(station=station, on=on, table=table, by=by, made_at=now)
