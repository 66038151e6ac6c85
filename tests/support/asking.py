"""What is asked in the permission table: the address of each name, what a POST to it sends, and the ways to a command."""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from jishi.matters.models import Matter
from jishi.stations.models import ApiToken
from tests.support import elements, rows
from tests.support.photos import a_photo
from tests.support.world import World

#: The state in which each command can be given.
GIVEN_IN = {
    "triage": "inherited", "assess": "reported", "reassess": "handling", "decline": "assessed", "withdraw": "handling",
    "merge": "reported", "unmerge": "merged", "push": "assessed", "refer": "handling", "accept": "pushed",
    "return": "handling", "recall": "pushed", "assign": "handling", "transfer": "assessed", "log": "handling",
    "locate": "handling", "suspend": "handling", "resume": "suspended", "extend": "handling",
    "submit": "handling", "check": "submitted", "answer": "checked", "rate": "answered", "close": "answered",
    "reopen": "closed", **rows.given_in(),
}  # fmt: skip


_COUNTS = {"date": "2026-02-01", "households": "12", "long_term": "30", "temporary": "5"}


def asking(cells: dict[str, str]) -> dict[str, str]:
    """The cells of a row that are asked for here: all of them, or over PostgreSQL the first one of each answer.

    The bureau's and the stranger's are always among them: one has a query of its own, the other an answer of its own.
    """
    if connection.vendor == "sqlite":
        return cells
    first = {answer: who for who, answer in reversed(cells.items())}
    return {who: answer for who, answer in cells.items() if who in {*first.values(), "bureau", "anon"}}


def nothing_but(_made: object) -> list[Any]:
    """Nothing stands in the address, once this is made."""
    return []


def arguments(world: World, name: str) -> list[Any]:
    """What stands in the address of this name, for something of the house."""
    number = world.handled.number
    if (found := world.elements.arguments(name)) is not None:
        return found
    if (found := rows.arguments(world, name)) is not None:
        return found
    return {
        "matters:drop_view": lambda: [world.view.pk],
        "stations:revoke_token": lambda: [ApiToken.objects.get(staff=world.callers["desk"].staff).pk],
        "matters:page": lambda: [number],
        "matters:print": lambda: [number],
        "matters:receipt": lambda: [number],
        "matters:evidence": lambda: [number, world.evidence.pk],
        "matters:thumbnail": lambda: [number, world.evidence.pk],
        "matters:reveal": lambda: [number, world.party, "contact"],
        "register:decide": lambda: [world.pair.pk],
        "register:export_counts": lambda: nothing_but(world.release),
        "register:card": lambda: ["elements", world.hydrant.pk],
        "register:tile": lambda: [3, 6, 3],
        "register:layer_tile": lambda: ["matters", 3, 6, 3],
        "register:hexagons": lambda: ["elements", 8],
        "register:basemap": lambda: ["roads.geojson"],
        "exchange:reconcile_list": lambda: [world.list.pk],
        "exchange:decide_rows": lambda: [world.list.pk],
        "exchange:undo_reconciled": lambda: [world.list.pk],
        "exchange:put_away_list": lambda: [world.list.pk],
        "exchange:ogc_collection": lambda: ["things"],
        "exchange:ogc_items": lambda: ["things"],
        "exchange:ogc_item": lambda: ["things", world.hydrant.number],
        "exchange:run": lambda: [world.run.pk],
        "exchange:start": lambda: [world.run.pk],
        "exchange:rejects": lambda: [world.run.pk],
        "exchange:marked": lambda: [world.run.pk],
        "exchange:template": lambda: ["place.shop"],
        "api:read_matter": lambda: [number],
        "api:list_matter_events": lambda: [number],
        "api:read_element": lambda: [world.hydrant.number],
        "api:list_element_changes": lambda: [world.hydrant.number],
        "api:reopen_element": lambda: [world.closed_hydrant.number],
        **{f"api:{verb}_element": lambda: [world.hydrant.number] for verb in ("change", "verify", "close")},
    }.get(name, list)()


def values_for(world: World, verb: str, api: bool) -> dict[str, Any]:
    """The fields of a command, as the API takes them or as its form sends them."""
    if (found := rows.values(world, verb, api)) is not None:
        return found
    house, other = world.house, world.neighbour.station
    later = timezone.now() + timedelta(days=2)
    why = {"reason": "记录有误"}
    unit = {"unit": house.patrol.code if api else house.patrol.pk}
    kind = {"category": "dispute.rent", "grade": 3}
    root = world.matters["assessed"]
    return {
        "triage": kind, "assess": kind, "reassess": {**kind, **why}, "push": unit, "check": {"result": "pass"},
        "decline": {"outcome": "no_action", **why}, "merge": {"root" if api else "number": root.number},
        "refer": {"agency": house.agency.code if api else house.agency.pk, **why},
        "assign": {"person": house.officer.username if api else house.officer.pk},
        "transfer": {"station": other.code if api else other.pk, **why}, "log": {"text": "已到现场"},
        "locate": {"element": world.hydrant.number},
        "suspend": {"until": later.isoformat() if api else f"{later:%Y-%m-%dT%H:%M}", **why},
        "extend": {**({"minutes": 60} if api else {"amount": 1, "measure": "hours"}), **why},
        "submit": {"outcome": "fixed", "text": "已修复"}, "answer": {"text": "已告知"}, "rate": {"mended": "yes"},
        **dict.fromkeys(("withdraw", "unmerge", "return", "recall", "reopen"), why),
    }.get(verb, {})  # fmt: skip


def ways(world: World, verb: str, matter: Matter) -> Iterator[tuple[str, str, Any, dict[str, str]]]:
    """The three ways to a command: its form, what is sent with the form, and the API."""
    form = reverse("matters:command", args=[matter.number, verb])
    yield "get", form, None, {}
    yield "post", form, {"version": matter.version, "key": "k", **values_for(world, verb, api=False)}, {}
    tag = {"If-Match": f'"{matter.version}"'}
    yield "post", f"/api/v1/matters/{matter.number}/commands/{verb}", values_for(world, verb, api=True) or None, tag


def sent(world: World, name: str) -> dict[str, Any] | None:
    """What a POST to this address sends."""
    if (found := rows.sent(world, name)) is not None:
        return found
    matter = world.matters["answered"]
    return {
        **elements.SENT,
        "stations:switch": {"station": world.house.station.pk},
        "stations:language": {"language": "en"},
        "stations:make_token": {"label": "script", "scopes": ["read"], "days": "7"},
        "matters:bulk": {"verb": "close", "pick": f"{matter.number}:{matter.version}", "send": "1", "key": "k"},
        "matters:save_view": {"name": "open ones", "asked": "open=1"},
        "matters:triage": {"verb": "triage", "triage-grade": "0", "triage-category": "", "triage-key": "k"},
        "matters:report": {"title": "窨井盖松动", "key": "k", "files": a_photo()},
        "matters:similar": {"title": "窨井盖松动"},
        "matters:paste": {"text": "和平里3号楼前窨井盖松动"},
        "matters:reveal": {"reason": "visit"},
        "register:target": {"share": "80"},
        "register:worklist": {"lon": "117.3", "lat": "37.1"},
        "register:decide": {"decision": "different"},
        "register:record_counts": {**_COUNTS, "number": world.building.number},
        "register:record_help": {
            "area": world.house.area.pk if world.house.area else "",
            "kind": "stairs",
            "count": "7",
            "date": "2026-02-01",
        },
        "register:publish_counts": {"date": "2026-02-01" if world.building else ""},
        "register:inside": {
            "polygon": '{"type": "Polygon", "coordinates": [[[114, 38], [115, 38], [115, 39], [114, 38]]]}'
        },
        "exchange:imports": {"known": "0"},
        "api:report": {"title": "窨井盖松动"},
        "api:create_element": {"category": "thing.hydrant", "name": "西门消火栓"},
        "api:change_element": {"name": "东门外消火栓"},
        **{f"api:{verb}_element": {"source": "消防栓清单"} for verb in ("verify", "close", "reopen")},
    }.get(name)


def headed(world: World, name: str) -> dict[str, str]:
    """The headers of a request to this address: which version was seen."""
    if not name.startswith("api:") or not name.endswith("_element"):
        return {}
    element = world.closed_hydrant if name == "api:reopen_element" else world.hydrant
    return {"If-Match": f'"{element.version}"'}


def address_of(world: World, name: str) -> str:
    """The address of this name, for something of the house."""
    if name == "api:nothing":
        return "/api/v1/no-such-thing"
    if name == "exchange:ogc_nothing":
        return "/ogc/v1/no-such-thing"
    return reverse(name, args=arguments(world, name))
