"""Deliveries that failed for good: seen by those who keep the station, sent again, or given up with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.jobs.models import Job
from jishi.notify import actions, queries
from jishi.notify.models import Delivery
from jishi.notify.tests.conftest import NOW, Failed, a_person, drain, states
from jishi.stations.actions import create_station
from jishi.stations.models import Role

pytestmark = pytest.mark.django_db
FAILED = "/notices/failed/"


@pytest.fixture
def chief(station):
    return a_person(station, "chief", Role.CHIEF)


@pytest.fixture
def dead(tell, carrier, li, webhook):
    """Two that failed for good: a mail to Li, and a call to the webhook."""
    carrier.fail = lambda delivery: Failed("no_channel", retry=False)
    tell(li, facts={"n": 1})
    drain()
    Job.objects.filter(kind="notify.drain").delete()
    return list(Delivery.objects.filter(state="dead").order_by("pk"))


@pytest.fixture
def keeper(client, chief):
    client.force_login(chief)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    return client


def test_the_screen_says_what_to_whom_by_which_way_and_why(keeper, dead):
    shown = keeper.get(FAILED).content.decode()
    for words in ("事1", "XH-2026-000001", "指挥系统", ">li<", "邮件", "Webhook", "这里没有这个渠道"):
        assert words in shown, words


def test_an_empty_screen_says_so(keeper):
    assert "全部已送达" in keeper.get(FAILED).content.decode()


def test_a_failure_is_sent_again_with_its_key(keeper, dead, carrier):
    carrier.fail = lambda delivery: None
    keeper.post(f"{FAILED}retry/", {"pick": dead[0].pk})
    again = Delivery.objects.get(pk=dead[0].pk)
    assert (again.state, again.attempts, again.key) == ("queued", 0, dead[0].key)
    assert Job.objects.get(kind="notify.drain").dedupe_key == "drain:matter:17"
    assert drain(timezone.now()) == 1
    assert carrier.tried[-1] == str(dead[0].key)
    assert states("webhook") == ["dead"]


def test_all_are_sent_again(keeper, dead):
    keeper.post(f"{FAILED}retry/", {"all": "1"})
    assert not Delivery.objects.filter(state="dead").exists()


def test_giving_up_needs_a_reason_without_a_person(keeper, chief, dead):
    picked = {"pick": [each.pk for each in dead]}
    for reason, code in (("", "reason_missing"), ("  ", "reason_missing"), ("机主13800138000", "personal")):
        with pytest.raises(Refused, match=code):
            actions.give_up(chief, dead[0].notice.station, picked["pick"], reason)
        assert keeper.post(f"{FAILED}give-up/", {**picked, "reason": reason}).status_code == 422
    keeper.post(f"{FAILED}give-up/", {**picked, "reason": "群已解散"})
    kept = {(each.state, each.given_up_by, each.given_up_why) for each in Delivery.objects.exclude(channel="app")}
    assert kept == {("dropped", chief, "群已解散")}


def test_another_station_has_its_own(station, dead):
    far = create_station(bureau=station.bureau, code="HP", name="和平派出所")
    stranger = a_person(far, "stranger", Role.CHIEF)
    assert list(queries.failed(stranger, far)) == list(queries.failed(stranger, station)) == []
    assert actions.retry(stranger, station, None, NOW) == 0
    assert actions.give_up(stranger, station, [dead[0].pk], "群已解散") == 0


def test_what_is_old_is_deleted_and_what_failed_stays(tell, carrier, li, dead):
    tell(li, subject=2)
    drain(thread="matter:2")
    actions.mark_all_read(li, Delivery.objects.filter(channel="app", thread="matter:2").get().pk, NOW)
    Delivery.objects.filter(channel="app", thread="matter:17").update(read_at=None)
    Delivery.objects.filter(channel="email", thread="matter:2").update(state="sent")
    Delivery.objects.filter(channel="webhook", thread="matter:2").update(state="folded")
    assert actions.delete_old(NOW + timedelta(days=89)) == 0
    assert actions.delete_old(NOW + timedelta(days=91)) == 3
    assert set(Delivery.objects.values_list("thread", "state")) == {("matter:17", "sent"), ("matter:17", "dead")}
    assert actions.delete_old(NOW + timedelta(days=181)) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dead"}
