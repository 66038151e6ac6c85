"""Requests that were merged: they are answered from another matter, and tell its steps without naming it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jishi.exchange.open311.actions.keys import make_key
from jishi.exchange.open311.queries.updates import update_id
from jishi.exchange.tests.open311 import get, listed, post, reported
from jishi.matters import commands
from jishi.matters.actions import apply
from jishi.matters.models import Matter, Text
from jishi.matters.tests import factory

pytestmark = pytest.mark.django_db

UPDATES = "servicerequestupdates.json"


def merge(house, duplicate, root):
    """Merge one matter into another as the desk does."""
    factory.give(house, duplicate.pk, "assess")
    apply(duplicate.pk, commands.Merge(root=root.pk), by=house.desk)


def steps_of(matter):
    """The updates of a request."""
    return listed(UPDATES, service_request_id=matter.number)


def numbers(**query):
    """The requests that are listed."""
    return {row["service_request_id"] for row in listed("requests.json", **query)}


def test_a_request_that_was_merged_is_open_until_what_it_was_merged_into_is_answered(house, raw):
    first, second, third = (reported(raw, description=f"第{n}盏") for n in range(3))
    for verb in ("assess", "push"):
        factory.give(house, first.pk, verb)
    merge(house, third, second)
    merge(house, second, first)
    assert numbers(status="open") == {first.number, second.number, third.number}
    assert numbers(status="closed") == set()
    for each in (second, third):
        (told,) = listed(f"requests/{each.number}.json")
        assert told["status"] == "open"
        assert told["status_notes"].startswith("此前已有同一报告")
        assert told["expected_datetime"]
        assert [row["status"] for row in steps_of(each)] == ["open"] * len(steps_of(each))
    before = len(steps_of(third))
    for verb in ("accept", "submit", "check", "answer"):
        factory.give(house, first.pk, verb)
    assert numbers(status="closed") == {first.number, second.number, third.number}
    assert numbers(status="open") == set()
    (root,), (told,) = listed(f"requests/{first.number}.json"), listed(f"requests/{third.number}.json")
    assert (told["status"], told["status_notes"]) == ("closed", root["status_notes"])
    rows = steps_of(third)
    assert len(rows) == before + 4
    assert {row["service_request_id"] for row in rows} == {third.number}
    assert (rows[-1]["status"], rows[-1]["description"]) == ("closed", root["status_notes"])


def test_updates_of_what_was_merged_stand_in_every_page_once(house, raw):
    first, second = (reported(raw, description=f"第{n}盏") for n in range(2))
    merge(house, second, first)
    for verb in ("assess", "push", "accept", "submit"):
        factory.give(house, first.pk, verb)
    whole = listed(UPDATES)
    assert len({row["update_id"] for row in whole}) == len(whole) == 2 + 2 * 4
    for size in (1, 3, 4, 10):
        pages = [listed(UPDATES, page=n, page_size=size) for n in range(1, 12)]
        assert [row for page in pages for row in page] == whole


def test_a_word_to_what_was_merged_goes_to_what_it_is_answered_with(house, raw):
    first, second = (reported(raw, description=f"第{n}盏") for n in range(2))
    merge(house, second, first)
    said = {"path": UPDATES, "service_request_id": second.number}
    (told,) = post(raw, description="灯杆也歪了", **said)
    first.refresh_from_db()
    assert told["update_id"] == update_id(second.pk, second.number, first.pk, first.version)
    assert first.number not in told["update_id"]
    assert Text.objects.get(kind="text").matter == first


def test_what_staff_found_is_not_named_by_what_was_merged_into_it(house, raw):
    found = factory.a_matter(house, "handling", category="public.light")
    request = reported(raw)
    merge(house, request, found)
    (told,) = post(raw, path=UPDATES, service_request_id=request.number, description="灯杆也歪了")
    for verb in ("submit", "check", "answer"):
        factory.give(house, found.pk, verb)
    rows, found = steps_of(request), Matter.objects.get(pk=found.pk)
    assert rows[-1]["status"] == "closed"
    assert len({row["update_id"] for row in [*rows, told]}) == len(rows) + 1
    named = "".join(get(path).content.decode() for path in (UPDATES, f"requests/{request.number}.json"))
    assert found.number not in named + str(told) + str(rows)
    assert not [row for row in rows[-3:] if row["update_id"].endswith(f"-{found.version}")]
    assert listed(UPDATES, service_request_id=found.number) == []


def test_two_requests_of_one_matter_do_not_show_it_by_their_updates(house, raw):
    first, second, third = (reported(raw, description=f"第{n}盏") for n in range(3))
    for each in (second, third):
        merge(house, each, first)
    for verb in ("assess", "push"):
        factory.give(house, first.pk, verb)
    ends = [[row["update_id"].removeprefix(each.number) for row in steps_of(each)[-2:]] for each in (second, third)]
    assert not set(ends[0]) & set(ends[1])


def test_updates_cost_the_same_however_many_are_answered_together(house, raw):
    def asked():
        with CaptureQueriesContext(connection) as found:
            rows = listed(UPDATES)
        return rows, len(found)

    pairs = [[reported(raw, description=f"第{n}-{m}盏") for m in range(2)] for n in range(4)]
    merge(house, pairs[0][1], pairs[0][0])
    factory.give(house, pairs[0][0].pk, "assess")
    rows, before = asked()
    for root, duplicate in pairs[1:]:
        merge(house, duplicate, root)
        factory.give(house, root.pk, "assess")
    more, after = asked()
    assert len(more) == len(rows) * 4 == 4 * 4
    assert after == before


def test_what_another_station_merged_is_not_read(house, raw):
    neighbour = factory.a_station("DL", "东路派出所", house.station.bureau)
    other = make_key(neighbour.station, label="x", by=neighbour.administrator)[1]
    first, second = (reported(raw, description=f"第{n}盏") for n in range(2))
    with CaptureQueriesContext(connection) as alone:
        assert listed(UPDATES, jurisdiction_id="XH") == []
    there, again = (reported(other, description=f"第{n}盏") for n in range(2))
    merge(neighbour, again, there)
    factory.give(neighbour, there.pk, "assess")
    with CaptureQueriesContext(connection) as beside:
        assert listed(UPDATES, jurisdiction_id="XH") == []
    assert len(beside) == len(alone)
    assert {row["service_request_id"] for row in listed(UPDATES, jurisdiction_id="DL")} == {there.number, again.number}
    assert listed(UPDATES, jurisdiction_id="XH", service_request_id=f"{first.number},{second.number}") == []


def test_a_page_far_behind_the_last_reads_no_row_before_it(house, raw):
    first, second = (reported(raw, description=f"第{n}盏") for n in range(2))
    merge(house, second, first)
    factory.give(house, first.pk, "assess")
    mixed = len(listed(UPDATES)) - 3  # beside the three steps of their own
    with CaptureQueriesContext(connection) as found:
        assert listed(UPDATES, page=5000, page_size=7) == []
    assert any(f"OFFSET {4999 * 7 - mixed}" in each["sql"] for each in found)
