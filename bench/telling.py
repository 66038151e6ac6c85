"""What the benchmarks of deliveries share: a station with a webhook, and deliveries that wait for the worker."""

from __future__ import annotations

from typing import Any

KIND = "matter.offered"


def prepare(url: str, people: int = 0) -> tuple[Any, list[Any]]:
    """A migrated database with a station, an endpoint that leads to ``url``, and so many officers."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from jishi.matters.tests import factory
    from jishi.notify.endpoints.actions import add_endpoint

    house = factory.a_station()
    if url:
        add_endpoint(
            bureau=house.station.bureau, station=house.station, kind="webhook", label="bench", config={"url": url},
            by=house.desk,
        )  # fmt: skip
    return house, [factory.staff("officer", house) for _each in range(people)]


def tell_many(house: Any, number: int, first: int = 1, each: int = 1) -> None:
    """So many deliveries to the webhook, ``each`` of one matter, a hundred in one transaction."""
    from datetime import timedelta

    from django.db import transaction
    from django.utils import timezone

    from jishi.notify.actions import tell

    begun = timezone.now() - timedelta(hours=1)
    for start in range(0, number, 100):
        with transaction.atomic():
            for place in range(start, min(start + 100, number)):
                subject, turn = first + place // each, place % each
                tell(KIND, station=house.station.pk, subject=("matter", subject), to=[],
                     now=begun + timedelta(minutes=2 * turn))  # fmt: skip


def waiting() -> bool:
    """Whether a delivery waits."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM notify_delivery WHERE state = 'queued' LIMIT 1")
        return cursor.fetchone() is not None
