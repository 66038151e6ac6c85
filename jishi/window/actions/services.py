"""The catalogue of services: what ships with Jishi, and what an administrator makes of it."""

from __future__ import annotations

import tomllib
from importlib import resources

from django.db import transaction

from jishi.privacy import refuse_personal
from jishi.window.models import Service, StationService

SAID = ("name", "text", "bring", "fee", "takes")
SAID_AT_STATION = ("where", "hours")


def seed_services() -> None:
    """Put the services that ship with Jishi into the database, where there are none of that code."""
    text = resources.files("jishi.window").joinpath("catalog", "services.toml").read_text(encoding="utf-8")
    known = set(Service.objects.values_list("pk", flat=True))
    for position, row in enumerate(tomllib.loads(text)["service"]):
        if row["code"] not in known:
            Service.objects.create(position=position, **row)


@transaction.atomic
def save_service(service: Service) -> Service:
    """Add or change a service.  Raises ``Refused("personal")``."""
    for name in (f"{said}_{language}" for said in SAID for language in ("zh", "en")):
        refuse_personal(getattr(service, name), name)
    service.save()
    return service


@transaction.atomic
def save_station_service(row: StationService) -> StationService:
    """Say what a station does differently.  Raises ``Refused("personal")``."""
    for name in (f"{said}_{language}" for said in SAID_AT_STATION for language in ("zh", "en")):
        refuse_personal(getattr(row, name), name)
    row.save()
    return row


@transaction.atomic
def drop_station_service(row: StationService) -> None:
    """Let a station do a service as the catalogue says again."""
    row.delete()
