"""The screens of public alerts: drafted from a matter, looked at, approved by another, updated, cancelled, dropped."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jishi.exchange.cap.codes import State, Status
from jishi.exchange.cap.models import Alert
from jishi.exchange.cap.queries import kept_document
from jishi.exchange.tests.alerts import SQUARE, a_draft, an_alert
from jishi.exchange.tests.capdocs import read, said
from jishi.matters.plans.actions import start_drill
from jishi.matters.tests import factory
from jishi.stations.models import Area

pytestmark = pytest.mark.django_db
TITLE, PLACE = "地下室有异味要查", "和平里3号楼2单元501室"


def browser(person, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


@pytest.fixture
def desk(house):
    return browser(house.desk)


@pytest.fixture
def chief(house):
    return browser(house.chief)


def fields(**more):
    ends = timezone.localtime(timezone.now() + timedelta(hours=5))
    return {
        "status": "Actual", "event_zh": "燃气泄漏", "categories": ["Fire", "Infra"], "urgency": "Immediate",
        "severity": "Severe", "certainty": "Observed", "responses": ["Evacuate"], "area_zh": "和平里社区",
        "expires": f"{ends:%Y-%m-%dT%H:%M}", "headline_zh": "和平里社区燃气泄漏", "description_zh": "正在抢修。",
        **more,
    }  # fmt: skip


def a_red_matter(house, grade=1, state="assessed"):
    matter = factory.a_matter(house, state, title=TITLE, place=PLACE, category="fire.gas", grade=grade)
    matter.lon, matter.lat = 117.305, 37.105
    matter.save()
    return matter


def test_a_draft_begins_with_what_the_matter_is_about_and_not_with_its_words(house, desk):
    matter = a_red_matter(house)
    page = desk.get(f"/alerts/draft/?matter={matter.number}").content.decode()
    form = page[page.index('<form class="form"') : page.index("</form>", page.index('<form class="form"'))]
    assert 'value="燃气泄漏"' in form
    assert 'value="和平里社区燃气泄漏"' in form
    assert '<option value="Immediate" selected>' in form
    assert '<option value="Severe" selected>' in form
    assert all(f'value="{code}" id="id_categories' in form for code in ("Fire", "Infra"))
    assert not any(words in form for words in (TITLE, PLACE, "117.305", "37.105"))


def test_the_desk_drafts_and_the_chief_gives_it_out(house, desk, chief):
    area = Area.objects.create(station=house.station, code="drawn", name="建设路社区", polygon=SQUARE)
    matter = a_red_matter(house)
    answer = desk.post(f"/alerts/draft/?matter={matter.number}", fields(areas=[area.pk], key="k"))
    draft = Alert.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/alerts/{draft.pk}/")
    assert desk.post(f"/alerts/draft/?matter={matter.number}", fields(areas=[area.pk], key="k")).status_code == 303
    assert (Alert.objects.count(), draft.matter, draft.areas.get()) == (1, matter, area)
    page = chief.get(f"/alerts/{draft.pk}/").content.decode()
    assert all(words in page for words in ("和平里社区燃气泄漏", "正在抢修。", "Act at once", "Approve and give out"))
    asked = chief.get(f"/alerts/{draft.pk}/approve/?version=1").content.decode()
    assert "cannot be undone" in asked
    assert 'name="version" value="1"' in asked
    assert Alert.objects.get().state == State.DRAFTED
    assert Client().get("/cap/feed").content.count(b"<entry>") == 0
    assert chief.post(f"/alerts/{draft.pk}/approve/", {"version": "1"}).status_code == 303
    assert Client().get("/cap/feed").content.count(b"<entry>") == 1
    done = chief.get(f"/alerts/{draft.pk}/").content.decode()
    assert "As it was given out" in done
    assert "Approve and give out" not in done
    assert chief.post(f"/alerts/{draft.pk}/approve/", {"version": "1"}).status_code == 409


def test_the_chief_approves_what_was_on_the_screen(house, desk, chief):
    draft = a_draft(house)
    assert desk.post(f"/alerts/{draft.pk}/change/", fields(version="1", headline_zh="改过的")).status_code == 303
    assert chief.post(f"/alerts/{draft.pk}/approve/", {"version": "1"}).status_code == 409
    draft.refresh_from_db()
    assert (draft.state, draft.headline_zh, draft.version) == (State.DRAFTED, "改过的", 2)
    assert desk.post(f"/alerts/{draft.pk}/change/", fields(version="1")).status_code == 422


def test_who_wrote_it_is_told_that_another_is_needed(house, chief):
    chief.post("/alerts/draft/", fields())
    draft = Alert.objects.get()
    page = chief.get(f"/alerts/{draft.pk}/").content.decode()
    assert "needs two people" in page
    assert "Approve and give out" not in page
    assert chief.get(f"/alerts/{draft.pk}/approve/").status_code == 422
    assert chief.post(f"/alerts/{draft.pk}/approve/", {"version": "1"}).status_code == 422


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"headline_zh": "请联系13800138000"}, "mobile number"),
        ({"expires": "2020-01-01T00:00"}, "It would have ended already"),
        ({"area_zh": "和平里3号楼2单元501室"}, "smallest residential element"),
        ({"headline_en": "Gas leak"}, "not filled in"),
        ({"lat": "37.1", "lon": "117.3"}, "A circle needs its middle and its radius."),
        ({"categories": []}, "required"),
    ],
)
def test_what_is_wrong_is_said_and_the_words_are_kept(desk, more, words):
    answer = desk.post("/alerts/draft/", fields(**more))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "正在抢修。" in page
    assert not Alert.objects.exists()


def test_a_circle_and_english_words_go_out(desk, chief):
    desk.post("/alerts/draft/", fields(
        lat="37.1", lon="117.3", radius="500", event_en="Gas leak", headline_en="Gas leak in Heping",
        description_en="Being mended.",
    ))  # fmt: skip
    draft = Alert.objects.get()
    page = desk.get(f"/alerts/{draft.pk}/").content.decode()
    assert "500 m around 37.10000, 117.30000" in page
    assert 'lang="en"' in page
    again = desk.get(f"/alerts/{draft.pk}/change/").content.decode()
    assert again.count('<details class="more-fields" open>') == 2
    chief.post(f"/alerts/{draft.pk}/approve/", {"version": "1"})
    assert said(read(kept_document(draft)), "circle") == ["37.1,117.3 0.5"] * 2


def test_an_update_keeps_the_event_and_a_cancellation_says_until_when_it_stands(house, desk, chief):
    first = an_alert(house)
    page = desk.get(f"/alerts/{first.pk}/update/").content.decode()
    assert 'name="event_zh"' not in page
    assert desk.post(f"/alerts/{first.pk}/update/", fields(headline_zh="范围扩大", version="2")).status_code == 303
    update = Alert.objects.get(replaces=first)
    assert "waits for approval" in desk.get(f"/alerts/{first.pk}/").content.decode()
    assert desk.post(f"/alerts/{first.pk}/update/", fields()).status_code == 422
    chief.post(f"/alerts/{update.pk}/approve/", {"version": "1"})
    asked = desk.get(f"/alerts/{update.pk}/cancel/").content.decode()
    assert "stays in the feed until the alert would have ended" in asked
    assert "解除：范围扩大" in asked
    words = {"headline_zh": "解除：燃气泄漏", "description_zh": "已修好。"}
    assert desk.post(f"/alerts/{update.pk}/cancel/", {**words, "description_zh": ""}).status_code == 422
    assert desk.post(f"/alerts/{update.pk}/cancel/", words).status_code == 303
    cancel = Alert.objects.get(replaces=update)
    assert (
        desk.post(f"/alerts/{cancel.pk}/change/", {**words, "headline_zh": "解除", "version": "1"}).status_code == 303
    )
    chief.post(f"/alerts/{cancel.pk}/approve/", {"version": "2"})
    page = desk.get(f"/alerts/{first.pk}/").content.decode()
    assert all(each.identifier in page for each in (first, update, cancel))
    assert Client().get("/cap/feed").content.count(b"<entry>") == 1
    assert desk.get(f"/alerts/{cancel.pk}/cancel/").status_code == 422
    assert desk.get(f"/alerts/{first.pk}/change/").status_code == 422


def test_a_draft_is_dropped(house, desk):
    draft = a_draft(house)
    assert desk.post(f"/alerts/{draft.pk}/drop/", {"version": "1"}).status_code == 303
    page = desk.get("/alerts/").content.decode()
    assert "draft dropped" in page
    assert Alert.objects.get().state == State.DROPPED


def test_the_document_of_a_draft_is_marked_and_that_of_an_alert_is_the_one_given_out(house, desk):
    draft, done, drill = a_draft(house), an_alert(house), an_alert(house, status=Status.EXERCISE)
    assert said(read(desk.get(f"/alerts/{draft.pk}/document.xml").content), "status") == ["Draft"]
    for alert in (done, drill):
        assert desk.get(f"/alerts/{alert.pk}/document.xml").content == kept_document(alert)


def test_the_list_says_what_waits_what_stands_and_what_was(house, chief):
    a_draft(house)
    an_alert(house)
    past = an_alert(house, timezone.now() - timedelta(hours=8))
    drill = an_alert(house, status=Status.EXERCISE)
    page = chief.get("/alerts/").content.decode()
    waits, stands, was = page.index('id="waiting"'), page.index('id="live"'), page.index('id="past"')
    assert waits < stands < was
    assert page.index(past.identifier) > was
    assert stands < page.index(drill.identifier) < was
    assert "ended by its time" in page
    assert f"http://testserver/cap/feed?station={house.station.code}" in page


@pytest.mark.parametrize(
    ("grade", "state", "there"), [(1, "assessed", True), (2, "handling", True), (3, "handling", False)]
)
def test_the_panel_stands_on_grave_matters(house, desk, grade, state, there):
    matter = a_red_matter(house, grade, state)
    page = desk.get(f"/matters/{matter.number}/").content.decode()
    assert ('id="public-alerts"' in page) is there
    assert (f"/alerts/draft/?matter={matter.number}" in page) is there
    plain = browser(house.officer).get(f"/matters/{matter.number}/").content.decode()
    assert f"/alerts/draft/?matter={matter.number}" not in plain


def test_the_panel_shows_the_alerts_of_a_matter_whatever_its_grade(house, desk):
    matter = a_red_matter(house, 3)
    desk.post(f"/alerts/draft/?matter={matter.number}", fields())
    page = desk.get(f"/matters/{matter.number}/").content.decode()
    assert f"/alerts/{Alert.objects.get().pk}/" in page


def test_an_alert_is_drawn_up_on_the_board_of_a_plan(house, desk):
    number = factory.give(house, a_red_matter(house, 2), "start_plan", plan="gas_leak").number
    board = f"/matters/{number}/plan/"
    assert f"/alerts/draft/?matter={number}" in desk.get(board).content.decode()
    assert f"/alerts/draft/?matter={number}" not in browser(house.officer).get(board).content.decode()
    desk.post(f"/alerts/draft/?matter={number}", fields())
    page = desk.get(board).content.decode()
    assert f"/alerts/{Alert.objects.get().pk}/" in page
    assert "waits for approval" in page
    assert 'id="public-alerts"' not in desk.get(board, headers={"HX-Request": "true"}).content.decode()


def test_a_drill_begins_as_one_and_refuses_to_be_real(house, desk):
    matter = start_drill(house.station, "gas_leak", by=house.chief)
    address = f"/alerts/draft/?matter={matter.number}"
    page = desk.get(address).content.decode()
    assert "stays inside" in page
    assert re.search(r'value="Exercise"[^>]* checked', page)
    answer = desk.post(address, fields())
    assert answer.status_code == 422
    assert "The matter is a drill" in answer.content.decode()
    assert desk.post(address, fields(status="Exercise")).status_code == 303
    assert Alert.objects.get().status == Status.EXERCISE


def test_the_rail_leads_there_for_those_who_may_draft(house):
    for role, person in house.people.items():
        rail = browser(person).get("/").content.decode()
        assert ('href="/alerts/"' in rail) is (role in ("chief", "deputy", "desk")), role


def test_the_page_of_the_list_costs_no_more_with_more_alerts(house, desk, django_assert_max_num_queries):
    for _ in range(4):
        a_draft(house)
        an_alert(house)
        an_alert(house, timezone.now() - timedelta(hours=9))
    with django_assert_max_num_queries(12):
        desk.get("/alerts/")


def test_a_draft_waits_on_the_desk_of_who_may_approve_it(house, desk, chief):
    words = "1 public alert waits for your approval."
    assert words not in chief.get("/").content.decode()
    draft = a_draft(house)
    page = chief.get("/").content.decode()
    assert words in page
    assert f'href="/alerts/{draft.pk}/"' in page
    assert words not in desk.get("/").content.decode()
    chief.post("/alerts/draft/", fields())
    assert words in chief.get("/").content.decode()
    a_draft(house)
    page = chief.get("/").content.decode()
    assert "2 public alerts wait for your approval." in page
    assert 'class="button button-small" href="/alerts/"' in page
