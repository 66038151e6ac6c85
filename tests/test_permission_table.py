"""Who may do what at which address: every address of the installation, for every role, at one's own station and at another.

The two tables below are what is meant.  The walk over the URLconf fails when an address stands in neither.

Over SQLite every role asks for everything.  Who may do what is decided in Python, in the same words on every database;
so over PostgreSQL each address and command is asked for once for each answer that the table knows to it, by the first
role that gets it, and by the posts of a bureau, whose queries are others: which shows that what is asked of the database
there is answered there.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from jishi.journal.models import Event
from jishi.matters.commands import BY_VERB
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from jishi.register.commands import COMMANDS as ELEMENT_COMMANDS
from tests.support import elements, lists
from tests.support import rows as parts
from tests.support.asking import GIVEN_IN, address_of, arguments, asking, headed, sent, ways
from tests.support.world import World, a_world, written

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
stations:switch              GET    405   405    405  405     405 405     405     405     405   405    302
stations:switch              POST   302   302    302  302     302 302     302     302     302   302    302
stations:account             GET    200   200    200  200     200 200     200     200     200   200    302
stations:account             POST   405   405    405  405     405 405     405     405     405   405    302
stations:language            GET    405   405    405  405     405 405     405     405     405   405    405
stations:language            POST   302   302    302  302     302 302     302     302     302   302    302
stations:make_token          GET    405   405    405  405     405 405     405     405     405   405    302
stations:make_token          POST   200   200    200  200     200 200     200     200     200   200    302
stations:revoke_token        GET    405   405    405  405     405 405     405     405     405   405    302
stations:revoke_token        POST   404   404    302  404     404 404     404     404     404   404    302
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
exchange:marked              GET    200   200    200  404     404 404     404     404     200   200    302
exchange:marked              POST   405   405    405  405     405 405     405     405     405   405    302
exchange:template            GET    200   200    200  403     403 403     403     403     200   200    302
exchange:template            POST   405   405    405  405     405 405     405     405     405   405    302
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
api:list_elements            GET    200   200    200  200     200 200     200     200     200   200    401
api:create_element           POST   201   201    201  201     201 201     403     403     403   201    401
api:read_element             GET    200   200    200  200     200 200     200     200     200   200    401
api:read_element             POST   405   405    405  405     405 405     405     405     405   405    405
api:list_element_changes     GET    200   200    200  200     200 200     200     200     200   200    401
api:list_element_changes     POST   405   405    405  405     405 405     405     405     405   405    405
api:list_element_categories  GET    200   200    200  200     200 200     200     200     200   200    401
api:list_element_categories  POST   405   405    405  405     405 405     405     405     405   405    405
api:change_element           GET    405   405    405  405     405 405     405     405     405   405    405
api:change_element           POST   200   200    200  200     200 200     403     403     403   200    401
api:verify_element           GET    405   405    405  405     405 405     405     405     405   405    405
api:verify_element           POST   200   200    200  200     200 200     403     403     403   200    401
api:close_element            GET    405   405    405  405     405 405     405     405     405   405    405
api:close_element            POST   200   200    200  200     403 403     403     403     403   200    401
api:reopen_element           GET    405   405    405  405     405 405     405     405     405   405    405
api:reopen_element           POST   200   200    200  200     403 403     403     403     403   200    401
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
ADDRESSES = ADDRESSES.rstrip() + elements.ADDRESSES.rstrip() + lists.ADDRESSES.rstrip() + parts.addresses()

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
locate    yes   yes    yes  yes     yes yes     -       -       -     yes    -
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

COMMANDS = COMMANDS.rstrip() + parts.commands()

#: Addresses of what belongs to one member of staff, at no station.
OF_STAFF = {"matters:drop_view", "stations:revoke_token"} | parts.names("OF_STAFF")
#: Addresses that name a square of the map, a file of the base map or a category, not something of a station.
OF_THE_MAP = {"register:tile", "register:layer_tile", "register:hexagons", "register:basemap", "exchange:template",
              "exchange:ogc_collection", "exchange:ogc_items"} | parts.names("PUBLIC")  # fmt: skip
#: Addresses that a library makes by the hundred begin so; only an administrator comes in.
ADMIN = "admin/"
API_COMMAND = "api/v1/matters/<number>/commands/"


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
            known = name in named or name in ("matters:command", "register:command") or route.startswith(ADMIN)
        if not known:
            missing.append((route, name))
    assert missing == []
    there = {name for _route, name in patterns(get_resolver())}
    assert named - there == set()
    assert verbs == set(BY_VERB) - {"report"} - parts.names("THROUGH_A_LINK") == set(GIVEN_IN)


@pytest.mark.timeout(600)
def test_every_address_answers_as_the_table_says(world):
    wrong = []
    for (name, method), cells in table(ADDRESSES, 2):
        address = address_of(world, name)
        for who, expected in asking(cells).items():
            data = sent(world, name) if method == "POST" else None
            answer = world.callers[who].ask(method.lower(), address, data, **headed(world, name))
            if str(answer.status_code) != expected:
                wrong.append(f"{method} {name} by {who}: {answer.status_code} instead of {expected}")
    assert wrong == []


def test_every_command_answers_as_the_table_says(world):
    wrong = []
    for (verb,), cells in table(COMMANDS, 1):
        for way, expected in enumerate((("200", "403", "302"), ("303", "403", "302"), ("200", "403", "401"))):
            for who, cell in asking(cells).items():
                method, address, data, headers = list(ways(world, verb, world.matters[GIVEN_IN[verb]]))[way]
                answer = world.callers[who].ask(method, address, data, **headers)
                meant = expected[0 if cell == "yes" else 2 if who == "anon" else 1]
                if str(answer.status_code) != meant:
                    wrong.append(f"{method} {address} by {who}: {answer.status_code} instead of {meant}")
    assert wrong == []


def test_every_command_to_an_element_answers_as_the_table_says(world):
    wrong = []
    for (verb,), cells in table(elements.COMMANDS, 1):
        for who, cell in asking(cells).items():
            address, fields = world.elements.command(verb)
            for method, data, good in (("get", None, 200), ("post", fields, 303)):
                meant = good if cell == "yes" else 302 if who == "anon" else 403
                status = world.callers[who].ask(method, address, data).status_code
                if status != meant:
                    wrong.append(f"{method} {address} by {who}: {status} instead of {meant}")
    assert wrong == []
    assert {labels[0] for labels, _cells in table(elements.COMMANDS, 1)} == set(ELEMENT_COMMANDS)


def test_only_administrators_come_into_the_administration(world):
    routes = [route for route, _name in patterns(get_resolver()) if route.startswith(ADMIN) and route.isascii()]
    assert world.callers["admin"].ask("get", f"/{ADMIN}").status_code == 200
    plain = [route for route in routes if not set(route) & set("<(?") and not route.endswith(("login/", "logout/"))]
    assert len(plain) > 10
    for route in plain:
        for who, caller in world.callers.items():
            if who != "admin":
                assert caller.ask("get", f"/{route}").status_code in (302, 403, 404), (route, who)


def test_another_stations_matter_is_not_there(world):
    """Whatever the role and whatever the address: 404, as for a matter that never was."""
    addresses: list[tuple[str, str, Any, dict[str, str]]] = [
        (method.lower(), address_of(world, name), sent(world, name) if method == "POST" else None, headed(world, name))
        for (name, method), cells in table(ADDRESSES, 2)
        if arguments(world, name) and name not in OF_STAFF | OF_THE_MAP and "405" not in cells.values()
    ]
    commands = [way for verb, state in GIVEN_IN.items() for way in ways(world, verb, world.matters[state])]
    assert len(addresses) > 10
    found = []
    chiefs = ("neighbour's chief", "foreign bureau's chief")
    strangers = world.strangers if connection.vendor == "sqlite" else {who: world.strangers[who] for who in chiefs}
    for who, caller in strangers.items():
        asked = [*addresses, *commands] if who in chiefs else addresses
        for method, address, data, headers in [*asked, *commands[:3]]:
            answer = caller.ask(method, address, data, **headers)
            if answer.status_code != 404:
                found.append(f"{method} {address} by {who}: {answer.status_code}")
    assert found == []


def test_nobody_goes_to_work_at_another_station(world):
    for who, caller in world.strangers.items():
        answer = caller.ask("post", reverse("stations:switch"), {"station": world.house.station.pk})
        assert answer.status_code == 404, who


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
    """Every address by GET, also those that are for POST alone: no row of ours is written."""
    addresses = [address_of(world, name) for name in dict.fromkeys(labels[0] for labels, _ in table(ADDRESSES, 2))]
    for verb, state in GIVEN_IN.items():
        addresses += [address for _method, address, _data, _headers in ways(world, verb, world.matters[state])]
    callers = [world.callers[who] for who in ("chief", "officer", "admin", "anon")]
    before = rows()
    with written() as statements:
        for caller in callers:
            for address in addresses:
                caller.send("get", address)
    assert statements == []
    assert rows() == before


def rows() -> dict[str, Any]:
    """How many rows each table holds, and where the journal stands."""
    counts = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    last = Event.objects.order_by("-pk").values_list("hash", flat=True).first()
    return {**counts, "versions": sum(Matter.objects.values_list("version", flat=True)), "last": last}
