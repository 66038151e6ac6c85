"""The link of an agency: made, opened, answered by, and void; one matter, one agency, nothing else."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from jishi.base.errors import Refused
from jishi.journal.models import Event
from jishi.matters.agencies import actions, links, tokens
from jishi.matters.models import AgencyLink, Evidence, Matter, Text
from jishi.matters.tests import factory
from jishi.matters.verify import verify
from jishi.stations.models import Agency
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def house():
    cache.clear()
    return factory.a_station()


@pytest.fixture
def matter(house):
    return refer(house, factory.a_matter(house, "handling", title="紫檀木匣失窃"))


@pytest.fixture
def phone():
    """A browser that was never here."""
    return Client(headers={"Accept-Language": "en"}, enforce_csrf_checks=True)


def refer(house, matter, agency=None):
    return factory.give(house, matter, "refer", agency=(agency or house.agency).pk, reason="请查看消防通道")


def made(house, matter, **more):
    return actions.make_link(matter, by=house.desk, **more)


def opened(phone, token):
    answer = phone.post(f"/agency/{token}/")
    assert answer.status_code == 303
    return f"/agency/{token}/"


def keys_of(html):
    return re.findall(r'name="key" value="([0-9a-f]{32})"', html)


def rows():
    """How many rows each table of ours has, and where the journal stands; what was tried too often is kept beside."""
    counted = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    return {**counted, "versions": sum(Matter.objects.values_list("version", flat=True))}


def test_only_a_hash_of_the_link_is_kept_and_what_was_made_is_journalled(house, matter):
    link, token = made(house, matter, days=7, now=NOW)
    assert link.digest == tokens.digest_of(token)
    assert token not in str(AgencyLink.objects.filter(pk=link.pk).values())
    assert link.expires_at == NOW + timedelta(days=7)
    [event] = Event.objects.filter(subject_kind="agency_link", subject_id=link.pk)
    assert (event.kind, event.actor_id) == ("agency.link_made", house.desk.pk)
    assert json.loads(event.payload) == {"facts": {"matter": matter.pk, "agency": house.agency.pk}}
    assert Matter.objects.get(pk=matter.pk).version == matter.version
    assert verify().problems == []


def test_who_makes_a_link(house, matter):
    for role in ("chief", "deputy", "desk", "officer"):
        actions.make_link(matter, by=house.people[role])
    away = factory.staff("officer", house, unit=house.units["community"])
    for person in (house.auxiliary, house.checker, house.analyst, house.auditor, house.administrator, away):
        with pytest.raises(Refused, match="not_allowed"):
            actions.make_link(matter, by=person)
        with pytest.raises(Refused, match="not_allowed"):
            actions.revoke_link(AgencyLink.objects.first(), by=person)
    for days in (0, 91):
        with pytest.raises(Refused, match="link_days"):
            actions.make_link(matter, by=house.desk, days=days)
    with pytest.raises(Refused, match="no_agency"):
        actions.make_link(factory.a_matter(house, "handling"), by=house.desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyLink.objects.update(expires_at=NOW - timedelta(days=1))


def test_opening_by_get_changes_nothing(house, matter, phone):
    _link, token = made(house, matter)
    before = rows()
    for _each in range(3):
        answer = phone.get(f"/agency/{token}/")
        assert answer.status_code == 200
        assert matter.number not in answer.content.decode()
        assert not answer.cookies
        assert phone.head(f"/agency/{token}/").status_code == 200
    for path in ("accept", "return", "report", "language"):
        assert phone.get(f"/agency/{token}/{path}/").status_code == 405
    assert phone.get(f"/agency/{token}x/").status_code == 404
    assert rows() == before


def test_what_is_shown_and_what_is_not(house, phone):
    matter = factory.a_matter(house, "handling", title="紫檀木匣失窃", place="和平里3号楼")
    Text.objects.create(matter=matter, version=99, kind="description", body="青花瓷瓶", salt="0" * 32, digest="0" * 64)
    refer(house, matter)
    _link, token = made(house, matter)
    page = phone.get(opened(phone, token)).content.decode()
    for seen in (matter.number, "和平里3号楼", "和平里社区", house.station.name, "请查看消防通道"):
        assert seen in page, seen
    for hidden in ("紫檀木匣失窃", "青花瓷瓶", house.desk.name, house.officer.name):
        assert hidden not in page
    assert 'name="robots" content="noindex' in page


def test_every_use_is_in_the_journal(house, matter, phone):
    link, token = made(house, matter)
    opened(phone, token)
    page = phone.get(opened(phone, token)).content.decode()
    kinds = Event.objects.filter(subject_kind="agency_link").order_by("pk").values_list("kind", "actor_id")
    assert list(kinds) == [("agency.link_made", house.desk.pk), *[("agency.link_opened", None)] * 2]
    phone.post(f"/agency/{token}/accept/", {"key": keys_of(page)[0]})
    event = Event.objects.filter(subject_kind="matter", subject_id=matter.pk).latest("subject_version")
    facts = {"agency": house.agency.pk, "link": link.pk}
    assert (event.kind, json.loads(event.payload)["facts"]) == ("matter.agency_accepted", facts)
    [row] = links.links_of(matter.pk, timezone.now())
    assert (row.uses, row.state) == (3, "good")
    assert verify().problems == []


def test_a_form_that_is_sent_twice_gives_one_event(house, matter, phone):
    _link, token = made(house, matter)
    page = phone.get(opened(phone, token)).content.decode()
    sent = {"key": keys_of(page)[0]}
    for _each in range(2):
        answer = phone.post(f"/agency/{token}/accept/", sent)
        assert (answer.status_code, answer["Location"]) == (303, f"/agency/{token}/?said=accept")
    assert Event.objects.filter(kind="matter.agency_accepted").count() == 1
    assert "knows that you have taken it on" in phone.get(answer["Location"]).content.decode()
    again = phone.post(f"/agency/{token}/accept/", {"key": "another"})
    assert again.status_code == 409
    assert "answered this already" in again.content.decode()


def test_reporting_done_brings_words_and_clean_photos(house, matter, phone):
    _link, token = made(house, matter)
    phone.get(opened(phone, token))
    sent = {"key": "k1", "text": "通道已清理", "files": [a_photo("a.jpg"), a_photo("b.jpg")]}
    assert phone.post(f"/agency/{token}/report/", sent).status_code == 303
    after = Matter.objects.get(pk=matter.pk)
    assert (after.state, after.agency_state, after.outcome) == ("handling", "done", "")
    assert (after.responsible_unit_id, after.next_due) == (matter.responsible_unit_id, matter.next_due)
    assert Evidence.objects.filter(matter=matter, attachment__uploaded_by=None).count() == 2
    page = phone.get(f"/agency/{token}/").content.decode()
    assert "通道已清理" in page
    assert "2 files came with it" in page
    assert "/report/" not in page
    assert verify().problems == []


def test_words_that_identify_a_person_are_refused_kindly_and_kept_on_the_form(house, matter, phone):
    _link, token = made(house, matter)
    opened(phone, token)
    for verb, field in (("return", "reason"), ("report", "text")):
        answer = phone.post(f"/agency/{token}/{verb}/", {"key": "k", field: "请致电13800138000"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Please take it out" in page
        assert "请致电13800138000" in page
        empty = phone.post(f"/agency/{token}/{verb}/", {"key": "k", field: ""})
        assert empty.status_code == 422
    bad = {"key": "k", "text": "好了", "files": [a_photo("x.jpg")]}
    bad["files"][0].file.seek(0)
    bad["files"][0].file.write(b"GIF89a")
    assert phone.post(f"/agency/{token}/report/", bad).status_code == 422
    assert Event.objects.filter(kind__startswith="matter.agency").count() == 0


def test_a_link_opens_one_matter(house, matter, phone):
    other = refer(house, factory.a_matter(house, "handling"))
    _a, one = made(house, matter)
    _b, two = made(house, other)
    phone.get(opened(phone, one))
    session = phone.cookies["jishi_agency"].value
    stranger = Client()
    stranger.cookies["jishi_agency"] = session
    assert other.number not in stranger.get(f"/agency/{two}/").content.decode()
    forged = signing.Signer(salt=tokens.SALT, sep=".").sign(".".join([str(other.pk), *one.split(".")[1:3]]))
    swapped = ".".join([str(other.pk), *one.split(".")[1:]])
    elsewhere = signing.Signer(salt="other", sep=".").sign(".".join(one.split(".")[:3]))
    for token in (forged, swapped, elsewhere, one[:-1], one + "a", "x", "x" * 3000, "%00", "事项"):
        assert stranger.get(f"/agency/{token}/").status_code == 404, token
        assert links.found(token, timezone.now()) is None


def test_wrong_expired_and_revoked_look_the_same(house, matter, phone):
    revoked, one = made(house, matter)
    _expired, two = made(house, matter, days=1, now=timezone.now() - timedelta(days=2))
    actions.revoke_link(revoked, by=house.chief)
    gone = Agency.objects.create(bureau=house.station.bureau, code="gone", name="撤销单位")
    _link, three = made(house, refer(house, factory.a_matter(house, "handling"), gone))
    Agency.objects.filter(pk=gone.pk).update(active=False)
    pages = set()
    for token in ("nothing", one, two, three):
        for ask in (phone.get, phone.post):
            answer = ask(f"/agency/{token}/")
            assert answer.status_code == 404
            pages.add(answer.content)
        assert phone.post(f"/agency/{token}/accept/", {"key": "k"}).content in pages
    assert len(pages) == 1
    assert b"ask the station for a new one" in pages.pop()
    assert Event.objects.filter(kind="agency.link_opened").count() == 0
    states = [row.state for row in links.links_of(matter.pk, timezone.now())]
    assert states == ["expired", "revoked"]
    before = timezone.now() - timedelta(days=1, hours=1)
    assert next(row.state for row in links.links_of(matter.pk, before)) == "good"
    actions.revoke_link(revoked, by=house.desk)
    assert Event.objects.filter(kind="agency.link_revoked").count() == 1


def test_a_link_expires_to_the_moment(house, matter):
    link, token = made(house, matter, days=14, now=NOW)
    assert links.found(token, NOW + timedelta(days=14) - timedelta(seconds=1)) == link
    assert links.found(token, NOW + timedelta(days=14)) is None


@pytest.mark.parametrize(
    ("verbs", "why"),
    [
        (["recall"], "recalled"), (["return"], "returned"), (["withdraw"], "withdrawn"), (["refer"], "referred"),
        (["merge"], "merged"), (["submit", "check", "answer", "close"], "closed"),
        (["submit", "check", "answer", "reopen"], "reopened"), (["recall", "transfer"], "recalled"),
    ],
)  # fmt: skip
def test_what_takes_the_matter_from_the_agency_voids_the_link_for_good(house, matter, phone, verbs, why):
    link, token = made(house, matter)
    opened(phone, token)
    neighbour = factory.a_station("YH", "永和派出所", bureau=house.station.bureau)
    other = Agency.objects.create(bureau=house.station.bureau, code="market", name="市场监管局")
    more = {
        "recall": {"reason": "不转了"}, "return": {"reason": "不归我们"}, "withdraw": {"reason": "撤回"},
        "refer": {"agency": other.pk, "reason": "请核查"}, "merge": {"root": factory.a_matter(house).pk},
        "reopen": {"reason": "未解决"}, "transfer": {"station": neighbour.station.pk, "reason": "属地"},
    }  # fmt: skip
    by = {"return": house.officer, "transfer": house.chief}
    for verb in verbs:
        factory.give(house, matter, verb, by=by.get(verb), **more.get(verb, {}))
    for answer in (phone.get(f"/agency/{token}/"), phone.post(f"/agency/{token}/accept/", {"key": "k"})):
        assert answer.status_code == 410
        with translation.override("en"):
            assert str(links.VOID[why]) in answer.content.decode()
    with pytest.raises(Refused, match="agency_other"):
        actions.answer_by_link(link, "accept", {}, key="k")
    [row] = links.links_of(matter.pk, timezone.now())
    assert (row.state, row.why) == ("void", links.VOID[why])
    if verbs == ["recall"]:
        refer(house, matter)
        assert phone.get(f"/agency/{token}/").status_code == 410
        assert links.void_by(made(house, matter)[0]) == ""
    assert Event.objects.filter(kind="matter.agency_accepted").count() == 0


def test_asking_the_same_agency_again_keeps_its_link(house, matter, phone):
    _link, token = made(house, matter)
    opened(phone, token)
    phone.post(f"/agency/{token}/return/", {"key": "k1", "reason": "需要通道图纸"})
    refer(house, matter)
    assert phone.post(f"/agency/{token}/accept/", {"key": "k2"}).status_code == 303
    assert Matter.objects.get(pk=matter.pk).agency_state == "accepted"


def test_it_answers_while_the_matter_is_suspended(house, matter, phone):
    _link, token = made(house, matter)
    factory.give(house, matter, "suspend")
    assert phone.post(f"/agency/{token}/report/", {"key": "k", "text": "已办"}).status_code == 303
    after = Matter.objects.get(pk=matter.pk)
    assert (after.state, after.agency_state) == ("suspended", "done")
    assert verify().problems == []


def test_guessing_is_slowed_down_and_logged_without_address_or_token(house, matter, phone, caplog):
    _link, token = made(house, matter)
    statuses = [phone.get(f"/agency/guess{each}/", REMOTE_ADDR="203.0.113.9").status_code for each in range(21)]
    assert statuses == [404] * 20 + [429]
    shut = phone.get(f"/agency/{token}/", REMOTE_ADDR="203.0.113.9")
    assert shut.status_code == 429
    assert "Wait ten minutes" in shut.content.decode()
    assert phone.get(f"/agency/{token}/", REMOTE_ADDR="203.0.113.10").status_code == 200
    said = [record.getMessage() for record in caplog.records if record.name == "jishi.base.tries"]
    assert len(said) == 2
    assert "20 wrong tries" in said[1]
    assert "203.0.113.9" not in "".join(said)
    assert "guess" not in "".join(said)


def test_the_headers_keep_the_link_to_itself(house, matter, phone):
    link, token = made(house, matter)
    answers = [phone.get(f"/agency/{token}/"), phone.post(f"/agency/{token}/"), phone.get(f"/agency/{token}/")]
    actions.revoke_link(link, by=house.desk)
    for answer in [*answers, phone.get(f"/agency/{token}/")]:
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
    cookie = answers[1].cookies["jishi_agency"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/agency/{token}/", True, "Lax")
    assert int(cookie["max-age"]) == tokens.SESSION


def test_what_a_browser_keeps_is_good_for_a_while(house, matter):
    link, _token = made(house, matter)
    session = tokens.open_session(link.pk)
    assert tokens.is_open(link.pk, session)
    assert not tokens.is_open(link.pk + 1, session)
    assert not tokens.is_open(link.pk, session + "x")
    old = signing.TimestampSigner(salt=tokens.SESSION_SALT)
    old.timestamp = lambda: signing.b62_encode(int(timezone.now().timestamp()) - tokens.SESSION - 5)
    assert not tokens.is_open(link.pk, old.sign(str(link.pk)))


def test_both_languages(house, matter, phone):
    _link, token = made(house, matter)
    assert "Open" in phone.get(f"/agency/{token}/").content.decode()
    assert phone.post(f"/agency/{token}/language/", {"language": "zh-hans"}).status_code == 303
    assert phone.cookies["jishi_agency_language"]["path"] == f"/agency/{token}/"
    page = phone.get(f"/agency/{token}/")
    assert (page["Content-Language"], "打开" in page.content.decode()) == ("zh-hans", True)
    assert phone.post(f"/agency/{token}/language/", {"language": "xx"}).status_code == 303
    assert phone.get(opened(phone, token))["Content-Language"] == "zh-hans"
