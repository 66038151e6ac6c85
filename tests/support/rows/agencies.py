"""What an outside agency may do, and the links to it, in the permission table."""

from __future__ import annotations

from typing import Any

from jishi.matters.agencies import actions
from jishi.matters.tests import factory

#: The page behind a link asks nobody who they are; the API of agencies takes no token of staff.
ADDRESSES = """
matters:make_agency_link     GET    405   405    405  405     405 405     405     405     405   405    302
matters:make_agency_link     POST   200   200    200  200     403 403     403     403     403   200    302
matters:revoke_agency_link   GET    405   405    405  405     405 405     405     405     405   405    302
matters:revoke_agency_link   POST   303   303    303  303     403 403     403     403     403   303    302
matters:agency_slip          GET    405   405    405  405     405 405     405     405     405   405    302
matters:agency_slip          POST   200   200    200  200     200 200     200     200     200   200    302
matters:agency               GET    200   200    200  200     200 200     200     200     200   200    200
matters:agency               POST   303   303    303  303     303 303     303     303     303   303    303
matters:agency_language      GET    405   405    405  405     405 405     405     405     405   405    405
matters:agency_language      POST   303   303    303  303     303 303     303     303     303   303    303
matters:agency_accept        GET    405   405    405  405     405 405     405     405     405   405    405
matters:agency_accept        POST   303   303    303  303     303 303     303     303     303   303    303
matters:agency_return        GET    405   405    405  405     405 405     405     405     405   405    405
matters:agency_return        POST   303   303    303  303     303 303     303     303     303   303    303
matters:agency_report        GET    405   405    405  405     405 405     405     405     405   405    405
matters:agency_report        POST   303   303    303  303     303 303     303     303     303   303    303
api:list_agency_matters      GET    401   401    401  401     401 401     401     401     401   401    401
api:list_agency_matters      POST   405   405    405  405     405 405     405     405     405   405    405
api:read_agency_matter       GET    401   401    401  401     401 401     401     401     401   401    401
api:read_agency_matter       POST   405   405    405  405     405 405     405     405     405   405    405
api:agency_accept            GET    405   405    405  405     405 405     405     405     405   405    405
api:agency_accept            POST   401   401    401  401     401 401     401     401     401   401    401
api:agency_return            GET    405   405    405  405     405 405     405     405     405   405    405
api:agency_return            POST   401   401    401  401     401 401     401     401     401   401    401
api:agency_report            GET    405   405    405  405     405 405     405     405     405   405    405
api:agency_report            POST   401   401    401  401     401 401     401     401     401   401    401
"""
PUBLIC = {
    "matters:agency", "matters:agency_language", "matters:agency_accept", "matters:agency_return",
    "matters:agency_report", "api:read_agency_matter", "api:agency_accept", "api:agency_return", "api:agency_report",
}  # fmt: skip
#: Given by an agency, through the link of one matter or its key to the API.
THROUGH_A_LINK = {"agency_accept", "agency_return", "agency_report"}
#: What stands in the address of the page behind a link.
IN_ROUTES = {"token"}

_SAID = {"matters:agency_return": {"reason": "不归我们管"}, "matters:agency_report": {"text": "通道已清理"}}


def arguments(world: Any, name: str) -> list[Any] | None:
    """What stands in the address of a name of ours."""
    if name == "api:list_agency_matters" or not any(name == row.split()[0] for row in ADDRESSES.split("\n") if row):
        return None
    matter, link, token = _referred(world)
    if name.startswith("matters:agency") and name != "matters:agency_slip":
        return [token]
    return [matter.number, link.pk] if name == "matters:revoke_agency_link" else [matter.number]


def sent(world: Any, name: str) -> dict[str, Any] | None:
    """What a POST to a name of ours sends."""
    if name in ("matters:agency_accept", *_SAID):
        return {"key": "k", **_SAID.get(name, {})}
    return {
        "matters:make_agency_link": {"days": "14"},
        "matters:agency_slip": {"token": _referred(world)[2]} if name == "matters:agency_slip" else {},
        "matters:agency_language": {"language": "en"},
    }.get(name)


def _referred(world: Any) -> tuple[Any, Any, str]:
    """A matter of the house that stands with its agency, and a link to it."""
    found: tuple[Any, Any, str] | None = world.__dict__.get("referred")
    if found is None:
        house = world.house
        matter = factory.a_matter(house, "handling")
        matter = factory.give(house, matter, "refer", agency=house.agency.pk, reason="请查看消防通道")
        found = world.__dict__["referred"] = (matter, *actions.make_link(matter, by=house.desk))
    return found
