"""Channels and their test, and the devices of a member of staff, in the permission table."""

from __future__ import annotations

from typing import Any

from jishi.notify.endpoints.actions import add_endpoint, switch
from jishi.notify.endpoints.devices import subscribe
from jishi.notify.models import Endpoint, PushSubscription
from tests.support.pushing import Browser

#: What is sealed: where a channel leads and its secrets, the number at which a member of staff is texted.
PERSON_COLUMNS = {
    "notify.Endpoint.config_sealed", "notify.PushSubscription.config_sealed", "notify.Preference.mobile_sealed",
    "notify.VapidKey.private_sealed",
}  # fmt: skip
ADDRESSES = """
notify:channels         GET    403   403    403  403     403 403     403     403     200   403    302
notify:channels         POST   405   405    405  405     405 405     405     405     405   405    302
notify:channel_add      GET    403   403    403  403     403 403     403     403     200   403    302
notify:channel_add      POST   403   403    403  403     403 403     403     403     303   403    302
notify:channel          GET    404   404    404  404     404 404     404     404     200   404    302
notify:channel          POST   404   404    404  404     404 404     404     404     303   404    302
notify:channel_test     GET    405   405    405  405     405 405     405     405     405   405    302
notify:channel_test     POST   404   404    404  404     404 404     404     404     200   404    302
notify:channel_switch   GET    405   405    405  405     405 405     405     405     405   405    302
notify:channel_switch   POST   404   404    404  404     404 404     404     404     302   404    302
notify:channel_secret   GET    405   405    405  405     405 405     405     405     405   405    302
notify:channel_secret   POST   404   404    404  404     404 404     404     404     200   404    302
notify:channel_delete   GET    405   405    405  405     405 405     405     405     405   405    302
notify:channel_delete   POST   404   404    404  404     404 404     404     404     302   404    302
notify:device_key       GET    405   405    405  405     405 405     405     405     405   405    302
notify:device_key       POST   200   200    200  200     200 200     200     200     200   200    302
notify:subscribe        GET    405   405    405  405     405 405     405     405     405   405    302
notify:subscribe        POST   422   422    422  422     422 422     422     422     422   422    302
notify:unsubscribe      GET    405   405    405  405     405 405     405     405     405   405    302
notify:unsubscribe      POST   422   422    422  422     422 422     422     422     422   422    302
notify:device_remove    GET    405   405    405  405     405 405     405     405     405   405    302
notify:device_remove    POST   404   404    302  404     404 404     404     404     404   404    302
notify:manifest         GET    200   200    200  200     200 200     200     200     200   200    200
notify:manifest         POST   405   405    405  405     405 405     405     405     405   405    405
notify:worker           GET    200   200    200  200     200 200     200     200     200   200    200
notify:worker           POST   405   405    405  405     405 405     405     405     405   405    405
notify:offline          GET    200   200    200  200     200 200     200     200     200   200    200
notify:offline          POST   405   405    405  405     405 405     405     405     405   405    405
"""
SENT: dict[str, dict[str, Any]] = {
    "notify:channel_add": {"label": "值班群", "token": "0a1b2c3d4e5f", "least_grade": "4"},
    "notify:channel": {"label": "对接系统", "url": "", "least_grade": "4"},
    "notify:channel_switch": {"on": "0"},
}
#: A device is its owner's; what is set up is for one's own station whatever the address.
OF_STAFF = {"notify:device_remove"}
PUBLIC = {"notify:channel_add"}
#: What kind of channel is set up.
IN_ROUTES = {"kind"}


def arguments(world: Any, name: str) -> list[Any] | None:
    """What stands in the address."""
    if name == "notify:channel_add":
        return ["wecombot"]
    if name == "notify:device_remove":
        return [_device(world).pk]
    if name == "notify:channel_delete":
        return [_endpoint(world, "off").pk]
    if name.startswith("notify:channel_") or name == "notify:channel":
        return [_endpoint(world, "on").pk]
    return None


def _endpoint(world: Any, label: str) -> Endpoint:
    """A webhook of the house; the one that is ``off`` may be deleted."""
    found = Endpoint.objects.filter(station=world.house.station, label=label).first()
    if found is not None:
        return found
    station, by = world.house.station, world.house.people["administrator"]
    config = {"url": "https://10.0.0.1/hook"}
    made, _secret = add_endpoint(
        bureau=station.bureau, station=station, kind="webhook", label=label, config=config, by=by
    )
    switch(made, on=label == "on", by=by)
    return made


def _device(world: Any) -> PushSubscription:
    """The desk officer's phone."""
    found = PushSubscription.objects.filter(staff=world.house.desk).first()
    return found or subscribe(world.house.desk, endpoint="https://push.example.org/1", **Browser("/1").keys())
