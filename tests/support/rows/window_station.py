"""What the station tells and offers at its window, in the permission table: the public reads it, the desk and its leaders keep it."""  # noqa: E501

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from jishi.matters.actions import Place
from jishi.window.actions.figures import release_figures
from jishi.window.actions.notices import Said, write_notice
from jishi.window.actions.reporting import report_at_window
from jishi.window.models import Appointment, Notice, Service
from jishi.window.quarters import Quarter
from jishi.window.queries.nearby import mark_of

ADDRESSES = """
window:notices               GET    200   200    200  200     200 200     200     200     200   200    200
window:notices               POST   405   405    405  405     405 405     405     405     405   405    405
window:notices_feed          GET    200   200    200  200     200 200     200     200     200   200    200
window:notices_feed          POST   405   405    405  405     405 405     405     405     405   405    405
window:notice                GET    200   200    200  200     200 200     200     200     200   200    200
window:notice                POST   405   405    405  405     405 405     405     405     405   405    405
window:figures               GET    200   200    200  200     200 200     200     200     200   200    200
window:figures               POST   405   405    405  405     405 405     405     405     405   405    405
window:figures_csv           GET    200   200    200  200     200 200     200     200     200   200    200
window:figures_csv           POST   405   405    405  405     405 405     405     405     405   405    405
window:open_data             GET    200   200    200  200     200 200     200     200     200   200    200
window:open_data             POST   405   405    405  405     405 405     405     405     405   405    405
window:open_data_csv         GET    200   200    200  200     200 200     200     200     200   200    200
window:open_data_csv         POST   405   405    405  405     405 405     405     405     405   405    405
window:services              GET    200   200    200  200     200 200     200     200     200   200    200
window:services              POST   405   405    405  405     405 405     405     405     405   405    405
window:service               GET    200   200    200  200     200 200     200     200     200   200    200
window:service               POST   405   405    405  405     405 405     405     405     405   405    405
window:appointments          GET    200   200    200  200     200 200     200     200     200   200    200
window:appointments          POST   422   422    422  422     422 422     422     422     422   422    422
window:cancel_appointment    GET    200   200    200  200     200 200     200     200     200   200    200
window:cancel_appointment    POST   422   422    422  422     422 422     422     422     422   422    422
window:survey                GET    200   200    200  200     200 200     200     200     200   200    200
window:survey                POST   422   422    422  422     422 422     422     422     422   422    422
window:urgent                GET    200   200    200  403     403 403     403     403     403   200    302
window:urgent                POST   405   405    405  405     405 405     405     405     405   405    302
window:confirm_urgent        GET    405   405    405  405     405 405     405     405     405   405    302
window:confirm_urgent        POST   303   303    303  403     403 403     403     403     403   303    302
window:queue                 GET    200   200    200  403     403 403     403     403     403   200    302
window:queue                 POST   405   405    405  405     405 405     405     405     405   405    302
window:move_appointment      GET    405   405    405  405     405 405     405     405     405   405    302
window:move_appointment      POST   303   303    303  403     403 403     403     403     403   303    302
window:counter               GET    200   200    200  403     403 403     403     403     403   200    302
window:counter               POST   422   422    422  403     403 403     403     403     403   422    302
window:counter_look          GET    405   405    405  405     405 405     405     405     405   405    302
window:counter_look          POST   200   200    200  403     403 403     403     403     403   200    302
window:counter_follow        GET    405   405    405  405     405 405     405     405     405   405    302
window:counter_follow        POST   201   201    201  403     403 403     403     403     403   201    302
window:desk_notices          GET    200   200    200  403     403 403     403     403     403   200    302
window:desk_notices          POST   405   405    405  405     405 405     405     405     405   405    302
window:write_notice          GET    200   200    200  403     403 403     403     403     403   200    302
window:write_notice          POST   303   303    303  403     403 403     403     403     403   303    302
window:change_notice         GET    200   200    200  403     403 403     403     403     403   200    302
window:change_notice         POST   303   303    303  403     403 403     403     403     403   303    302
window:withdraw_notice       GET    405   405    405  405     405 405     405     405     405   405    302
window:withdraw_notice       POST   303   303    303  403     403 403     403     403     403   303    302
window:desk_survey           GET    200   200    200  403     403 403     403     403     403   200    302
window:desk_survey           POST   405   405    405  405     405 405     405     405     405   405    302
"""
PUBLIC = {
    f"window:{name}"
    for name in (
        "notices", "notices_feed", "notice", "figures", "figures_csv", "open_data", "open_data_csv", "services",
        "service", "appointments", "cancel_appointment", "survey",
    )
}  # fmt: skip
IN_ROUTES = {"service"}
_WORDS = {"title_zh": "窗口办公时间调整", "text_zh": "下周一起，窗口上午九点开门。"}


def arguments(world: Any, name: str) -> list[Any] | None:
    """What stands in the address of a name of ours."""
    code = world.house.station.code
    if name in ("window:figures_csv", "window:open_data_csv"):
        _released(world)
    return {
        "window:notice": lambda: [code, _notice(world).pk],
        "window:service": lambda: [code, "id-card"],
        "window:confirm_urgent": lambda: [_need(world)],
        "window:move_appointment": lambda: [_appointment(world).pk, "call"],
        "window:change_notice": lambda: [_notice(world).pk],
        "window:withdraw_notice": lambda: [_notice(world).pk],
        **{name: lambda: [code] for name in PUBLIC - {"window:notice", "window:service"}},
    }.get(name, lambda: None)()


def sent(world: Any, name: str) -> dict[str, Any] | None:
    """What a form of ours sends."""
    if name == "window:write_notice":
        return dict(_WORDS)
    if name in ("window:change_notice", "window:withdraw_notice"):
        return {**_WORDS, "version": _notice(world).version}
    if name == "window:counter_follow":
        return {"key": uuid4().hex, "which": mark_of(world.matters["handling"].pk)}
    return None


def _once(world: Any, what: str, make: Any) -> Any:
    made: dict[str, Any] = world.__dict__.setdefault("at_the_window", {})
    if what not in made:
        made[what] = make()
    return made[what]


def _notice(world: Any) -> Notice:
    def make() -> Notice:
        now = timezone.now()
        said = Said(_WORDS["title_zh"], _WORDS["text_zh"], now - timedelta(hours=1))
        return write_notice(world.house.station, said, by=world.house.desk, now=now)

    found: Notice = _once(world, "notice", make)
    return found


def _appointment(world: Any) -> Appointment:
    def make() -> Appointment:
        now = timezone.now()
        return Appointment.objects.create(
            station=world.house.station, service=Service.objects.get(pk="id-card"), day=timezone.localdate(now),
            starts=now, queue=1, code_hash="table", made_at=now,
        )  # fmt: skip

    found: Appointment = _once(world, "appointment", make)
    return found


def _need(world: Any) -> str:
    def make() -> str:
        return report_at_window(
            world.house.station, words="整栋楼停水", category=None, place=Place(name="和平里3号楼"), urgent=True,
            language="zh-hans", key="e" * 32, now=timezone.now(),
        ).number  # fmt: skip

    found: str = _once(world, "need", make)
    return found


def _released(world: Any) -> None:
    def make() -> bool:
        now = timezone.now()
        quarter = Quarter.of(timezone.localdate(now))
        later = datetime.combine(quarter.after.first, now.time(), tzinfo=now.tzinfo) + timedelta(days=30)
        assert world.handled
        return release_figures(world.house.station, quarter, later) is not None

    assert _once(world, "released", make)
