"""Telling: in the caller's transaction, to whom, by which way, and the same thing once within a minute."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jishi.jobs.models import Job
from jishi.notify import actions
from jishi.notify.models import Delivery, Endpoint, Notice
from jishi.notify.quiet import Quiet
from jishi.notify.tests.conftest import NOW, a_person, later, states
from jishi.stations.actions import create_station
from jishi.stations.models import Agency

pytestmark = pytest.mark.django_db
NIGHT = Quiet(time(22, 0), time(7, 0))


def test_it_is_told_in_the_application_at_once_and_outside_by_the_usual_channels(tell, carrier, li):
    notice = Notice.objects.get(pk=tell(li, grade=2, facts={"n": 3}))
    assert (notice.kind, notice.thread, notice.subject_id, notice.grade) == ("test.mine", "matter:17", 17, 2)
    app, mail = Delivery.objects.order_by("pk")
    assert (app.channel, app.state, app.sent_at, app.rule) == ("app", "sent", NOW, "lead")
    assert (mail.channel, mail.state, mail.due, mail.staff) == ("email", "queued", NOW, li)
    assert app.key != mail.key
    job = Job.objects.get(kind="notify.drain")
    assert (job.payload, job.dedupe_key, job.due) == ({"thread": "matter:17"}, "drain:matter:17", NOW)


def test_what_is_rolled_back_tells_nobody(tell, carrier, li):
    def change_that_fails():
        with transaction.atomic():
            tell(li)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_that_fails()
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()
    assert not Job.objects.filter(kind="notify.drain").exists()


def test_nobody_to_tell_is_no_notice(tell, carrier):
    assert tell() is None
    assert not Notice.objects.exists()


def test_an_unknown_kind_and_words_are_refused(tell, li):
    with pytest.raises(LookupError):
        tell(li, kind="test.nothing")
    with pytest.raises(ValueError, match="words"):
        tell(li, facts={"title": "楼道堆物"})
    assert not Notice.objects.exists()


def test_the_first_rule_counts_for_who_is_named_twice(station, carrier, li):
    to = [actions.To(li.pk, "member"), actions.To(li.pk, "lead")]
    with transaction.atomic():
        actions.tell("test.mine", station=station.pk, subject=("matter", 1), to=to, now=NOW)
    assert list(Delivery.objects.values_list("channel", "rule")) == [("app", "member"), ("email", "member")]


def test_inside_only_stays_inside(tell, carrier, li, webhook):
    tell(li, inside_only=True)
    assert list(Delivery.objects.values_list("channel", flat=True)) == ["app"]
    assert not Job.objects.filter(kind="notify.drain").exists()


def test_who_has_no_address_or_chose_nothing_is_told_inside_alone(tell, carrier, station, li):
    nowhere = a_person(station, "nowhere", email="")
    actions.choose(li, {"mine": []}, None, None)
    tell(li, nowhere)
    assert set(Delivery.objects.values_list("channel", flat=True)) == {"app"}


def test_a_channel_that_the_station_does_not_have_is_left_out(tell, li):
    tell(li)
    assert states("email") == []


def test_somebody_of_another_station_is_told_in_their_own_way(tell, carrier, station):
    far = create_station(bureau=station.bureau, code="HP", name="和平派出所")
    visitor = a_person(far, "visitor")
    actions.choose(visitor, {}, time(9, 0), time(12, 0))
    tell(visitor)
    assert Delivery.objects.get(channel="email").due == datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


# Quiet hours


@pytest.mark.parametrize(
    ("at", "over"),
    [
        ((4, 13, 59), None),  # 21:59
        ((4, 14, 0), (4, 23, 0)),  # 22:00, until 07:00 of the next day
        ((4, 16, 30), (4, 23, 0)),  # 00:30
        ((4, 22, 59), (4, 23, 0)),  # 06:59
        ((4, 23, 0), None),  # 07:00
    ],
)
def test_quiet_hours_reach_over_midnight_in_the_zone_of_the_station(at, over):
    moment = datetime(2026, 3, *at, tzinfo=UTC)
    assert NIGHT.over_at(moment, "Asia/Shanghai") == (datetime(2026, 3, *over, tzinfo=UTC) if over else moment)


def test_quiet_hours_within_a_day():
    noon = Quiet(time(12, 0), time(14, 0))
    assert noon.over_at(NOW, "Asia/Shanghai") == NOW
    assert noon.over_at(later(hours=3), "Asia/Shanghai") == later(hours=4)


@pytest.mark.parametrize(
    ("kind", "grade", "waits"), [("test.mine", 2, True), ("test.mine", 1, False), ("test.urgent", 4, False)]
)
def test_red_and_urgent_go_through_quiet_hours(tell, carrier, li, kind, grade, waits):
    actions.choose(li, {}, time(22, 0), time(7, 0))
    night = datetime(2026, 3, 4, 19, 0, tzinfo=UTC)  # 03:00
    tell(li, kind=kind, grade=grade, now=night)
    mail = Delivery.objects.get(channel="email")
    assert mail.due == (datetime(2026, 3, 4, 23, 0, tzinfo=UTC) if waits else night)
    assert Job.objects.get(kind="notify.drain").due == mail.due
    assert Delivery.objects.get(channel="app").sent_at == night


# Endpoints


def test_endpoints_get_what_they_asked_for(tell, carrier, station, li):
    def endpoint(label, **more):
        Endpoint.objects.create(**{"bureau": station.bureau, "kind": "webhook", "label": label, **more})

    endpoint("all of the station", station=station)
    endpoint("of the bureau")
    endpoint("this kind", kinds=["test.mine"])
    endpoint("this group", kinds=["mine"], kind="dingtalk")
    endpoint("another kind", kinds=["test.late"])
    endpoint("red alone", least_grade=1)
    endpoint("orange and red", least_grade=2)
    endpoint("off", active=False)
    endpoint("a mail server", kind="smtp")
    endpoint("another station", station=create_station(bureau=station.bureau, code="HP", name="和平派出所"))
    tell(li, grade=2)
    told = Delivery.objects.filter(endpoint__isnull=False).values_list("endpoint__label", "channel", "rule")
    assert {label: channel for label, channel, _rule in told} == {
        "all of the station": "webhook", "of the bureau": "webhook", "this kind": "webhook", "this group": "robot",
        "orange and red": "webhook",
    }  # fmt: skip
    assert {rule for _label, _channel, rule in told} == {"endpoint"}


def test_an_agency_hears_of_its_own_matters_alone(tell, carrier, station, li):
    fire, water = (Agency.objects.create(bureau=station.bureau, code=code, name=code) for code in ("fire", "water"))
    for agency in (fire, water):
        Endpoint.objects.create(bureau=station.bureau, agency=agency, kind="webhook", label=agency.code)
    tell(li)
    assert states("webhook") == []
    tell(li, agency=fire.pk, subject=18)
    assert list(Delivery.objects.filter(channel="webhook").values_list("endpoint__label", "rule")) == [
        ("fire", "endpoint_agency")
    ]


def test_endpoints_are_told_also_where_no_person_is(tell, carrier, webhook):
    assert tell() is not None
    assert Delivery.objects.get().endpoint == webhook


def test_what_is_for_one_person_goes_to_no_robot(tell, carrier, li, webhook):
    tell(li, kind="test.personal")
    assert states("webhook") == []


# Folding


def test_the_same_within_a_minute_is_told_once(tell, carrier, li, webhook):
    first = tell(li, facts={"n": 1})
    second = tell(li, now=later(seconds=30), facts={"n": 2})
    assert first != second
    assert states("email") == states("webhook") == ["queued", "folded"]
    shown = Delivery.objects.get(channel="app", state="sent")
    assert (shown.notice_id, shown.read_at) == (second, None)
    assert states("app") == ["folded", "sent"]


def test_after_a_minute_it_is_told_again(tell, carrier, li):
    tell(li)
    tell(li, now=later(seconds=61))
    assert states("email") == ["queued", "queued"]
    assert states("app") == ["sent", "sent"]


def test_another_kind_matter_or_person_is_not_folded(tell, carrier, li, wang):
    tell(li)
    tell(li, kind="test.urgent", now=later(seconds=1))
    tell(li, subject=18, now=later(seconds=2))
    tell(wang, now=later(seconds=3))
    assert states("email") == ["queued"] * 4


def test_what_was_read_is_shown_anew(tell, carrier, li):
    tell(li)
    actions.mark_all_read(li, 10**9, NOW)
    tell(li, now=later(seconds=30))
    assert states("app") == ["sent", "sent"]


def test_red_is_not_folded_into_what_waits_for_the_morning(tell, carrier, li):
    actions.choose(li, {}, time(22, 0), time(7, 0))
    night = datetime(2026, 3, 4, 19, 0, tzinfo=UTC)
    tell(li, grade=3, now=night)
    tell(li, grade=1, now=night + timedelta(seconds=30))
    assert states("email") == ["queued", "queued"]


def test_what_failed_for_good_folds_nothing(tell, carrier, li):
    tell(li)
    Delivery.objects.filter(channel="email").update(state="dead")
    tell(li, now=later(seconds=30))
    assert states("email") == ["dead", "queued"]


# Cost


@pytest.mark.parametrize(("people", "statements"), [(1, 4), (12, 4)])
def test_telling_takes_few_statements(tell, carrier, station, webhook, people, statements):
    """What happened lately, the notice, its deliveries, the job; one more where something is folded."""
    crew = [a_person(station, f"p{number}") for number in range(people)]
    tell(*crew, subject=1)
    for more, now in ((0, later(seconds=1)), (1, later(seconds=2))):
        with CaptureQueriesContext(connection) as found, transaction.atomic():
            tell(*crew, subject=2, now=now)
        asked = [each["sql"] for each in found if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
        folded_away = more * 1  # nothing new waits, so no job is asked for; the older item gives way instead
        assert len(asked) == statements - folded_away + more, asked


def test_choices_count_at_once(tell, carrier, li, django_capture_on_commit_callbacks):
    tell(li)
    with django_capture_on_commit_callbacks(execute=True):
        actions.choose(li, {"mine": []}, None, None)
    tell(li, subject=18)
    assert Delivery.objects.filter(channel="email").count() == 1
