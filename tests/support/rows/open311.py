"""Open311 in the permission table: the interface asks nobody who they are, its posts ask for a key; its screen is the administrator's."""  # noqa: E501

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from jishi.exchange.open311.actions.counterparts import save_counterpart
from jishi.exchange.open311.actions.keys import make_key
from jishi.exchange.open311.models import ClientKey, Counterpart, Errand, ErrandState
from jishi.journal.models import Event
from jishi.matters.tests import factory

#: What is sealed: the key that an agency gave.
PERSON_COLUMNS = {"exchange.Counterpart.key_sealed"}
#: Several stations are served, so that a list without a jurisdiction is 400; what is not reported by the public is 404.
ADDRESSES = """
exchange:open311                  GET    200   200    200  200     200 200     200     200     200   200    200
exchange:open311                  POST   405   405    405  405     405 405     405     405     405   405    405
exchange:open311_discovery        GET    200   200    200  200     200 200     200     200     200   200    200
exchange:open311_discovery        POST   405   405    405  405     405 405     405     405     405   405    405
exchange:open311_discovery_above  GET    200   200    200  200     200 200     200     200     200   200    200
exchange:open311_discovery_above  POST   405   405    405  405     405 405     405     405     405   405    405
exchange:open311_services         GET    200   200    200  200     200 200     200     200     200   200    200
exchange:open311_services         POST   405   405    405  405     405 405     405     405     405   405    405
exchange:open311_service          GET    200   200    200  200     200 200     200     200     200   200    200
exchange:open311_service          POST   405   405    405  405     405 405     405     405     405   405    405
exchange:open311_requests         GET    400   400    400  400     400 400     400     400     400   400    400
exchange:open311_requests         POST   403   403    403  403     403 403     403     403     403   403    403
exchange:open311_request          GET    404   404    404  404     404 404     404     404     404   404    404
exchange:open311_request          POST   405   405    405  405     405 405     405     405     405   405    405
exchange:open311_token            GET    404   404    404  404     404 404     404     404     404   404    404
exchange:open311_token            POST   405   405    405  405     405 405     405     405     405   405    405
exchange:open311_updates          GET    400   400    400  400     400 400     400     400     400   400    400
exchange:open311_updates          POST   403   403    403  403     403 403     403     403     403   403    403
exchange:open311_nothing          GET    404   404    404  404     404 404     404     404     404   404    404
exchange:open311_nothing          POST   404   404    404  404     404 404     404     404     404   404    404
exchange:open311_keys             GET    403   403    403  403     403 403     403     403     200   403    302
exchange:open311_keys             POST   405   405    405  405     405 405     405     405     405   405    302
exchange:open311_make_key         GET    405   405    405  405     405 405     405     405     405   405    302
exchange:open311_make_key         POST   403   403    403  403     403 403     403     403     200   403    302
exchange:open311_revoke           GET    405   405    405  405     405 405     405     405     405   405    302
exchange:open311_revoke           POST   404   404    404  404     404 404     404     404     303   404    302
exchange:open311_agency           GET    403   403    403  403     403 403     403     403     200   403    302
exchange:open311_agency           POST   403   403    403  403     403 403     403     403     303   403    302
exchange:open311_compare          GET    405   405    405  405     405 405     405     405     405   405    302
exchange:open311_compare          POST   403   403    403  403     403 403     403     403     200   403    302
exchange:open311_switch           GET    405   405    405  405     405 405     405     405     405   405    302
exchange:open311_switch           POST   403   403    403  403     403 403     403     403     303   403    302
exchange:open311_retry            GET    405   405    405  405     405 405     405     405     405   405    302
exchange:open311_retry            POST   303   303    303  403     403 403     403     403     403   303    302
"""
#: An agency is the bureau's; what is set up for it, and the keys, are for one's own station whatever the address.
PUBLIC = {
    *(f"exchange:open311{name}" for name in ("", "_discovery", "_discovery_above", "_services", "_service", "_requests",
                                             "_request", "_token", "_updates", "_nothing")),
    "exchange:open311_make_key", "exchange:open311_agency", "exchange:open311_compare", "exchange:open311_switch",
}  # fmt: skip
#: The form of the answer, a service, the number of a report, a token that stands for one.
IN_ROUTES = {"form", "code", "number", "token"}
_URL = "https://open311.example.org/v2"
SENT: dict[str, dict[str, Any]] = {
    "exchange:open311_make_key": {"label": "市民热线", "days": "30", "per_minute": "60"},
    "exchange:open311_agency": {"url": _URL, "services": "* = GEN"},
    "exchange:open311_switch": {"on": "0"},
}


def arguments(world: Any, name: str) -> list[Any] | None:
    """What stands in the address of a name of ours."""
    return {
        "exchange:open311_discovery": lambda: ["xml"],
        "exchange:open311_discovery_above": lambda: ["xml"],
        "exchange:open311_services": lambda: ["xml"],
        "exchange:open311_service": lambda: ["public.light", "xml"],
        "exchange:open311_requests": lambda: ["xml"],
        "exchange:open311_request": lambda: [world.handled.number, "xml"],
        "exchange:open311_token": lambda: ["nothing", "xml"],
        "exchange:open311_updates": lambda: ["xml"],
        "exchange:open311_revoke": lambda: [_key(world).pk],
        "exchange:open311_agency": lambda: [_counterpart(world).agency_id],
        "exchange:open311_compare": lambda: [_counterpart(world).agency_id],
        "exchange:open311_switch": lambda: [_counterpart(world).agency_id],
        "exchange:open311_retry": lambda: [_errand(world).pk],
    }.get(name, lambda: None)()


def _key(world: Any) -> ClientKey:
    """The key of a system that reports to the house."""
    found = ClientKey.objects.filter(station=world.house.station).first()
    return found or make_key(world.house.station, label="热线", by=world.house.people["administrator"])[0]


def _counterpart(world: Any) -> Counterpart:
    """The system of the house's agency."""
    station, agency = world.house.station, world.house.agency
    found = Counterpart.objects.filter(station=station, agency=agency).first()
    by = world.house.people["administrator"]
    return found or save_counterpart(station, agency, url=_URL, services={"": "GEN"}, by=by)


def _errand(world: Any) -> Errand:
    """A matter of the house that could not be sent to its agency."""
    found = Errand.objects.filter(matter__station=world.house.station).first()
    if found is not None:
        return found
    matter = factory.a_matter(world.house, "assessed")
    factory.give(world.house, matter, "refer", agency=world.house.agency.pk, reason="请核查")
    referred = Event.objects.get(subject_id=matter.pk, kind="matter.referred")
    return Errand.objects.create(
        counterpart=_counterpart(world), matter=matter, version=referred.subject_version, idempotency=uuid.uuid4(),
        state=ErrandState.FAILED, error="open311_403", made_at=timezone.now(),
    )  # fmt: skip
