"""Law two, nobody has a page, and the rules under it, held against the data, the addresses, the API and a whole round."""  # noqa: E501

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.sites import all_sites
from django.db import connection, models
from django.urls import get_resolver
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.matters import commands
from jishi.matters.actions import Door, PartyInput, Place, apply, report_matter, save_view
from jishi.matters.models import Category, Matter, Party, Text
from jishi.matters.queries import Filters
from jishi.matters.queries.similar import similar
from jishi.matters.tests import factory
from jishi.privacy import looks_personal_column, outside_law
from jishi.privacy.models import SubjectKey
from jishi.project.api import description
from jishi.register.actions import create_element
from jishi.stations.models import Staff
from tests.support import plans, rows
from tests.support.cells import cells, strings
from tests.support.house import JISHI
from tests.support.photos import a_photo
from tests.support.rows import public, timing
from tests.support.world import CONTACT, NAME, WORDS, Caller, told_matter
from tests.test_permission_table import patterns

#: One for each way of being told; each must be refused wherever words are taken outside a party.
PERSONAL = ("请回电13800138000", "身份证11010519491231002X", "车牌京A12345")

#: The only columns of a person: staff, and what is sealed.
PERSON_COLUMNS = {
    "stations.Staff.name", "stations.Staff.email", "stations.Staff.username", "matters.Party.name_sealed",
    "matters.Party.contact_sealed", "register.Contact.reach_sealed",
} | rows.names("PERSON_COLUMNS")  # fmt: skip
#: Columns whose name sounds like a person's and which name something else.
OTHER_NAMES = {
    "stations.Bureau.name", "stations.Station.name", "stations.Area.name", "stations.Unit.name", "stations.Agency.name",
    "matters.SavedView.name", "exchange.Run.name",
    "exchange.ReconcileList.name", "register.Element.name", "register.Part.name",
} | rows.names("OTHER_NAMES")  # fmt: skip
#: What addresses may be made of.
IN_ROUTES = {
    "number", "pk", "verb", "party_id", "field", "category", "z", "x", "y", "layer", "key", "resolution", "name",
    "collection", "feature",
} | rows.names("IN_ROUTES")  # fmt: skip
IN_QUERIES = {
    "text", "states", "grades", "category", "area", "unit", "channel", "source", "open", "overdue", "mine", "back",
    "since", "until", "sort", "element",
}  # fmt: skip
IN_API_QUERIES = {
    "station", "state", "stage", "grade", "category", "unit", "area", "open", "overdue", "reported_since",
    "reported_until", "cursor", "limit", "after", "q", "kind", "freshness", "issue", "status", "source", "bbox",
} | rows.names("IN_API_QUERIES")  # fmt: skip
#: Answers of the API that may hold a "name": of a place, a unit, an agency, an element.
NAMED_ANSWERS = {"StationRow", "UnitRow", "AreaRow", "AgencyRow", "ElementRow", "ElementDetail"} | rows.names(
    "NAMED_ANSWERS"
)
A_PERSON = re.compile(r"part(y|ies)|reporter|phone|mobile|contact|e-?mail|person|caller|id_?(card|number)|birth|gender")

#: All that a string in an event may be: a code, a hash, a moment.
CODE = re.compile(r"[a-z][a-z0-9_.]{0,39}")
HASH = re.compile(r"[0-9a-f]{32,64}")
#: A matter's own number: the code of its station, a year, a count.
NUMBER = re.compile(r"[A-Za-z0-9_-]{1,20}-\d{4}-\d{6,}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")


def ours() -> list[type[models.Model]]:
    """The models of the house."""
    return [model for model in apps.get_models() if model.__module__.startswith("jishi.")]


@pytest.fixture
def house(db):
    return factory.a_station()


@pytest.fixture
def told(house) -> Matter:
    return told_matter(house)


# The data


def test_only_staff_and_parties_are_persons():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.concrete_fields
        if looks_personal_column(field.name) or field.name.endswith("_sealed")
    }
    assert found - PERSON_COLUMNS - OTHER_NAMES - _staff_at_work() == set()
    assert found >= PERSON_COLUMNS - {"matters.Party.name_sealed", "matters.Party.contact_sealed"}


def _staff_at_work() -> set[str]:
    """Columns that point to a member of staff, by id."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.concrete_fields
        if (field.remote_field and field.remote_field.model._meta.label == "stations.Staff")
        or isinstance(field, models.BigIntegerField)
    }


def test_nothing_sealed_and_no_words_are_indexed(db):
    allowed = {
        Party: [{"id"}, {"matter_id"}],
        Text: [{"id"}, {"matter_id"}, {"matter_id", "version", "kind"}],
        SubjectKey: [{"id"}, {"subject_kind", "subject_id"}],
    }
    with connection.cursor() as cursor:
        for model, columns in allowed.items():
            constraints = connection.introspection.get_constraints(cursor, model._meta.db_table)
            for name, facts in constraints.items():
                if facts["index"] or facts["unique"] or facts["primary_key"]:
                    assert set(facts["columns"]) in columns, name
    for model in ours():
        sealed = {field.name for field in model._meta.concrete_fields if isinstance(field, models.BinaryField)}
        indexed = {name for index in model._meta.indexes for name in index.fields}
        assert not sealed & indexed, model
        assert not [
            name for name in sealed if model._meta.get_field(name).db_index or model._meta.get_field(name).unique
        ]


def test_nothing_points_to_a_party():
    assert [relation.related_model for relation in Party._meta.related_objects] == []
    assert [field.name for field in Party._meta.concrete_fields if field.is_relation] == ["matter"]


def test_no_screen_of_the_administration_shows_them():
    hidden = {"matters.Party", "matters.Text", "matters.Matter", "privacy.Reveal", "privacy.SubjectKey"}
    assert hidden & {model._meta.label for site in all_sites for model in site._registry} == set()


def test_the_catalogue_holds_nothing_outside_the_law(db):
    shipped = tomllib.loads((JISHI / "matters/catalog/categories.toml").read_text(encoding="utf-8"))["category"]
    for row in shipped:
        for words in (row["code"], row["name_zh"], row["name_en"], *row["words"]):
            assert not outside_law(words), words
    assert set(Category.objects.values_list("code", flat=True)) == {row["code"] for row in shipped}
    for words in ("信访", "上访", "宗教事务", "Political", "Petition"):
        assert outside_law(words), words


# Addresses, filters, the API


def test_no_address_is_by_person():
    for route, _name in patterns(get_resolver()):
        if route.startswith("admin/"):
            continue
        assert {part.split(":")[-1] for part in re.findall(r"<([^>]+)>", route)} <= IN_ROUTES, route
        known = route.replace("<int:party_id>", "").replace("contacts/<int:pk>/", "")  # those of premises, sealed
        assert not A_PERSON.search(known), route


def test_no_filter_is_by_person(house, told):
    assert {field.name for field in fields(Filters)} == IN_QUERIES
    document = json.loads(description())
    asked = {
        parameter["name"]
        for operations in document["paths"].values()
        for operation in operations.values()
        for parameter in operation["parameters"]
        if parameter.get("in") == "query"
    }
    assert asked == IN_API_QUERIES
    desk = Caller(house.desk)
    for name in ("name", "reporter", "contact", "phone", "party", "assignee", "submitter", "staff", "q"):
        for value in (NAME, CONTACT, house.officer.pk):
            answer = desk.ask("get", f"/api/v1/matters?{name}={value}")
            assert answer.status_code == 422, name
            if name != "q":
                assert told.number in desk.read(f"/matters/?{name}={value}"), name


def test_no_answer_of_the_api_holds_a_party():
    document = json.loads(description())
    schemas = document["components"]["schemas"]

    def walk(schema: Any, holder: str, seen: set[str]) -> Iterator[tuple[str, str]]:
        if isinstance(schema, list):
            for part in schema:
                yield from walk(part, holder, seen)
        elif isinstance(schema, dict):
            pointed = schema.get("$ref", "").rpartition("/")[2]
            if pointed in schemas and pointed not in seen:
                seen.add(pointed)
                yield from walk(schemas[pointed], pointed, seen)
            for name in schema.get("properties", {}):
                yield holder, name
            for part in schema.values():
                yield from walk(part, holder, seen)

    found = set()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            found |= set(walk(operation["responses"], path, set()))
    assert len(found) > 40
    assert [each for each in found if A_PERSON.search(each[1])] == []
    assert {holder for holder, name in found if name == "name"} <= NAMED_ANSWERS
    assert {holder for holder, name in found if name == "assignee"} == {"MatterDetail"}


def test_nothing_is_found_by_the_reporters_words(house, told):
    """In no list, search, suggestion or export; only the page of the matter shows what was reported, and no party."""
    desk = Caller(house.desk)
    page = f"/matters/{told.number}/"
    assert WORDS in desk.read(page)
    readers = [page, f"{page}print/", f"{page}receipt/", f"/api/v1/matters/{told.number}", "/", "/matters/",
               "/matters/export/", "/matters/export/?format=xlsx", "/api/v1/matters", "/api/v1/events",
               f"/api/v1/matters/{told.number}/events", "/backlog/", "/?tab=unit"]  # fmt: skip
    for address in readers:
        shown = desk.read(address)
        assert NAME not in shown, address
        assert CONTACT not in shown, address
        assert WORDS not in shown or address.startswith((page, "/api/v1/matters/")), address
    for marker in (NAME, CONTACT, WORDS):
        for address in (f"/matters/?q={marker}", f"/matters/export/?q={marker}"):
            assert told.title not in desk.read(address), address
        answer = desk.send("post", "/report/similar/", {"title": marker, "place": marker})
        assert told.number not in answer.body.decode()
        assert similar(house.desk, house.station.pk, timezone.now(), title=marker) == []
    merge = factory.a_matter(house, title=WORDS)
    assert told.number not in desk.read(f"/matters/{merge.number}/merge/")


def test_the_export_has_no_column_of_a_person(house, told):
    text = Caller(house.analyst).read("/matters/export/", **{"Accept-Language": "en"})
    head, row = list(csv.reader(io.StringIO(text)))
    assert [name for name in head if looks_personal_column(name)] == []
    assert [name for name in head if A_PERSON.search(name.lower())] == []
    assert not {NAME, CONTACT, WORDS, house.officer.name} & set(row)


# Words


def test_what_identifies_a_person_is_refused_everywhere(house):
    """Whatever door the words come in by: titles, places, notes, reasons, answers, saved views."""
    given = {
        "title": lambda words: report_matter(house.station, by=house.desk, title=words),
        "place": lambda words: report_matter(house.station, by=house.desk, title="路灯", place=Place(words)),
        "name": lambda words: save_view(house.desk, words, "open=1"),
        "query": lambda words: save_view(house.desk, "灯", f"q={words}"),
    }
    for words in PERSONAL:
        for field, say in given.items():
            with pytest.raises(Refused) as refused:
                say(words)
            assert (refused.value.code, refused.value.facts["field"]) == ("personal", field)
    with_words = {
        verb: [field.name for field in fields(kind) if field.name in ("title", "reason", "text")]
        for verb, kind in commands.BY_VERB.items()
    }
    for verb, state, more in _every_command(house):
        made = {"asked": timing.asked, "urgent": public.urgent}.get(state)
        matter = (made(house) if made else factory.a_matter(house, state)) if with_words[verb] else None
        if verb.startswith("agency_"):
            factory.give(house, matter, "refer", agency=house.agency.pk, reason="请处置")
        for field in with_words[verb]:
            with pytest.raises(Refused) as refused:
                give(house, matter, verb, house.chief, **{**more, field: PERSONAL[0]})
            assert (refused.value.code, refused.value.facts["field"]) == ("personal", field), verb


def give(house: factory.House, matter: Matter | int, verb: str, by: Staff, **more: Any) -> None:
    """One command with what it needs, by ``by``, or by the agency that the matter is referred to."""
    if verb.startswith("agency_"):
        apply(matter, commands.BY_VERB[verb](**more), by=None, door=Door(house.agency.pk))
    elif verb in public.THROUGH_A_LINK:
        public.by_receipt(matter if isinstance(matter, int) else matter.pk, verb, **more)
    elif verb in ("reassess", "triage"):
        apply(matter, commands.BY_VERB[verb](**{"category": "nuisance.noise", "grade": 2, **more}), by=by)
    else:
        factory.give(house, plans.ready_for(house, verb, matter), verb, by=by, **more)


def _every_command(house: factory.House) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each command with a state where it can be given, and what it needs."""
    yield from (
        ("assess", "reported", {}), ("reassess", "handling", {}), ("decline", "assessed", {"outcome": "no_action"}),
        ("withdraw", "handling", {}), ("refer", "assessed", {"agency": house.agency.pk}), ("return", "handling", {}),
        ("recall", "pushed", {}), ("log", "handling", {}), ("suspend", "handling", {}),
        ("extend", "handling", {"minutes": 60}), ("submit", "handling", {}),
        ("check", "submitted", {"result": "rework"}),
        ("answer", "checked", {}), ("reopen", "closed", {}),
        ("agency_return", "handling", {}), ("agency_report", "handling", {}), *plans.WITH_WORDS,
        ("request", "handling", {"what": "extend", "minutes": 60}), ("refuse", "asked", {}),
        ("unmark_urgent", "urgent", {}), ("rate", "answered", {"mended": True}),
    )  # fmt: skip


def a_whole_round(house: factory.House, mark: str) -> Matter:
    """One matter through every command, each word of it marked, with parties, files and keys that are words too."""
    who = [PartyInput("reporter", NAME, CONTACT)]
    other = factory.a_station("YH", "永和派出所", bureau=house.station.bureau)
    root = factory.a_matter(house)
    done = report_matter(
        house.station, by=house.desk, title=f"{mark}题", description=f"{mark}述", parties=who, place=Place(f"{mark}处"),
        key=f"{mark}-key", uploads=[a_photo(f"{mark}.jpg")],
    )  # fmt: skip
    why = {"reason": f"{mark}因"}
    values = {"state": "good", "type": "ground"}
    stands = create_element(house.station, by=house.desk, category="thing.hydrant", name="消火栓", attributes=values)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("merge", {"root": root.pk}), ("unmerge", why), ("transfer", {"station": other.station.pk, **why}),
        ("transfer", {"station": house.station.pk, **why}), ("assess", {"title": f"{mark}改"}),
        ("reassess", why), ("push", {"rule": "category_unit"}), ("recall", why), ("push", {}),
        ("return", why), ("refer", {"agency": house.agency.pk, **why}), ("agency_accept", {}), ("agency_return", why),
        ("refer", {"agency": house.agency.pk, **why}), ("agency_report", {"text": f"{mark}办"}),
        ("recall", why), ("push", {}), ("accept", {}),
        ("assign", {"person": house.officer.pk}), ("log", {"text": f"{mark}记"}),
        ("locate", {"element": stands.pk}), ("mark_urgent", {}), ("unmark_urgent", why), ("follow", {}),
        ("add", {"text": f"{mark}补"}), ("request", {"what": "extend", "minutes": 30, **why}), ("refuse", why),
        ("request", {"what": "suspend", "until": timezone.now() + timedelta(days=2), **why}),
        ("suspend", why), ("resume", {}),
        ("extend", {"minutes": 30, **why}), ("submit", {"text": f"{mark}办"}), ("check", {"result": "rework", **why}),
        ("submit", {"text": f"{mark}办"}), ("check", {"result": "pass"}), ("answer", {"text": f"{mark}答"}),
        ("rate", {"mended": True, "result": 5, "manner": 4, "text": f"{mark}评"}), ("close", {}), ("reopen", why),
        ("decline", {"outcome": "no_action", **why}), ("answer", {"text": f"{mark}答"}), ("dispute", why),
        ("decline", {"outcome": "no_action", **why}),
    ]  # fmt: skip
    leader = factory.bureau_staff("chief", house.station.bureau)
    for verb, more in steps:
        by = house.officer if verb == "submit" else leader
        give(house, done.matter_id, verb, by, **more)
    plans.a_round(house, mark, leader)
    withdrawn = report_matter(house.station, by=house.desk, title=f"{mark}题", parties=who)
    factory.give(house, withdrawn.matter_id, "withdraw", **why)
    taken_in = factory.an_inherited_matter(house, title=f"{mark}题", place=f"{mark}处")
    give(house, taken_in, "triage", house.desk)
    return Matter.objects.get(pk=done.matter_id)


def test_events_hold_codes_hashes_and_times_only(house):
    mark = "青瓷瓶"
    a_whole_round(house, mark)
    kinds = set()
    for name, value in cells("journal_event"):
        assert not any(secret in value for secret in (mark, NAME, CONTACT)), (name, value)
        if name == "kind":
            kinds.add(value)
        if name == "payload":
            for text in strings(json.loads(value)):
                assert any(form.fullmatch(text) for form in (CODE, HASH, MOMENT, NUMBER)) or text == "", text
    assert {f"matter.{word}" for word in ("reported", "merged", "withdrawn", "rated", "triaged", "extended")} <= kinds
    assert len(kinds) >= 30


def test_words_stand_in_purgeable_rows_and_persons_nowhere(house):
    """Looks at every cell of every table after a whole round."""
    mark = "青瓷瓶"
    a_whole_round(house, mark)
    shown = {("matters_matter", name) for name in ("title", "place_name", "grams")}
    where = set()
    for table in connection.introspection.table_names():
        if table.startswith("matters_search"):
            continue
        for name, value in cells(table):
            assert NAME not in value, (table, name)
            assert CONTACT not in value, (table, name)
            if mark in value:
                where.add((table, name))
    assert where <= {("matters_text", "body"), ("matters_planitem", "body"), *shown}
    assert ("matters_text", "body") in where
