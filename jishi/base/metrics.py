"""Figures for Prometheus at ``/metrics``: each room registers a collector; counts, never names or ids of anything said.

What is read stands for ten seconds, so that no number of readers makes work.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from ipaddress import ip_address
from time import monotonic

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

SECONDS = 10
#: Any of these says that somebody stands between the reader and us.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")

Collect = Callable[[datetime], Iterable[Metric]]

_collectors: dict[str, Collect] = {}
_read: tuple[float, list[Metric]] | None = None
_reading = threading.Lock()


def register(room: str, collect: Collect) -> None:
    """Add a room's figures; the same room again replaces them."""
    _collectors[room] = collect


def gauge(name: str, text: str, labels: Iterable[str], values: Iterable[tuple[Iterable[str], float]]) -> Metric:
    """A figure ``jishi_<name>`` with its labels: (values of the labels, number) for each."""
    family = GaugeMetricFamily(f"jishi_{name}", text, labels=list(labels))
    for of, value in values:
        family.add_metric(list(of), value)
    return family


def forget() -> None:
    """Read anew from now on."""
    global _read
    _read = None


def figures() -> list[Metric]:
    """All figures, at most ten seconds old.  A room that cannot be read says so and leaves the others alone."""
    global _read
    with _reading:
        if _read is None or monotonic() - _read[0] > SECONDS:
            _read = monotonic(), _collect(timezone.now())
        return _read[1]


def _collect(now: datetime) -> list[Metric]:
    found: list[Metric] = []
    ok: list[tuple[list[str], float]] = []
    for room, collect in sorted(_collectors.items()):
        try:
            found += list(collect(now))
        except DatabaseError:
            ok.append(([room], 0.0))
        else:
            ok.append(([room], 1.0))
    found.append(gauge("figures_read", "Whether the figures of a room could be read.", ["room"], ok))
    return found


class _Figures(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from figures()


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """``/metrics``, for a reader on this machine or one with the token; as text or, where asked for, OpenMetrics."""
    token = settings.ENV.metrics_token
    given = request.headers.get("Authorization", "")
    if not (_from_this_machine(request) or (token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()))):
        asked = {"WWW-Authenticate": "Bearer"} if token else {}
        return HttpResponse(status=401 if token else 403, content_type="text/plain", headers=asked)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=content_type)


def _from_this_machine(request: HttpRequest) -> bool:
    """Whether the reader itself is on this machine: a proxy on it speaks for others, and says so in a header."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
