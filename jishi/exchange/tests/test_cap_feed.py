"""The feed: Atom that everybody may read, with what is in force and nothing else, and its documents to the byte."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from lxml import etree

from jishi.exchange.cap.codes import Status
from jishi.exchange.cap.content import Words
from jishi.exchange.cap.queries import kept_document
from jishi.exchange.tests.alerts import EN, ZH, a_cancel, a_draft, an_alert, an_update
from jishi.exchange.tests.capdocs import ATOM, CAP, read, schema_file
from jishi.matters.tests import factory

pytestmark = pytest.mark.django_db
_ADDRESS = "/cap/feed"


def ask(address=_ADDRESS, **headers):
    return Client().get(address, headers=headers)


def entries(address=_ADDRESS):
    answer = ask(address)
    assert answer.status_code == 200
    root = etree.fromstring(answer.content)
    assert_rfc_4287(root)
    atom_alone = etree.fromstring(answer.content)
    for foreign in list(atom_alone.iter(f"{CAP}*")):  # the schema at hand knows no words but Atom's own
        foreign.getparent().remove(foreign)
    etree.XMLSchema(etree.parse(schema_file("atom.xsd"))).assertValid(atom_alone)
    return root.findall(f"{ATOM}entry")


def assert_rfc_4287(root):
    """What the standard says and its schema does not."""
    for part in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated", "author"):
            assert len(part.findall(f"{ATOM}{name}")) == 1, name
        assert part.findtext(f"{ATOM}id").startswith("urn:uuid:")
        assert not part.findtext(f"{ATOM}updated").endswith("Z")
    ids = [each.text for each in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")] == ["self"]


def titles(address=_ADDRESS):
    return [entry.findtext(f"{ATOM}title") for entry in entries(address)]


def test_a_feed_that_never_had_an_entry_is_whole(house):
    assert entries() == []
    answer = ask()
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "public" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_each_entry_leads_to_its_document(house):
    done = an_alert(house)
    (entry,) = entries()
    link = entry.find(f"{ATOM}link")
    assert link.get("type") == "application/cap+xml"
    assert link.get("href") == f"http://testserver/cap/{done.identifier}.xml"
    told = {name: entry.findtext(f"{CAP}{name}") for name in
            ("event", "urgency", "severity", "certainty", "status", "msgType", "areaDesc")}  # fmt: skip
    assert told == {
        "event": ZH.event, "urgency": "Immediate", "severity": "Severe", "certainty": "Observed", "status": "Actual",
        "msgType": "Alert", "areaDesc": ZH.area,
    }  # fmt: skip
    assert entry.findtext(f"{CAP}expires").endswith("+08:00")
    assert [each.text for each in entry.findall(f"{CAP}category")] == ["Fire", "Infra"]
    answer = ask(link.get("href"))
    assert answer.status_code == 200
    assert answer.content == kept_document(done)
    assert answer.headers["Content-Type"] == "application/cap+xml; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["ETag"] == f'"{done.sha256}"'
    read(answer.content)
    assert entry.findtext(f"{ATOM}updated") == read(answer.content).findtext(f"{CAP}sent")


def test_no_name_of_staff_and_no_draft_is_in_it(house):
    an_alert(house)
    draft = a_draft(house, zh=Words("停水", "明日停水", "抢修。", "", "和平里"))
    body = ask().content.decode()
    assert not [person.name for person in house.people.values() if person.name in body]
    assert "停水" not in body
    assert ask(f"/cap/{draft.identifier}.xml").status_code == 404


def test_drills_are_not_in_it(house):
    drill = an_alert(house, status=Status.EXERCISE)
    assert entries() == []
    assert ask(f"/cap/{drill.identifier}.xml").status_code == 404


def test_what_was_followed_leaves_it_and_stays_readable(house):
    now = timezone.now() - timedelta(hours=3)
    first = an_alert(house, now)
    second = an_update(first, house, now + timedelta(hours=1), zh=Words("x", "范围扩大", "说明", "", "和平里"))
    assert titles() == ["范围扩大"]
    third = a_cancel(second, house, now + timedelta(hours=2))
    (entry,) = entries()
    assert entry.findtext(f"{CAP}msgType") == "Cancel"
    for each in (first, second, third):
        assert ask(f"/cap/{each.identifier}.xml").content == kept_document(each)


def test_a_cancellation_leaves_it_when_the_alert_would_have_ended(house):
    now = timezone.now()
    first = an_alert(house, now)
    a_cancel(first, house, now)
    with time_machine.travel(first.expires - timedelta(minutes=1)):
        assert len(entries()) == 1
    with time_machine.travel(first.expires):
        assert entries() == []


def test_what_has_ended_leaves_it_by_its_time_alone(house):
    done = an_alert(house)
    with time_machine.travel(done.expires - timedelta(minutes=1)):
        assert titles() == [ZH.headline]
        tag = ask().headers["ETag"]
    with time_machine.travel(done.expires + timedelta(minutes=1)):
        answer = ask(if_none_match=tag)
        assert answer.status_code == 200
        assert ask(_ADDRESS, if_modified_since=answer.headers["Last-Modified"]).status_code == 304
        assert entries() == []


def test_who_has_it_already_gets_a_short_answer(house):
    an_alert(house, timezone.now() - timedelta(hours=1))
    answer = ask()
    tag, changed = answer.headers["ETag"], answer.headers["Last-Modified"]
    for headers in ({"if_none_match": tag}, {"if_modified_since": changed}):
        again = ask(**headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    an_alert(house)
    assert ask(if_none_match=tag).status_code == 200
    assert ask(if_modified_since=changed).status_code == 200
    document = etree.fromstring(answer.content).find(f"{ATOM}entry/{ATOM}link").get("href")
    assert ask(document, if_none_match=ask(document).headers["ETag"]).status_code == 304


def test_the_newest_come_first_and_one_station_alone(house):
    other = factory.a_station("YH", "永和派出所")
    now = timezone.now() - timedelta(hours=1)
    an_alert(house, now, zh=Words("a", "甲", "说明", "", "和平里"))
    an_alert(other, now + timedelta(minutes=1), zh=Words("a", "乙", "说明", "", "永和"))
    an_alert(house, now + timedelta(minutes=2), zh=Words("a", "丙", "说明", "", "和平里"))
    assert titles() == ["丙", "乙", "甲"]
    assert titles(f"{_ADDRESS}?station=XH") == ["丙", "甲"]
    assert titles(f"{_ADDRESS}?station=YH") == ["乙"]
    root = etree.fromstring(ask(f"{_ADDRESS}?station=YH").content)
    assert "永和派出所" in root.findtext(f"{ATOM}title")
    assert root.find(f"{ATOM}link").get("href") == "http://testserver/cap/feed?station=YH"


def test_a_station_that_there_is_not_is_no_empty_feed(house):
    assert ask(f"{_ADDRESS}?station=NO").status_code == 404
    assert ask(f"{_ADDRESS}?station=").status_code == 404


def test_it_holds_two_hundred_at_most(house, monkeypatch):
    from jishi.exchange.cap import queries

    monkeypatch.setattr(queries, "IN_FEED", 2)
    now = timezone.now() - timedelta(hours=1)
    for minute in range(3):
        an_alert(house, now + timedelta(minutes=minute), zh=Words("a", f"{minute}", "说明", "", "和平里"))
    assert titles() == ["2", "1"]
    monkeypatch.undo()
    assert queries.IN_FEED == 200


def test_it_is_only_read(house):
    for method in ("post", "put", "delete"):
        client = Client(enforce_csrf_checks=True)
        assert getattr(client, method)(_ADDRESS).status_code == 405
    assert Client().head(_ADDRESS).status_code == 200


def test_the_feed_costs_two_queries(house, django_assert_num_queries):
    for _ in range(3):
        an_alert(house, en=EN)
    with django_assert_num_queries(2):
        ask()


def test_what_follows_within_the_same_second_is_there_at_once(house):
    now = timezone.now()
    done = a_cancel(an_update(an_alert(house, now), house, now), house, now)
    assert [entry.findtext(f"{ATOM}title") for entry in entries()] == [done.headline_zh]
