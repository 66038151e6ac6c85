"""Following a report in the permission table: a receipt opens it, and an account of staff opens nothing."""

from __future__ import annotations

from typing import Any

from jishi.window.letter import stop_token

#: Without an opened receipt a GET leads to where one is opened, and a POST is told so.
ADDRESSES = """
window:track                 GET    200   200    200  200     200 200     200     200     200   200    200
window:track                 POST   422   422    422  422     422 422     422     422     422   422    422
window:track_leave           GET    405   405    405  405     405 405     405     405     405   405    405
window:track_leave           POST   303   303    303  303     303 303     303     303     303   303    303
window:track_add             GET    405   405    405  405     405 405     405     405     405   405    405
window:track_add             POST   403   403    403  403     403 403     403     403     403   403    403
window:track_rate            GET    405   405    405  405     405 405     405     405     405   405    405
window:track_rate            POST   403   403    403  403     403 403     403     403     403   403    403
window:track_dispute         GET    405   405    405  405     405 405     405     405     405   405    405
window:track_dispute         POST   403   403    403  403     403 403     403     403     403   403    403
window:track_withdraw        GET    303   303    303  303     303 303     303     303     303   303    303
window:track_withdraw        POST   403   403    403  403     403 403     403     403     403   403    403
window:track_unfollow        GET    405   405    405  405     405 405     405     405     405   405    405
window:track_unfollow        POST   403   403    403  403     403 403     403     403     403   403    403
window:track_mine            GET    303   303    303  303     303 303     303     303     303   303    303
window:track_mine            POST   403   403    403  403     403 403     403     403     403   403    403
window:track_erase           GET    303   303    303  303     303 303     303     303     303   303    303
window:track_erase           POST   403   403    403  403     403 403     403     403     403   403    403
window:track_letters         GET    405   405    405  405     405 405     405     405     405   405    405
window:track_letters         POST   403   403    403  403     403 403     403     403     403   403    403
window:track_stop            GET    404   404    404  404     404 404     404     404     404   404    404
window:track_stop            POST   404   404    404  404     404 404     404     404     404   404    404
"""
_NAMES = ("", "_leave", "_add", "_rate", "_dispute", "_withdraw", "_unfollow", "_mine", "_erase", "_letters", "_stop")
PUBLIC = {f"window:track{name}" for name in _NAMES}
#: How somebody of the public wants to be told, and the secret of a receipt until its letter has gone out: both sealed.
PERSON_COLUMNS = {"window.Receipt.reach_sealed", "window.Letter.secret_sealed"}


def arguments(_world: Any, name: str) -> list[Any] | None:
    """What stands in the address of a name of ours: the way out of a letter whose receipt is gone."""
    return [stop_token(0)] if name == "window:track_stop" else None


def sent(_world: Any, name: str) -> dict[str, Any] | None:
    """What a POST to a name of ours sends."""
    return {"window:track": {"number": "XH-2020-000001", "secret": "0000-0000-0000"}}.get(name)
