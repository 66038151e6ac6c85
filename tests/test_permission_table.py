"""Who may do what at which address: every address of the installation, for every role, at one's own station and at another.

The two tables below are what is meant.  The walk over the URLconf fails when an address stands in neither.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from jishi.journal.models import Event
from jishi.matters.commands import BY_VERB
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from tests.support.world import World, a_photo, a_world, written

pytestmark = pytest.mark.django_db

#: One row for each address and method: what it answers to each role at its own station.  ``bureau`` has a chief's post
#: above all stations of the bureau.  302 is the way to sign in, or on from what was done.
ADDRESSES = """
address                      method chief deputy desk officer aux checker analyst auditor admin bureau anon
base:healthz                 GET    200   200    200  200     200 200     200     200     200   200    200
base:healthz                 POST   405   405    405  405     405 405     405     405     405   405    405
base:readyz                  GET    503   503    503  503     503 503     503     503     503   503    503
base:readyz                  POST   405   405    405  405     405 405     405     405     405   405    405
base:theme                   GET    405   405    405  405     405 405     405     405     405   405    405
base:theme                   POST   302   302    302  302     302 302     302     302     302   302    302
base:style                   GET    200   200    200  200     200 200     200     200     200   200    302
base:style                   POST   405   405    405  405     405 405     405     405     405   405    405
base:style_dialog            GET    200   200    200  200     200 200     200     200     200   200    302
base:style_dialog            POST   405   405    405  405     405 405     405     405     405   405    405
matters:desk                 GET    200   200    200  200     200 200     200     200     200   200    302
matters:desk                 POST   405   405    405  405     405 405     405     405     405   405    302
matters:list                 GET    200   200    200  200     200 200     200     200     200   200    302
matters:list                 POST   405   405    405  405     405 405     405     405     405   405    302
matters:export               GET    200   200    200  200     200 200     200     200     200   200    302
matters:export               POST   405   405    405  405     405 405     405     405     405   405    302
matters:bulk                 GET    405   405    405  405     405 405     405     405     405   405    302
matters:bulk                 POST   200   200    200  403     403 403     403     403     403   200    302
matters:columns              GET    405   405    405  405     405 405     405     405     405   405    302
matters:columns              POST   302   302    302  302     302 302     302     302     302   302    302
matters:save_view            GET    405   405    405  405     405 405     405     405     405   405    302
matters:save_view            POST   302   302    302  302     302 302     302     302     302   302    302
matters:drop_view            GET    405   405    405  405     405 405     405     405     405   405    302
matters:drop_view            POST   302   302    302  302     302 302     302     302     302   302    302
matters:triage               GET    200   200    200  200     200 200     200     200     200   200    302
matters:triage               POST   200   200    200  403     403 403     403     403     403   200    302
matters:report               GET    200   200    200  200     200 403     403     403     403   200    302
matters:report               POST   303   303    303  303     303 403     403     403     403   303    302
matters:similar              GET    405   405    405  405     405 405     405     405     405   405    302
matters:similar              POST   200   200    200  200     200 403     403     403     403   200    302
matters:paste                GET    200   200    200  200     200 403     403     403     403   200    302
matters:paste                POST   200   200    200  200     200 403     403     403     403   200    302
matters:page                 GET    200   200    200  200     200 200     200     200     200   200    302
matters:page                 POST   405   405    405  405     405 405     405     405     405   405    302
matters:print                GET    200   200    200  200     200 200     200     200     200   200    302
matters:print                POST   405   405    405  405     405 405     405     405     405   405    302
matters:receipt              GET    200   200    200  200     200 200     200     200     200   200    302
matters:receipt              POST   405   405    405  405     405 405     405     405     405   405    302
matters:evidence             GET    200   200    200  200     200 200     200     200     200   200    302
matters:evidence             POST   405   405    405  405     405 405     405     405     405   405    302
matters:thumbnail            GET    200   200    200  200     200 200     200     200     200   200    302
matters:thumbnail            POST   405   405    405  405     405 405     405     405     405   405    302
matters:reveal               GET    200   200    200  200     200 200     200     200     200   200    302
matters:reveal               POST   200   200    200  200     200 403     403     403     403   200    302
exchange:imports             GET    200   200    200  403     403 403     403     403     200   200    302
exchange:imports             POST   422   422    422  403     403 403     403     403     422   422    302
exchange:run                 GET    200   200    200  404     404 404     404     404     200   200    302
exchange:run                 POST   405   405    405  405     405 405     405     405     405   405    302
exchange:start               GET    405   405    405  405     405 405     405     405     405   405    302
exchange:start               POST   303   303    303  404     404 404     404     404     303   303    302
exchange:rejects             GET    200   200    200  404     404 404     404     404     200   200    302
exchange:rejects             POST   405   405    405  405     405 405     405     405     405   405    302
account_login                GET    302   302    302  302     302 302     302     302     302   302    200
account_login                POST   302   302    302  302     302 302     302     302     302   302    200
account_logout               GET    200   200    200  200     200 200     200     200     200   200    302
account_logout               POST   302   302    302  302     302 302     302     302     302   302    302
account_inactive             GET    200   200    200  200     200 200     200     200     200   200    200
account_inactive             POST   405   405    405  405     405 405     405     405     405   405    405
account_signup               GET    302   302    302  302     302 302     302     302     302   302    200
account_signup               POST   302   302    302  302     302 302     302     302     302   302    200
account_reauthenticate       GET    200   200    200  200     200 200     200     200     200   200    302
account_reauthenticate       POST   200   200    200  200     200 200     200     200     200   200    302
account_change_password      GET    200   200    200  200     200 200     200     200     200   200    302
account_change_password      POST   200   200    200  200     200 200     200     200     200   200    302
mfa_index                    GET    200   200    200  200     200 200     200     200     200   200    302
mfa_index                    POST   405   405    405  405     405 405     405     405     405   405    302
mfa_authenticate             GET    302   302    302  302     302 302     302     302     302   302    302
mfa_authenticate             POST   302   302    302  302     302 302     302     302     302   302    302
mfa_reauthenticate           GET    302   302    302  302     302 302     302     302     302   302    302
mfa_reauthenticate           POST   302   302    302  302     302 302     302     302     302   302    302
mfa_activate_totp            GET    302   302    302  302     302 302     302     302     302   302    302
mfa_activate_totp            POST   302   302    302  302     302 302     302     302     302   302    302
mfa_deactivate_totp          GET    404   404    404  404     404 404     404     404     404   404    302
mfa_deactivate_totp          POST   404   404    404  404     404 404     404     404     404   404    302
mfa_view_recovery_codes      GET    404   404    404  404     404 404     404     404     404   404    302
mfa_view_recovery_codes      POST   405   405    405  405     405 405     405     405     405   405    302
mfa_generate_recovery_codes  GET    302   302    302  302     302 302     302     302     302   302    302
mfa_generate_recovery_codes  POST   302   302    302  302     302 302     302     302     302   302    302
mfa_download_recovery_codes  GET    404   404    404  404     404 404     404     404     404   404    302
mfa_download_recovery_codes  POST   404   404    404  404     404 404     404     404     404   404    302
usersessions_list            GET    200   200    200  200     200 200     200     200     200   200    302
usersessions_list            POST   302   302    302  302     302 302     302     302     302   302    302
api:openapi                  GET    200   200    200  200     200 200     200     200     200   200    200
api:openapi                  POST   405   405    405  405     405 405     405     405     405   405    405
api:list_matters             GET    200   200    200  200     200 200     200     200     200   200    401
api:report                   POST   201   201    201  201     201 403     403     403     403   201    401
api:read_matter              GET    200   200    200  200     200 200     200     200     200   200    401
api:read_matter              POST   405   405    405  405     405 405     405     405     405   405    405
api:list_matter_events       GET    200   200    200  200     200 200     200     200     200   200    401
api:list_matter_events       POST   405   405    405  405     405 405     405     405     405   405    405
api:list_events              GET    200   200    200  200     200 200     200     200     200   200    401
api:list_events              POST   405   405    405  405     405 405     405     405     405   405    405
api:list_categories          GET    200   200    200  200     200 200     200     200     200   200    401
api:list_categories          POST   405   405    405  405     405 405     405     405     405   405    405
api:stations                 GET    200   200    200  200     200 200     200     200     200   200    401
api:stations                 POST   405   405    405  405     405 405     405     405     405   405    405
api:units                    GET    200   200    200  200     200 200     200     200     200   200    401
api:units                    POST   405   405    405  405     405 405     405     405     405   405    405
api:areas                    GET    200   200    200  200     200 200     200     200     200   200    401
api:areas                    POST   405   405    405  405     405 405     405     405     405   405    405
api:agencies                 GET    200   200    200  200     200 200     200     200     200   200    401
api:agencies                 POST   405   405    405  405     405 405     405     405     405   405    405
api:api-root                 GET    404   404    404  404     404 404     404     404     404   404    404
api:api-root                 POST   404   404    404  404     404 404     404     404     404   404    404
api:nothing                  GET    404   404    404  404     404 404     404     404     404   404    404
api:nothing                  POST   404   404    404  404     404 404     404     404     404   404    404
set_language                 GET    302   302    302  302     302 302     302     302     302   302    302
set_language                 POST   302   302    302  302     302 302     302     302     302   302    302
"""

#: One row for each command: who may give it, in the state where it can be given.  It holds for the form, for what is
#: sent with the form, and for the API alike.
COMMANDS = """
command   chief deputy desk officer aux checker analyst auditor admin bureau anon
triage    yes   yes    yes  -       -   -       -       -       -     yes    -
assess    yes   yes    yes  -       -   -       -       -       -     yes    -
reassess  yes   yes    yes  -       -   -       -       -       -     yes    -
decline   yes   yes    yes  -       -   -       -       -       -     yes    -
withdraw  yes   yes    yes  -       -   -       -       -       -     yes    -
merge     yes   yes    yes  -       -   -       -       -       -     yes    -
unmerge   yes   yes    yes  -       -   -       -       -       -     yes    -
push      yes   yes    yes  -       -   -       -       -       -     yes    -
refer     yes   yes    yes  -       -   -       -       -       -     yes    -
accept    yes   yes    -    yes     -   -       -       -       -     yes    -
return    yes   yes    -    yes     -   -       -       -       -     yes    -
recall    yes   yes    yes  -       -   -       -       -       -     yes    -
assign    yes   yes    -    yes     -   -       -       -       -     yes    -
transfer  yes   yes    -    -       -   -       -       -       -     yes    -
log       yes   yes    yes  yes     yes yes     -       -       -     yes    -
suspend   yes   yes    -    -       -   -       -       -       -     yes    -
resume    yes   yes    -    -       -   -       -       -       -     yes    -
extend    yes   yes    -    -       -   -       -       -       -     yes    -
submit    yes   yes    -    yes     -   -       -       -       -     yes    -
check     yes   yes    -    -       -   yes     -       -       -     yes    -
answer    yes   yes    yes  -       -   -       -       -       -     yes    -
rate      yes   yes    yes  -       -   -       -       -       -     yes    -
close     yes   yes    yes  -       -   -       -       -       -     yes    -
reopen    yes   yes    yes  -       -   -       -       -       -     yes    -
"""

#: Addresses of a library that makes many of them, by how they begin: only an administrator of accounts comes in.
BY_PREFIX = {"admin/": "administrator"}
API_COMMAND = "api/v1/matters/<number>/commands/"

#: The state in which each command can be given.
GIVEN_IN = {
    "triage": "inherited", "assess": "reported", "reassess": "handling", "decline": "assessed", "withdraw": "handling",
    "merge": "reported", "unmerge": "merged", "push": "assessed", "refer": "handling", "accept": "pushed",
    "return": "handling", "recall": "pushed", "assign": "handling", "transfer": "assessed", "log": "handling",
    "suspend": "handling", "resume": "suspended", "extend": "handling", "submit": "handling", "check": "submitted",
    "answer": "checked", "rate": "answered", "close": "answered", "reopen": "closed",
}  # fmt: skip


def table(text: str, labels: int) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """The rows of one of the tables: its first cells, and the others by the head of their column."""
    lines = text.strip().splitlines()
    head = lines[0].split()[-11:]
    for line in lines[1:]:
        cells = line.split()
        yield tuple(cells[:labels]), dict(zip(head, cells[labels:], strict=True))


def patterns(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the URLconf: its route and its full name."""
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, space + (each.name or "")
        else:
            yield from patterns(each, route, space + (f"{each.namespace}:" if each.namespace else ""))


@pytest.fixture
def world() -> World:
    return a_world()


def test_every_address_is_in_a_table():
    named = {labels[0] for labels, _cells in table(ADDRESSES, 2)}
    verbs = {labels[0] for labels, _cells in table(COMMANDS, 1)}
    missing = []
    for route, name in patterns(get_resolver()):
        if route.startswith(API_COMMAND):
            known = route.removeprefix(API_COMMAND) in verbs
        else:
            known = name in named or name == "matters:command" or route.startswith(tuple(BY_PREFIX))
        if not known:
            missing.append((route, name))
    assert missing == []
    there = {name for _route, name in patterns(get_resolver())}
    assert named - there == set()
    assert verbs == set(BY_VERB) - {"report"} == set(GIVEN_IN)


def arguments(world: World, name: str) -> list[Any]:
    """What stands in the address of this name, for something of the house."""
    number = world.handled.number
    return {
        "matters:drop_view": lambda: [world.view.pk],
        "matters:page": lambda: [number],
        "matters:print": lambda: [number],
        "matters:receipt": lambda: [number],
        "matters:evidence": lambda: [number, world.evidence.pk],
        "matters:thumbnail": lambda: [number, world.evidence.pk],
        "matters:reveal": lambda: [number, world.party, "contact"],
        "exchange:run": lambda: [world.run.pk],
        "exchange:start": lambda: [world.run.pk],
        "exchange:rejects": lambda: [world.run.pk],
        "api:read_matter": lambda: [number],
        "api:list_matter_events": lambda: [number],
    }.get(name, list)()


def values_for(world: World, verb: str, api: bool) -> dict[str, Any]:
    """The fields of a command, as the API takes them or as its form sends them."""
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
    matter = world.matters["answered"]
    return {
        "matters:bulk": {"verb": "close", "pick": f"{matter.number}:{matter.version}", "send": "1", "key": "k"},
        "matters:save_view": {"name": "open ones", "asked": "open=1"},
        "matters:triage": {"verb": "triage", "triage-grade": "0", "triage-category": "", "triage-key": "k"},
        "matters:report": {"title": "窨井盖松动", "key": "k", "files": a_photo()},
        "matters:similar": {"title": "窨井盖松动"},
        "matters:paste": {"text": "和平里3号楼前窨井盖松动"},
        "matters:reveal": {"reason": "visit"},
        "exchange:imports": {"known": "0"},
        "api:report": {"title": "窨井盖松动"},
    }.get(name)


def address_of(world: World, name: str) -> str:
    if name == "api:nothing":
        return "/api/v1/no-such-thing"
    return reverse(name, args=arguments(world, name))


def test_every_address_answers_as_the_table_says(world):
    wrong = []
    for (name, method), cells in table(ADDRESSES, 2):
        address, data = address_of(world, name), sent(world, name) if method == "POST" else None
        for who, expected in cells.items():
            answer = world.callers[who].ask(method.lower(), address, data)
            if str(answer.status_code) != expected:
                wrong.append(f"{method} {name} by {who}: {answer.status_code} instead of {expected}")
    assert wrong == []


def test_every_command_answers_as_the_table_says(world):
    wrong = []
    for (verb,), cells in table(COMMANDS, 1):
        for way, expected in enumerate((("200", "403", "302"), ("303", "403", "302"), ("200", "403", "401"))):
            for who, cell in cells.items():
                method, address, data, headers = list(ways(world, verb, world.matters[GIVEN_IN[verb]]))[way]
                answer = world.callers[who].ask(method, address, data, **headers)
                meant = expected[0 if cell == "yes" else 2 if who == "anon" else 1]
                if str(answer.status_code) != meant:
                    wrong.append(f"{method} {address} by {who}: {answer.status_code} instead of {meant}")
    assert wrong == []


def test_another_stations_matter_is_not_there(world):
    """Whatever the role and whatever the address: 404, as for a matter that never was."""
    addresses: list[tuple[str, str, Any, dict[str, str]]] = [
        (method.lower(), address_of(world, name), sent(world, name) if method == "POST" else None, {})
        for (name, method), cells in table(ADDRESSES, 2)
        if arguments(world, name) and name != "matters:drop_view" and "405" not in cells.values()
    ]
    for verb, state in GIVEN_IN.items():
        addresses += ways(world, verb, world.matters[state])
    found = []
    for who, caller in world.strangers.items():
        for method, address, data, headers in addresses:
            answer = caller.ask(method, address, data, **headers)
            if answer.status_code != 404:
                found.append(f"{method} {address} by {who}: {answer.status_code}")
    assert len(addresses) > 80
    assert found == []


def test_lists_hold_no_other_station(world):
    number, code = world.handled.number, world.house.station.code
    lists = [
        *(f"/matters/{query}" for query in ("", f"?unit={world.house.patrol.pk}", f"?q={number}", "?state=handling")),
        *(f"/matters/export/{query}" for query in ("", f"?q={number}")),
        "/?tab=waiting", "/api/v1/matters", "/api/v1/events",
    ]  # fmt: skip
    marks = (world.handled.title, f':"{number}"')
    for address in lists:
        assert any(mark in world.callers["chief"].read(address) for mark in marks), address
        for who, caller in world.strangers.items():
            assert not any(mark in caller.read(address) for mark in marks), (address, who)
    for name in ("api:list_matters", "api:list_events", "api:units", "api:areas", "api:agencies"):
        for who, caller in world.strangers.items():
            answer = caller.ask("get", f"{reverse(name)}?station={code}")
            assert answer.status_code == 422, (name, who)
            assert answer.json()["code"] == "station_unknown"


def test_a_bureaus_post_sees_all_stations_of_the_bureau_and_no_other(world):
    caller = world.callers["bureau"]
    for house, expected in ((world.house, 200), (world.neighbour, 200), (world.foreign, 404)):
        matter = factory.a_matter(house)
        assert caller.ask("get", reverse("matters:page", args=[matter.number])).status_code == expected
        assert caller.ask("get", f"/api/v1/matters/{matter.number}").status_code == expected


def test_nobody_drops_the_view_of_another(world):
    address = reverse("matters:drop_view", args=[world.view.pk])
    for who, caller in {**world.callers, **world.strangers}.items():
        if who != "desk":
            caller.send("post", address)
            assert type(world.view).objects.filter(pk=world.view.pk).exists(), who
    world.callers["desk"].send("post", address)
    assert not type(world.view).objects.filter(pk=world.view.pk).exists()


def test_reading_changes_nothing(world):
    """Every address by GET, also those that are for POST alone, by everybody: no row of ours is written."""
    addresses = [address_of(world, name) for name in dict.fromkeys(labels[0] for labels, _ in table(ADDRESSES, 2))]
    for verb, state in GIVEN_IN.items():
        addresses += [address for _method, address, _data, _headers in ways(world, verb, world.matters[state])]
    callers = list(world.callers.values())
    before = rows()
    with written() as statements:
        for caller in callers:
            for address in addresses:
                caller.send("get", address)
    assert statements == []
    assert rows() == before


def rows() -> dict[str, int]:
    """How many rows each table holds, and where the journal stands."""
    counts = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    last = Event.objects.order_by("-pk").values_list("hash", flat=True).first()
    return {**counts, "versions": sum(Matter.objects.values_list("version", flat=True)), "last": last}
