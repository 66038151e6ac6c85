"""The duty roster and the handover, in the permission table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from jishi.matters.handover.actions import hand_over
from jishi.matters.handover.draft import Scope
from jishi.matters.models import Handover
from jishi.stations.models import Shift

ADDRESSES = """
stations:roster              GET    200   200    200  200     200 200     200     200     200   200    302
stations:roster              POST   405   405    405  405     405 405     405     405     405   405    302
stations:print_roster        GET    200   200    200  200     200 200     200     200     200   200    302
stations:print_roster        POST   405   405    405  405     405 405     405     405     405   405    302
stations:repeat_week         GET    405   405    405  405     405 405     405     405     405   405    302
stations:repeat_week         POST   303   303    303  403     403 403     403     403     303   303    302
stations:drop_shifts         GET    405   405    405  405     405 405     405     405     405   405    302
stations:drop_shifts         POST   303   303    303  403     403 403     403     403     303   303    302
stations:add_shift           GET    200   200    200  403     403 403     403     403     200   200    302
stations:add_shift           POST   303   303    303  403     403 403     403     403     303   303    302
stations:change_shift        GET    200   200    200  403     403 403     403     403     200   200    302
stations:change_shift        POST   303   303    303  403     403 403     403     403     303   303    302
stations:drop_shift          GET    405   405    405  405     405 405     405     405     405   405    302
stations:drop_shift          POST   303   303    303  403     403 403     403     403     303   303    302
matters:handover             GET    200   200    200  200     200 200     200     200     200   200    302
matters:handover             POST   422   303    303  303     303 303     403     403     403   303    302
matters:handover_page        GET    200   200    200  200     200 200     200     200     200   200    302
matters:handover_page        POST   405   405    405  405     405 405     405     405     405   405    302
matters:handover_print       GET    200   200    200  200     200 200     200     200     200   200    302
matters:handover_print       POST   405   405    405  405     405 405     405     405     405   405    302
matters:take_over            GET    405   405    405  405     405 405     405     405     405   405    302
matters:take_over            POST   422   422    303  422     422 422     422     422     422   422    302
matters:take_back            GET    405   405    405  405     405 405     405     405     405   405    302
matters:take_back            POST   422   422    422  303     422 422     422     422     422   422    302
"""

_DAY = "2026-02-02"


def a_shift(world: Any) -> Shift:
    """The desk officer of the house on duty, one Monday."""
    found = Shift.objects.filter(station=world.house.station).first()
    day = datetime(2026, 2, 1, 17, tzinfo=UTC)
    return found or Shift.objects.create(
        station=world.house.station, unit=world.house.units["desk"], staff=world.house.desk, starts=day,
        ends=day + timedelta(hours=2),
    )  # fmt: skip


def a_handover(world: Any) -> Handover:
    """A page that the officer of the house signed and that waits for the desk officer."""
    found = Handover.objects.filter(station=world.house.station).first()
    return found or hand_over(
        Scope(world.house.station.pk, world.house.patrol.pk), by=world.house.officer, to=world.house.desk, chosen=(),
        notes={}, note="", key="world", now=datetime.now(UTC),
    )  # fmt: skip


def arguments(world: Any, name: str) -> list[Any] | None:
    """The shift or the handover that the address is about."""
    if name in ("stations:change_shift", "stations:drop_shift"):
        return [a_shift(world).pk]
    if name in ("matters:handover_page", "matters:handover_print", "matters:take_over", "matters:take_back"):
        return [a_handover(world).pk]
    return None


def sent(world: Any, name: str) -> dict[str, Any] | None:
    """What is planned for the desk officer; and the shift that ends goes to the chief."""
    desk, planned = world.house.desk.pk, a_shift(world)
    shift = {"staff": desk, "unit": "", "day": _DAY, "pattern": "night"}
    return {
        "stations:add_shift": shift,
        "stations:change_shift": shift,
        "stations:repeat_week": {"week": _DAY, "weeks": "1"},
        "stations:drop_shifts": {"ids": str(planned.pk)},
        "matters:handover": {"to": world.house.chief.pk, "key": "k", "note": ""},
    }.get(name)
