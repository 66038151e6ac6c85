"""交接班: what the page shows, both signatures, what moves, and that it stays as it was."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.journal import queries as journal
from jishi.journal.models import Event
from jishi.matters.handover import actions, draft, reading, sheet
from jishi.matters.handover.draft import Scope
from jishi.matters.models import Handover, HandoverState, Matter, Text
from jishi.matters.tests import factory as make
from jishi.notify import kinds
from jishi.notify.models import Delivery, Notice
from jishi.stations.actions import add_shift
from jishi.stations.models import Post, Role, Staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def house():
    return make.a_station()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def mate(house):
    """Another officer of the patrol, who comes."""
    return make.staff("officer", house, name="赵接")


@pytest.fixture
def patrol(house):
    return Scope(house.station.pk, house.patrol.pk)


def sign(scope, by, to, *, chosen=None, notes=None, note="", key="k", now=None):
    now = now or timezone.now()
    if chosen is None:
        chosen = [row[0] for row in draft.take(scope, by, now - HOUR, now)["moves"]]
    return actions.hand_over(scope, by=by, to=to, chosen=chosen, notes=notes or {}, note=note, key=key, now=now)


def page_of(reader, handover):
    return sheet.sheet_of(reader, Handover.objects.get(pk=handover.pk))


def numbers(items):
    return [item.number for item in items]


def again(staff):
    return Staff.objects.get(pk=staff.pk)


# What the page shows


def test_what_changed_is_said_by_its_state_with_a_sentence(house, patrol, now):
    before = make.a_matter(house, "handling", now=now - 5 * HOUR)
    pushed = make.a_matter(house, "pushed", now=now - HOUR)
    elsewhere = make.a_matter(house, "pushed", unit=house.units["community"], now=now - HOUR)
    returned = make.a_matter(house, "pushed", now=now - 5 * HOUR)
    make.give(house, returned, "return", by=house.officer, reason="不属于本组", now=now - HOUR)
    make.give(house, before, "log", by=house.officer, text="已到现场", now=now - HOUR)
    found = sheet.read(house.officer, patrol, draft.take(patrol, house.officer, now - 2 * HOUR, now), now, now)
    changes = {change.number: change for _state, changes in found.changed for change in changes}
    assert set(changes) == {pushed.number, returned.number}
    assert house.patrol.name in changes[pushed.number].sentence
    assert (changes[pushed.number].fresh, changes[returned.number].fresh) == (True, False)
    assert found.counts["changed"] == 2
    desk = Scope(house.station.pk, house.units["desk"].pk)
    whole = draft.take(desk, house.desk, now - 2 * HOUR, now)
    assert {row[0] for row in whole["changed"]} == {pushed.pk, returned.pk, elsewhere.pk}


def test_red_and_due_are_those_of_the_unit_overdue_first(house, patrol, now):
    red = make.a_matter(house, "handling", grade=1, now=now - 90 * 24 * HOUR)
    make.a_matter(house, "handling", grade=1, unit=house.units["community"])
    later = make.a_matter(house, "pushed", grade=1, now=now)
    make.a_matter(house, "handling", grade=4, now=now)
    make.a_matter(house, "inherited")
    found = sheet.read(house.officer, patrol, draft.take(patrol, house.officer, now, now), now, now)
    assert set(numbers(found.red)) == {red.number, later.number}
    assert numbers(found.due) == [red.number, later.number]
    assert (found.counts["red"], found.counts["due"]) == (2, 2)
    whole = draft.take(Scope(house.station.pk, None), house.chief, now, now)
    assert whole["counts"]["red"] == 3


def test_a_drill_is_handed_over_and_counts_as_no_red_matter(house, patrol, now):
    drill = make.a_matter(house, "handling", grade=1, now=now)
    Matter.objects.filter(pk=drill.pk).update(drill=True)
    found = draft.take(patrol, house.officer, now - HOUR, now)
    assert (found["counts"]["red"], found["counts"]["moves"], found["counts"]["changed"]) == (0, 1, 1)


def test_lists_are_short_and_counts_are_whole(house, patrol, now, monkeypatch):
    monkeypatch.setattr(draft, "LISTED", 2)
    for _each in range(3):
        make.a_matter(house, "handling", grade=1, now=now - 90 * 24 * HOUR)
    found = draft.take(patrol, house.officer, now - HOUR, now)
    assert (len(found["red"]), found["counts"]["red"], found["counts"]["due"]) == (2, 3, 3)


def test_a_shift_begins_with_the_last_handover_of_the_unit(house, patrol, mate, now):
    assert draft.beginning(patrol, house.officer.pk, now) == now - draft.USUAL
    starts = now - 3 * HOUR
    add_shift(house.station, staff=house.officer, unit=house.patrol, starts=starts, ends=now + HOUR, by=house.desk)
    assert draft.beginning(patrol, house.officer.pk, now) == starts
    assert draft.beginning(patrol, house.officer.pk, now + 6 * HOUR) == now - 6 * HOUR
    first = sign(patrol, house.officer, mate, now=now - 2 * HOUR)
    assert draft.beginning(patrol, mate.pk, now) == first.until
    assert draft.beginning(patrol, mate.pk, first.until + HOUR / 2) == first.until + HOUR / 2 - draft.USUAL
    assert draft.beginning(Scope(house.station.pk, None), mate.pk, now) == now - draft.USUAL
    actions.take_back(first, by=house.officer, now=now)
    assert draft.beginning(patrol, house.officer.pk, now) == starts


def test_the_roster_says_who_comes(house, patrol, mate, now):
    assert draft.next_on(patrol, house.officer.pk, now) is None
    starts = now + HOUR
    add_shift(house.station, staff=house.desk, starts=starts, ends=starts + HOUR, by=house.desk)
    assert draft.next_on(patrol, house.officer.pk, now) == house.desk.pk
    add_shift(house.station, staff=mate, unit=house.patrol, starts=starts, ends=starts + HOUR, by=house.desk)
    assert draft.next_on(patrol, house.officer.pk, now) == mate.pk
    assert draft.next_on(patrol, mate.pk, now) == house.desk.pk


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("chief", [None, "command"]), ("deputy", [None, "command"]), ("desk", ["desk"]), ("officer", ["patrol"]),
        ("auxiliary", ["patrol"]), ("checker", ["checking"]), ("analyst", []), ("auditor", []), ("administrator", []),
    ],
)  # fmt: skip
def test_everybody_hands_over_their_own_units(house, role, kinds):
    units = [None if kind is None else house.units[kind].pk for kind in kinds]
    assert [scope.unit for scope in draft.scopes_of(house.people[role], house.station.pk)] == units


# Both sign, and what was chosen moves


def test_both_sign_and_what_was_chosen_moves(house, patrol, mate, now):
    moves = make.a_matter(house, "handling")
    stays = make.a_matter(house, "handling")
    page = sign(patrol, house.officer, mate, chosen=[moves.pk], note="车钥匙在抽屉", now=now)
    assert (page.state, page.signed_to_at) == (HandoverState.WAITING, None)
    assert Matter.objects.get(pk=moves.pk).assignee == house.officer
    done = actions.take_over(page, by=mate, now=now + HOUR)
    assert (done.state, done.signed_to_at) == (HandoverState.SIGNED, now + HOUR)
    assert Matter.objects.get(pk=moves.pk).assignee == mate
    assert Matter.objects.get(pk=stays.pk).assignee == house.officer
    event = journal.events_of("matter", moves.pk).last()
    assert (event.kind, event.actor_id, event.occurred_at) == ("matter.assigned", house.officer.pk, now)
    shown = {item.number: (item.moved, item.why) for item in page_of(mate, page).moves}
    assert shown == {moves.number: (True, ""), stays.number: (False, "")}


def test_the_one_who_comes_takes_what_the_one_who_leaves_may_not_give(house, patrol, mate):
    held = make.a_matter(house, "pushed")
    make.give(house, held, "assign", by=house.officer, person=house.auxiliary.pk)
    page = sign(patrol, house.auxiliary, mate)
    actions.take_over(page, by=mate, now=timezone.now())
    assert Matter.objects.get(pk=held.pk).assignee == mate
    assert journal.events_of("matter", held.pk).last().actor_id == mate.pk


def test_what_cannot_move_is_listed_with_the_reason(house, patrol, mate, now):
    submitted = make.a_matter(house, "submitted")
    moved_on = make.a_matter(house, "handling")
    closed = make.a_matter(house, "handling")
    page = sign(patrol, house.officer, mate)
    assert page.snapshot["counts"]["moves"] == 2
    make.give(house, moved_on, "assign", by=house.officer, person=house.auxiliary.pk)
    make.give(house, closed, "submit", by=house.officer)
    actions.take_over(page, by=mate, now=now + HOUR)
    shown = {item.number: (item.moved, item.why) for item in page_of(mate, page).moves}
    assert shown == {
        submitted.number: (False, "wrong_state"), moved_on.number: (False, "moved_on"),
        closed.number: (False, "wrong_state"),
    }  # fmt: skip
    assert Matter.objects.get(pk=closed.pk).assignee == house.officer


def test_who_is_not_of_the_unit_gets_none_of_its_matters(house, mate):
    held = make.a_matter(house, "handling")
    page = sign(Scope(house.station.pk, house.patrol.pk), house.officer, house.desk)
    actions.take_over(page, by=house.desk, now=timezone.now())
    assert Matter.objects.get(pk=held.pk).assignee == house.officer
    assert [item.why for item in page_of(house.desk, page).moves] == ["person_elsewhere"]


def test_signing_twice_changes_nothing(house, patrol, mate, now):
    make.a_matter(house, "handling")
    page = sign(patrol, house.officer, mate, key="same")
    assert sign(patrol, house.officer, mate, key="same") == page
    done = actions.take_over(page, by=mate, now=now + HOUR)
    events = Event.objects.count()
    twice = actions.take_over(page, by=mate, now=now + 2 * HOUR)
    assert (twice.signed_to_at, Event.objects.count()) == (done.signed_to_at, events)
    assert sign(patrol, house.officer, mate, key="same") == page
    assert Handover.objects.count() == 1
    assert Delivery.objects.filter(channel="app", notice__kind="matter.shift").count() == 1


def test_who_may_not_hand_over_to_whom(house, patrol, mate):
    away = make.a_station("YH", "永和派出所").officer
    gone = make.staff("officer", house)
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    for to, code in ((house.officer, "handover_same_person"), (away, "handover_elsewhere"),
                     (again(gone), "handover_elsewhere"), (house.auditor, "handover_elsewhere")):  # fmt: skip
        with pytest.raises(Refused, match=code):
            sign(patrol, house.officer, to, chosen=[])
    for by, code in ((house.auditor, "not_allowed"), (house.desk, "handover_wrong_unit"), (away, "not_allowed")):
        with pytest.raises(Refused, match=code):
            sign(patrol, by, mate, chosen=[])
    assert not Handover.objects.exists()
    sign(patrol, house.officer, mate)
    with pytest.raises(Refused, match="handover_waiting"):
        sign(patrol, house.officer, mate, key="another")


def test_only_who_is_named_signs_and_only_once(house, patrol, mate, now):
    page = sign(patrol, house.officer, mate)
    for by, code in ((house.officer, "handover_same_person"), (house.chief, "handover_not_yours")):
        with pytest.raises(Refused, match=code):
            actions.take_over(page, by=by, now=now)
    with pytest.raises(Refused, match="handover_not_yours"):
        actions.take_back(page, by=mate, now=now)
    Post.objects.filter(staff=mate).update(role=Role.AUDITOR)
    with pytest.raises(Refused, match="handover_elsewhere"):
        actions.take_over(page, by=again(mate), now=now)
    Post.objects.filter(staff=mate).update(role=Role.OFFICER)
    actions.take_over(page, by=again(mate), now=now)
    for act, by in ((actions.take_over, house.chief), (actions.take_back, house.officer)):
        with pytest.raises(Refused, match="handover_signed"):
            act(page, by=by, now=now)


def test_a_page_can_be_taken_back_until_the_other_signs(house, patrol, mate, now):
    page = sign(patrol, house.officer, mate)
    assert actions.take_back(page, by=house.officer, now=now).state == HandoverState.WITHDRAWN
    assert actions.take_back(page, by=house.officer, now=now).state == HandoverState.WITHDRAWN
    with pytest.raises(Refused, match="handover_withdrawn"):
        actions.take_over(page, by=mate, now=now)
    assert reading.lately(house.chief, house.station.pk, now + HOUR) == []
    assert sign(patrol, house.officer, mate, key="another").state == HandoverState.WAITING


# Frozen, recorded, told


def test_a_signed_page_stays_as_it_was(house, patrol, mate, now):
    held = make.a_matter(house, "handling", grade=1, now=now - HOUR)
    page = sign(patrol, house.officer, mate, now=now)
    actions.take_over(page, by=mate, now=now)
    before = page_of(house.chief, page)
    for verb, by in (("submit", mate), ("check", house.checker), ("answer", house.desk), ("close", house.desk)):
        make.give(house, held, verb, by=by)
    make.a_matter(house, "handling", grade=1)
    assert page_of(house.chief, page) == before
    assert [(item.number, item.moved) for item in before.moves] == [(held.number, True)]
    assert numbers(before.red) == [held.number]


def test_notes_stand_with_their_matters_and_go_with_them(house, patrol, mate):
    held = make.a_matter(house, "handling", grade=1)
    page = sign(patrol, house.officer, mate, notes={held.pk: " 等配件 ", 10**9: "别处"})
    assert [item.note for item in page_of(mate, page).moves] == ["等配件"]
    assert journal.events_of("matter", held.pk).last().kind == "matter.logged"
    assert "等配件" not in json.dumps(Handover.objects.get().snapshot, ensure_ascii=False)
    Text.objects.filter(body="等配件").delete()
    assert [item.note for item in page_of(mate, page).moves] == [""]


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        ({"note": "请回电13800138000"}, "personal", "note"), ({"note": "长" * 2001}, "too_long", "note"),
        ({"notes": "身份证11010519491231002X"}, "personal", "note-"), ({"notes": "长" * 501}, "too_long", "note-"),
    ],
)  # fmt: skip
def test_words_that_identify_a_person_are_refused(house, patrol, mate, words, code, field):
    held = make.a_matter(house, "handling")
    if "notes" in words:
        words, field = {"notes": {held.pk: words["notes"]}}, f"note-{held.pk}"
    with pytest.raises(Refused) as refused:
        sign(patrol, house.officer, mate, **words)
    assert (refused.value.code, refused.value.facts["field"]) == (code, field)
    assert not Handover.objects.exists()


def test_the_journal_holds_both_signatures(house, patrol, mate, now):
    held = make.a_matter(house, "handling")
    page = sign(patrol, house.officer, mate, note="钥匙")
    actions.take_over(page, by=mate, now=now)
    first, second = journal.events_of("handover", page.pk)
    assert [(each.kind, each.actor_id) for each in (first, second)] == [
        ("handover.signed", house.officer.pk), ("handover.confirmed", mate.pk),
    ]  # fmt: skip
    told = journal.payload_of(second)
    assert (told["chosen"], told["given"]) == ([held.pk], [[held.pk, ""]])
    assert told["page"] != journal.payload_of(first)["page"]
    words = re.findall(r'"([^"]*)"', first.payload + second.payload)
    assert {"chosen", "page"} <= set(words)
    assert [each for each in words if not re.fullmatch(r"[a-z_]*|[0-9a-f]{64}|[\dT:.-]+Z", each)] == []
    assert list(journal.flaws(house.station.pk)) == []


def test_the_one_who_comes_is_told_without_names(house, patrol, mate):
    make.a_matter(house, "handling", grade=1, title="疏散通道堆物")
    page = sign(patrol, house.officer, mate)
    notice = Notice.objects.get(kind="matter.shift")
    assert (notice.thread, notice.deliveries.get(channel="app").staff) == (f"handover:{page.pk}", mate)
    message = kinds.kind_of("matter.shift").write([notice])[notice.pk]
    assert (message.path, message.place) == (f"/handover/{page.pk}/", house.patrol.name)
    assert house.officer.name not in str(message)
    assert "疏散" not in str(message)
    assert kinds.why(notice.deliveries.get(channel="app").rule)
    sent = Notice.objects.count()
    actions.take_over(page, by=mate, now=timezone.now())
    assert Notice.objects.count() == sent
