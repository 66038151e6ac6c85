"""The figures of this room: what went out lately by channel and how, what waits, what failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min
from prometheus_client.metrics_core import Metric

from jishi.base.metrics import gauge, register
from jishi.notify.models import Delivery, DeliveryState

#: Rows are deleted after some months, so results are those of a stretch of time and not a count that only grows.
LATELY = timedelta(hours=1)


def collect(now: datetime) -> Iterator[Metric]:
    """Deliveries by channel and result, those that wait, and since when."""
    lately = Delivery.objects.filter(created_at__gte=now - LATELY).order_by()
    yield gauge(
        "deliveries_hour", "Deliveries that were asked for within the last hour, by channel and result.",
        ["channel", "result"],
        [(key, count) for *key, count in lately.values_list("channel", "state").annotate(Count("pk"))],
    )  # fmt: skip
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED).order_by()
    yield gauge("deliveries_waiting", "Deliveries that are still to go out.", ["channel"],
                [([channel], count) for channel, count in waiting.values_list("channel").annotate(Count("pk"))])  # fmt: skip  # noqa: E501
    oldest = waiting.filter(due__lte=now).aggregate(oldest=Min("due"))["oldest"]
    yield gauge("deliveries_oldest_waiting_seconds", "Since the oldest waiting delivery might have gone out.", [],
                [([], (now - oldest).total_seconds() if oldest else 0.0)])  # fmt: skip
    dead = Delivery.objects.filter(state=DeliveryState.DEAD).order_by().values_list("channel").annotate(Count("pk"))
    yield gauge("deliveries_dead", "Deliveries that failed for good and wait for a person.", ["channel"],
                [([channel], count) for channel, count in dead])  # fmt: skip


register("notify", collect)
