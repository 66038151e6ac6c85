"""The figures of this room: open matters by where they stand, and clocks that are about to run out or have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count
from prometheus_client.metrics_core import Metric

from jishi.base.metrics import gauge, register
from jishi.base.moments import stored
from jishi.matters.loop import STAGE_OF
from jishi.matters.queries.searching import fetch
from jishi.notify.models import Channel, Delivery
from jishi.stations.models import Station

SOON = timedelta(hours=1)
#: The counts of all open matters come from one index alone; SQLite is told which.
_OPEN = """
SELECT station_id, state, count(*), sum(CASE WHEN next_due < %s THEN 1 ELSE 0 END),
 sum(CASE WHEN next_due >= %s AND next_due < %s THEN 1 ELSE 0 END)
FROM matters_matter{index} WHERE NOT (state = 'closed') GROUP BY station_id, state ORDER BY station_id, state
"""


def collect(now: datetime) -> Iterator[Metric]:
    """Open matters, clocks due and overdue, and the steps of the ladders that were told lately."""
    index = " INDEXED BY matter_open_by_due" if connection.vendor == "sqlite" else ""
    rows = fetch(_OPEN.format(index=index), [stored(now), stored(now), stored(now + SOON)])
    codes = dict(Station.objects.values_list("pk", "code"))
    yield gauge("matters_open", "Open matters by station, stage of the loop and state.", ["station", "stage", "state"],
                [((codes[station], STAGE_OF[state], state), open_) for station, state, open_, _late, _soon in rows])  # fmt: skip  # noqa: E501
    overdue: Counter[int] = Counter()
    soon: Counter[int] = Counter()
    for station, state, _open, late, due in rows:
        pressing = state != "inherited"
        overdue[station] += late if pressing else 0
        soon[station] += due if pressing else 0
    yield gauge("clocks_overdue", "Open matters whose clock has run out, by station.", ["station"],
                [([codes[station]], count) for station, count in sorted(overdue.items())])  # fmt: skip
    yield gauge("clocks_due_hour", "Open matters whose clock runs out within an hour, by station.", ["station"],
                [([codes[station]], count) for station, count in sorted(soon.items())])  # fmt: skip
    told = Delivery.objects.filter(
        created_at__gte=now - SOON, channel=Channel.APP, notice__kind__in=("matter.warned", "matter.late")
    )
    levels = told.order_by().values_list("rule").annotate(many=Count("notice", distinct=True))
    yield gauge("escalations_hour", "Steps of ladders that were told within the last hour, by what and whom.",
                ["kind", "level"], [(rule.split("_", 1), many) for rule, many in levels if "_" in rule])  # fmt: skip


register("matters", collect)
