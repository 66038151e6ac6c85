"""An alert is written by one, approved by the chief, followed by updates and a cancellation, and never changed."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.cap import actions, queries, rendering, verify
from jishi.exchange.cap.codes import State, Status
from jishi.exchange.cap.content import Round, Words
from jishi.exchange.cap.models import Alert
from jishi.exchange.tests.alerts import (
    EN,
    OVER,
    OVER_EN,
    SQUARE,
    ZH,
    a_cancel,
    a_content,
    a_draft,
    an_alert,
    an_update,
)  # fmt: skip
from jishi.exchange.tests.capdocs import read, said
from jishi.journal import queries as journal
from jishi.matters.tests import factory
from jishi.stations.models import Area

pytestmark = pytest.mark.django_db


def words_of(alert):
    return [
        (event.kind, journal.payload_of(event)) for event in journal.events_of(actions.SUBJECT, alert.pk).order_by("id")
    ]


def refused(code, call, *args, **more):
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    assert caught.value.code == code
    return caught.value.facts


def test_two_people_give_it_out(house):
    drawn = Area.objects.create(station=house.station, code="drawn", name="建设路社区", polygon=SQUARE)
    draft = a_draft(house, areas=(house.area.pk, drawn.pk), circle=Round(117.3, 37.1, 500))
    year = timezone.localtime(timezone=None).year
    assert (draft.state, draft.identifier, draft.document) == (State.DRAFTED, f"XH.{year}.0001", None)
    done = actions.approve_alert(draft, by=house.chief, version=draft.version)
    assert (done.state, done.approved_by, done.version) == (State.PUBLISHED, house.chief, 2)
    kept = queries.kept_document(done)
    assert sha256(kept).hexdigest() == done.sha256
    root = read(kept)
    assert said(root, "identifier") == [done.identifier]
    assert said(root, "sender") == ["XH@127.0.0.1"]
    assert said(root, "status") == ["Actual"]
    assert said(root, "headline") == [ZH.headline, EN.headline]
    assert said(root, "polygon") == ["37.1,117.3 37.1,117.31 37.11,117.31 37.11,117.3 37.1,117.3"] * 2
    assert said(root, "circle") == ["37.1,117.3 0.5"] * 2
    assert said(root, "senderName") == ["新华派出所"] * 2
    assert not any(person.name in kept.decode() for person in house.people.values())
    kinds = [kind for kind, _facts in words_of(done)]
    assert kinds == ["alert.drafted", "alert.published"]
    assert words_of(done)[1][1]["sha256"] == done.sha256


@pytest.mark.parametrize(
    "role", ["deputy", "desk", "officer", "auxiliary", "checker", "analyst", "auditor", "administrator"]
)
def test_only_a_chief_approves(house, role):
    draft = actions.draft_alert(house.station, a_content(), by=house.chief)
    refused("not_allowed", actions.approve_alert, draft, by=house.people[role])
    assert Alert.objects.get().state == State.DRAFTED


def test_whoever_wrote_it_last_cannot_approve_it(house):
    draft = a_draft(house)
    changed = actions.change_draft(draft, a_content(zh=replace(ZH, headline="燃气泄漏")), by=house.chief)
    assert changed.headline_zh == "燃气泄漏"
    refused("alert_own_draft", actions.approve_alert, changed, by=house.chief)
    above = factory.bureau_staff("chief", house.station.bureau)
    assert actions.approve_alert(changed, by=above).state == State.PUBLISHED
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(
            station=house.station, year=2026, serial=99, identifier="x", expires=timezone.now(),
            drafted_by=house.chief, approved_by=house.chief,
        )  # fmt: skip


@pytest.mark.parametrize("role", ["officer", "auxiliary", "checker", "analyst", "auditor", "administrator"])
def test_who_may_not_draft(house, role):
    refused("not_allowed", actions.draft_alert, house.station, a_content(), by=house.people[role])


def test_a_stranger_and_anothers_matter(house):
    other = factory.a_station("YH", "永和派出所")
    refused("not_found", actions.draft_alert, house.station, a_content(), by=other.desk)
    refused("not_found", actions.draft_alert, house.station, a_content(), by=house.desk, matter=factory.a_matter(other))
    assert refused("area_elsewhere", a_draft, house, areas=(other.area.pk,))["field"] == "areas"


def test_it_is_approved_as_it_was_seen(house):
    draft = a_draft(house)
    actions.change_draft(draft, a_content(severity="Minor"), by=house.deputy)
    facts = refused("stale", actions.approve_alert, draft, by=house.chief, version=draft.version)
    assert facts == {"yours": 1, "current": 2}
    done = actions.approve_alert(draft, by=house.chief, version=2)
    assert done.severity == "Minor"
    refused("alert_not_draft", actions.approve_alert, draft, by=house.chief)
    refused("alert_not_draft", actions.change_draft, draft, a_content(), by=house.desk)
    refused("alert_not_draft", actions.drop_draft, draft, by=house.desk)


def test_the_same_key_writes_once(house):
    first = actions.draft_alert(house.station, a_content(), by=house.desk, key="k")
    assert actions.draft_alert(house.station, a_content(), by=house.desk, key="k") == first
    actions.approve_alert(first, by=house.chief)
    follower = actions.draft_update(first, a_content(), by=house.desk, key="u")
    assert actions.draft_update(first, a_content(), by=house.desk, key="u") == follower
    factory.a_matter(house)
    assert Alert.objects.count() == 2
    assert [each.serial for each in Alert.objects.order_by("pk")] == [1, 2]


def test_an_update_replaces_and_names_all_before_it(house):
    now = timezone.now().replace(microsecond=0)
    first = an_alert(house, now)
    second = an_update(first, house, now + timedelta(hours=1), severity="Extreme")
    third = an_update(second, house, now + timedelta(hours=2), zh=replace(ZH, event="火灾", headline="范围扩大"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, third.state) == (State.SUPERSEDED, State.SUPERSEDED, State.PUBLISHED)
    root = read(queries.kept_document(third))
    named = said(root, "references")[0].split(" ")
    assert [each.split(",")[:2] for each in named] == [[each.sender, each.identifier] for each in (first, second)]
    sent = [said(read(queries.kept_document(each)), "sent")[0] for each in (first, second)]
    assert [each.split(",")[2] for each in named] == sent
    assert said(root, "event") == ["燃气泄漏", "Gas leak"]  # the same event
    assert said(root, "msgType") == ["Update"]
    assert third.root == first
    assert [kind for kind, _facts in words_of(first)] == ["alert.drafted", "alert.published", "alert.superseded"]


def test_two_within_a_second_can_be_told_apart(house):
    now = timezone.now()
    first = an_alert(house, now)
    second = an_update(first, house, now)
    assert second.sent == first.sent + timedelta(seconds=1)


def test_a_cancellation_says_it_is_over_until_it_would_have_ended(house):
    now = timezone.now().replace(microsecond=0)
    first = an_alert(house, now, areas=(house.area.pk,), onset=now + timedelta(hours=1))
    done = a_cancel(first, house, now + timedelta(hours=2))
    first.refresh_from_db()
    assert (first.state, first.ended_at) == (State.CANCELLED, now + timedelta(hours=2))
    root = read(queries.kept_document(done))
    assert said(root, "msgType") == ["Cancel"]
    assert said(root, "urgency") == ["Past"] * 2
    assert said(root, "responseType") == ["AllClear"] * 2
    assert said(root, "headline") == [OVER.headline, OVER_EN.headline]
    assert said(root, "areaDesc") == [ZH.area, EN.area]
    assert said(root, "onset") == []
    assert done.expires == first.expires
    assert [area.pk for area in done.areas.all()] == [house.area.pk]
    refused("alert_over", actions.draft_update, done, a_content(), by=house.desk)
    refused("alert_over", actions.draft_cancel, first, OVER, Words(), by=house.desk)


def test_one_follower_waits_at_a_time_and_a_dropped_one_makes_room(house):
    first = an_alert(house)
    waiting = actions.draft_update(first, a_content(), by=house.desk)
    refused("alert_follower_waits", actions.draft_cancel, first, OVER, Words(), by=house.desk)
    actions.drop_draft(waiting, by=house.desk, version=1)
    assert queries.follower_of(first) is None
    done = a_cancel(first, house)
    assert [each.identifier for each in rendering.earlier(done)] == [first.identifier]


def test_a_draft_of_a_cancellation_is_changed_in_its_words_alone(house):
    first = an_alert(house)
    draft = actions.draft_cancel(first, OVER, OVER_EN, by=house.desk)
    later = a_content().expires + timedelta(days=2)
    actions.change_draft(draft, a_content(zh=replace(ZH, headline="不用躲了"), expires=later), by=house.deputy)
    changed = actions.change_cancel(draft, replace(OVER, description="已修好。"), OVER_EN, by=house.desk, version=2)
    assert (changed.expires, changed.urgency, changed.description_zh) == (first.expires, "Past", "已修好。")


def test_an_update_may_leave_english_out_or_bring_it_in(house):
    first = an_alert(house)
    second = an_update(first, house, en=Words())
    assert said(read(queries.kept_document(second)), "language") == ["zh-CN"]
    third = an_update(second, house, en=EN)
    assert said(read(queries.kept_document(third)), "language") == ["zh-CN", "en-US"]


def test_what_has_ended_is_not_followed_or_approved(house):
    now = timezone.now()
    first = an_alert(house, now)
    update = actions.draft_update(first, a_content(expires=now + timedelta(hours=9)), by=house.desk, now=now)
    late = now + timedelta(hours=7)
    refused("alert_over", actions.approve_alert, update, by=house.chief, now=late)
    refused("alert_over", actions.draft_cancel, first, OVER, Words(), by=house.desk, now=late)
    draft = a_draft(house, now)
    refused("alert_past", actions.approve_alert, draft, by=house.chief, now=late)


def test_the_job_marks_what_has_ended(house):
    now = timezone.now()
    first, drill = an_alert(house, now), an_alert(house, now, status=Status.EXERCISE)
    assert actions.mark_ended(now + timedelta(hours=5)) == 0
    assert first.state_at(now + timedelta(hours=7)) == State.EXPIRED
    assert actions.mark_ended(now + timedelta(hours=7)) == 2
    assert actions.mark_ended(now + timedelta(hours=8)) == 0
    first.refresh_from_db()
    drill.refresh_from_db()
    assert (first.state, drill.state) == (State.EXPIRED, State.EXPIRED)
    assert first.ended_at == first.expires
    assert words_of(first)[-1][0] == "alert.expired"


def test_a_drill_stays_inside(house):
    drill = an_alert(house, status=Status.EXERCISE)
    assert drill.state == State.APPROVED
    root = read(queries.kept_document(drill))
    assert said(root, "status") == ["Exercise"]
    assert "演习" in said(root, "note")[0]
    update = an_update(drill, house, status=Status.ACTUAL)
    assert (update.status, update.state) == (Status.EXERCISE, State.APPROVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=update.pk).update(state=State.PUBLISHED)


def test_what_was_given_out_stays_as_it_was(house):
    done = an_alert(house)
    for change in ({"document": b"x"}, {"headline_zh": "x"}, {"sha256": "0" * 64}, {"sent": timezone.now()},
                   {"categories": []}, {"approved_by": None}):  # fmt: skip
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            Alert.objects.filter(pk=done.pk).update(**change)
    with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM exchange_alert WHERE id = %s", [done.pk])
    draft = a_draft(house)
    Alert.objects.filter(pk=draft.pk).update(headline_zh="x")


def test_every_column_is_kept_but_where_it_stands():
    from importlib import import_module

    kept = set(import_module("jishi.exchange.migrations.0004_alerts").KEPT)
    columns = {field.column for field in Alert._meta.concrete_fields}
    assert columns - kept == {"id", "state", "version", "ended_at"}
    assert kept <= columns


def test_the_journal_proves_the_document(house):
    done, drill = an_alert(house), an_alert(house, status=Status.EXERCISE)
    a_draft(house)
    assert list(verify.problems()) == []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        off = "ALTER TABLE exchange_alert DISABLE TRIGGER USER"
        cursor.execute(off if connection.vendor == "postgresql" else "DROP TRIGGER exchange_alert_kept_update")
        if connection.vendor != "postgresql":
            cursor.execute("DROP TRIGGER exchange_alert_kept_delete")
        cursor.execute("UPDATE exchange_alert SET document = %s WHERE id = %s", [b"<alert/>", done.pk])
        cursor.execute("DELETE FROM exchange_alert WHERE id = %s", [drill.pk])
    assert [(each.code, each.where) for each in verify.problems()] == [
        ("alert_changed", done.identifier), ("alert_missing", str(drill.pk)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"zh": replace(ZH, headline=" ")}, "missing", "headline_zh"),
        ({"zh": replace(ZH, description="请联系13800138000")}, "personal", "description_zh"),
        ({"zh": replace(ZH, instruction="x" * 1001)}, "too_long", "instruction_zh"),
        ({"zh": replace(ZH, area="和平里3号楼2单元501室")}, "flat", "area_zh"),
        ({"en": replace(EN, description="")}, "missing", "description_en"),
        ({"en": replace(EN, area="flat of 11010519491231002X")}, "personal", "area_en"),
        ({"categories": ()}, "missing", "categories"),
        ({"categories": ("Petition",)}, "alert_code", "categories"),
        ({"urgency": "Loud"}, "alert_code", "urgency"),
        ({"status": "System"}, "alert_code", "status"),
        ({"circle": Round(190, 37, 500)}, "alert_circle", "point"),
        ({"circle": Round(117, 37, 5)}, "alert_circle", "radius"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(house, more, code, field):
    assert refused(code, a_draft, house, **more)["field"] == field
    assert not Alert.objects.exists()


def test_times_that_cannot_be(house):
    now = timezone.now()
    assert refused("alert_past", a_draft, house, now, expires=now)["field"] == "expires"
    refused("alert_too_long", a_draft, house, now, expires=now + timedelta(days=8))
    later = now + timedelta(hours=6)
    refused("alert_before_onset", a_draft, house, now, onset=later, expires=later)


def test_every_word_of_a_person_is_refused(house):
    for name in ("event", "headline", "description", "instruction", "area"):
        for language, base in (("zh", ZH), ("en", EN)):
            with pytest.raises(Refused, match="personal"):
                a_draft(house, **{language: replace(base, **{name: "京A12345"})})


def test_events_hold_no_words(house):
    done = a_cancel(an_update(an_alert(house), house), house)
    for alert in [done, *rendering.earlier(done)]:
        for _kind, facts in words_of(alert):
            for value in facts.values():
                assert not isinstance(value, str) or value.isascii()
            assert set(facts) <= {"sha256", "sent", "expires", "type", "status", "replaces", "matter", "by"}


def test_a_preview_is_marked_as_a_draft(house):
    first = an_alert(house)
    draft = actions.draft_update(first, a_content(), by=house.desk)
    root = read(rendering.preview(draft, timezone.now()))
    assert said(root, "status") == ["Draft"]
    assert first.identifier in said(root, "references")[0]
