"""The window in the permission table: the public comes in without an account, the desk's side is for the desk and its leaders."""  # noqa: E501

from __future__ import annotations

from typing import Any

ADDRESSES = """
window:stations              GET    200   200    200  200     200 200     200     200     200   200    200
window:stations              POST   405   405    405  405     405 405     405     405     405   405    405
window:home                  GET    200   200    200  200     200 200     200     200     200   200    200
window:home                  POST   405   405    405  405     405 405     405     405     405   405    405
window:settings              GET    405   405    405  405     405 405     405     405     405   405    405
window:settings              POST   303   303    303  303     303 303     303     303     303   303    303
window:privacy               GET    200   200    200  200     200 200     200     200     200   200    200
window:privacy               POST   405   405    405  405     405 405     405     405     405   405    405
window:ground                GET    404   404    404  404     404 404     404     404     404   404    404
window:ground                POST   405   405    405  405     405 405     405     405     405   405    405
window:absent                GET    404   404    404  404     404 404     404     404     404   404    404
window:absent                POST   404   404    404  404     404 404     404     404     404   404    404
window:desk                  GET    302   302    302  403     403 403     403     403     403   302    302
window:desk                  POST   405   405    405  405     405 405     405     405     405   405    302
"""
PUBLIC = {"window:stations", "window:settings", "window:privacy", "window:home", "window:ground", "window:absent"}
PERSON_COLUMNS = {"window.Held.content_sealed"}
OTHER_NAMES = {"window.Held.place_name"}
IN_ROUTES = {"code", "rest"}


def arguments(world: Any, name: str) -> list[Any] | None:
    """What stands in the address of a name of ours."""
    return {
        "window:home": lambda: [world.house.station.code],
        "window:ground": lambda: ["roads.geojson"],
        "window:absent": lambda: [f"{world.house.station.code}/nothing"],
    }.get(name, lambda: None)()


def sent(_world: Any, name: str) -> dict[str, Any] | None:
    """What a POST to a name of ours sends."""
    return {"window:settings": {"language": "en"}}.get(name)
