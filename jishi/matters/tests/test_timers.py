"""Steps of ladders that are due: taken once, written down and told, whatever the worker was doing meanwhile."""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from jishi.journal.models import Event
from jishi.matters import commands, lateness, notices, telling
from jishi.matters.actions import apply, timing
from jishi.matters.models import Clock, Escalation, Matter
from jishi.matters.tests import factory as make
from jishi.matters.verify import verify
from jishi.notify.models import Channel, Delivery, Notice
from jishi.stations.crew import forget
from jishi.stations.models import Post
from tests.support.installations import Installation

#: A Monday morning at the station; an orange matter is handled within two days, around the clock.
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOW + 2 * DAY
LATE = ("matter.warned", "matter.late")


@pytest.fixture
def house(db):
    """A station whose patrol has a lead, below a bureau with somebody on duty."""
    return a_house()


def a_house(code: str = "XH", bureau: Any = None):
    house = make.a_station(code, f"{code}派出所", bureau=bureau)
    house.people["sergeant"] = make.staff("officer", house)
    Post.objects.filter(staff=house.sergeant).update(lead=True)
    house.people["dispatcher"] = make.bureau_staff("desk", house.station.bureau)
    forget()
    return house


def orange(house, state: str = "handling", now: datetime = NOW) -> Matter:
    return make.a_matter(house, state, grade=2, now=now)


def steps(matter: Matter, clock: str = "handle") -> list[int]:
    """The steps that were taken of a clock, in the order in which they were written down."""
    return list(Escalation.objects.filter(matter=matter, clock=clock).order_by("pk").values_list("percent", flat=True))


def told(house, **where: Any) -> list[tuple[str, list[str]]]:
    """What was told of clocks, one after the other: the kind, and the names of whom it was told to."""
    names = {person.pk: name for name, person in house.people.items()}
    found = []
    for notice in Notice.objects.filter(kind__in=LATE, **where).order_by("pk"):
        rows = Delivery.objects.filter(notice=notice, channel=Channel.APP).order_by("pk")
        people = rows.values_list("staff_id", flat=True)
        found.append((notice.kind.partition(".")[2], [names[staff] for staff in people]))
    return found


def test_each_level_is_told_once_and_everything_is_written_down(house):
    matter = orange(house)
    hours = {24: 50, 38.4: 80, 48: 100, 57.6: 120, 72: 150, 96: 200}
    for hour, percent in hours.items():
        at = NOW + hour * HOUR
        clocks = 2 if hour == 96 else 1
        assert timing.fire_due(at - timedelta(minutes=1)) == 0
        assert timing.fire_due(at) == clocks
        assert timing.fire_due(at) == 0
        assert steps(matter)[-1] == percent
        row = Escalation.objects.get(clock="handle", percent=percent)
        assert (row.cycle, row.due, row.fired_at) == (1, DUE, at)
        if hour == 57.6:
            assert timing.fire_due(NOW + 60 * HOUR) == 1
    assert steps(matter) == [50, 80, 100, 120, 150, 200]
    assert steps(matter, "answer") == [50, 80]
    assert told(house) == [
        ("warned", ["officer"]), ("warned", ["officer", "sergeant"]), ("late", ["officer", "sergeant"]),
        ("late", ["deputy"]), ("warned", ["officer"]), ("late", ["chief"]),
        ("late", ["officer", "sergeant", "dispatcher"]),
    ]  # fmt: skip
    names = {person.pk: name for name, person in house.people.items()}
    recorded = [
        (row.levels, [names[pk] for pk in row.told]) for row in Escalation.objects.filter(clock="handle").order_by("pk")
    ]
    assert recorded == [
        (["handler"], ["officer"]), (["handler", "lead"], ["officer", "sergeant"]),
        (["handler", "lead"], ["officer", "sergeant"]), (["deputy"], ["deputy"]), (["chief"], ["chief"]),
        (["bureau"], ["dispatcher"]),
    ]  # fmt: skip
    kinds = Event.objects.filter(subject_kind="ladder").order_by("pk").values_list("kind", "actor_id")
    assert [kind for kind, _by in kinds] == [f"matter.{kind}" for kind, _people in told(house)]
    assert {by for _kind, by in kinds} == {None}
    assert verify().ok


def test_a_step_leaves_the_matter_as_it_is_so_that_nobody_works_on_a_stale_page(house):
    matter = orange(house)
    before = Matter.objects.filter(pk=matter.pk).values().get()
    timing.fire_due(NOW + 3 * DAY)
    assert steps(matter) == [50, 80, 100, 120, 150]
    assert Matter.objects.filter(pk=matter.pk).values().get() == before
    apply(matter, commands.Log(text="已到现场"), by=house.officer, version=matter.version, now=NOW + 3 * DAY)


def test_after_a_day_of_being_off_each_matter_is_told_once_of_all_that_was_missed(house):
    early, later = orange(house, now=NOW - 2 * HOUR), orange(house)
    unhurried = make.a_matter(house, "handling", grade=4, now=NOW)
    timing.fire_due(NOW + 23 * HOUR)
    before = Notice.objects.filter(kind__in=LATE).count()
    on_again = NOW + 61 * HOUR
    assert timing.fire_due(on_again) == 4
    missed = Notice.objects.filter(kind__in=LATE).order_by("pk")[before:]
    assert [notice.subject_id for notice in missed] == [later.pk, early.pk]
    assert not Notice.objects.filter(kind__in=LATE, subject_id=unhurried.pk).exists()
    assert steps(early) == [50, 80, 100, 120]
    assert steps(later) == [50, 80, 100, 120]
    for notice in missed:
        assert notice.kind == "matter.late"
        assert notice.facts["missed"] is True
        people = Delivery.objects.filter(notice=notice, channel=Channel.APP).values_list("staff_id", flat=True)
        assert sorted(people) == sorted([house.officer.pk, house.sergeant.pk, house.deputy.pk])
    assert [each["percent"] for each in missed[0].facts["clocks"]] == [[50], [50, 80, 100, 120]]
    assert [each["percent"] for each in missed[1].facts["clocks"]] == [[50], [80, 100, 120]]
    assert timing.fire_due(on_again) == 0
    assert verify().ok


@pytest.mark.parametrize(
    ("language", "title", "lines"),
    [
        ("en", "overdue", ["50 %, 80 %, 100 %, 120 %", "50 %"]),
        ("zh-hans", "超时", ["50 %，80 %，100 %，120 %", "50 %"]),
    ],
)
def test_the_message_names_what_was_missed(house, language, title, lines):
    matter = orange(house)
    timing.fire_due(NOW + 61 * HOUR)
    [notice] = Notice.objects.filter(kind__in=LATE)
    with translation.override(language), timezone.override("Asia/Shanghai"):
        message = notices.write([notice])[notice.pk]
        assert message.number == matter.number
        assert title in message.title
        assert len(message.lines) == 1 + len(lines)
        assert [line for line, end in zip(message.lines[1:], lines, strict=True) if not line.endswith(end)] == []


def test_what_comes_in_time_is_told_as_nothing_missed(house):
    orange(house)
    timing.fire_due(NOW + DAY + timedelta(minutes=lateness.MISSED_MINUTES))
    [notice] = Notice.objects.filter(kind__in=LATE)
    assert "missed" not in notice.facts
    assert notices.write([notice])[notice.pk].lines == ()


@pytest.mark.parametrize("verb", ["suspend", "merge", "withdraw", "submit", "answer", "close"])
def test_nothing_comes_any_more_of_a_clock_that_was_stopped(house, verb):
    before = {"submit": "handling", "answer": "checked", "close": "answered"}.get(verb, "handling")
    matter = orange(house, before)
    running = set(Clock.objects.filter(matter=matter, stopped_at=None).values_list("pk", flat=True))
    fields = {"withdraw": {"reason": "误报"}}.get(verb, {})
    if verb == "merge":
        fields["root"] = make.a_matter(house, "reported", now=NOW + 300 * DAY).pk
    make.give(house, matter, verb, now=NOW + HOUR, **fields)
    still = set(Clock.objects.filter(matter=matter, stopped_at=None).values_list("pk", flat=True))
    stopped = running if verb == "suspend" else running - still
    kinds = set(Clock.objects.filter(pk__in=stopped).values_list("kind", flat=True))
    assert kinds
    timing.fire_due(NOW + 299 * DAY)
    assert not Escalation.objects.filter(matter=matter, clock__in=kinds).exists()
    if verb in ("suspend", "merge", "close"):
        assert told(house, subject_id=matter.pk) == []
    assert verify().ok


def test_what_is_due_is_told_before_a_command_that_comes_first(house):
    matter = orange(house)
    merged = orange(house)
    root = make.a_matter(house, "handling", grade=4, now=NOW)
    late = NOW + 50 * HOUR
    make.give(house, matter, "submit", now=late)
    make.give(house, merged, "merge", now=late, root=root.pk)
    assert steps(matter) == steps(merged) == [50, 80, 100]
    assert told(house) == [("late", ["officer", "sergeant"])] * 2
    assert timing.fire_due(late) == 0
    kinds = Event.objects.filter(subject_id=matter.pk).order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["matter.late", "matter.submitted"]
    assert verify().ok


def test_a_transfer_that_comes_first_leaves_both_chains_whole(house):
    other = a_house("YJ", house.station.bureau)
    matter = orange(house, "assessed")
    make.give(house, matter, "transfer", by=house.chief, now=NOW + 50 * HOUR, station=other.station.pk, reason="属地")
    assert steps(matter, "push") == [50, 80, 100, 120, 150, 200]
    assert Clock.objects.filter(matter=matter).exclude(station=other.station).count() == 0
    timing.fire_due(NOW + 300 * HOUR)
    later = Escalation.objects.filter(matter=matter, fired_at__gt=NOW + 50 * HOUR)
    at_bureau = {other.dispatcher.pk, house.dispatcher.pk}
    assert {staff for row in later for staff in row.told} == at_bureau | {
        other.desk.pk, other.deputy.pk, other.chief.pk,
    }  # fmt: skip
    assert verify().ok


def test_whoever_acts_on_an_overdue_matter_stops_the_ladder_for_an_interval(house):
    matter = orange(house)
    timing.fire_due(NOW + 50 * HOUR)
    make.give(house, matter, "log", by=house.officer, now=NOW + 55 * HOUR, text="配件明日到")
    assert timing.fire_due(NOW + 57.6 * HOUR) == 0
    assert timing.fire_due(NOW + 64.5 * HOUR) == 1
    assert steps(matter) == [50, 80, 100]
    assert timing.fire_due(NOW + 64.6 * HOUR) == 1
    assert steps(matter) == [50, 80, 100, 120]
    assert verify().ok


def test_a_drill_is_told_inside_alone(house, monkeypatch):
    asked = []
    monkeypatch.setattr(lateness, "tell", lambda *_args, **more: asked.append((more["subject"], more["inside_only"])))
    real, drill = orange(house), orange(house)
    Matter.objects.filter(pk=drill.pk).update(drill=True)
    timing.fire_due(NOW + DAY)
    assert asked == [(("matter", real.pk), False), (("matter", drill.pk), True)]


def test_a_simulated_past_takes_the_steps_and_tells_nobody(house):
    matter = orange(house)
    with telling.silent():
        assert timing.fire_due(NOW + 50 * HOUR) == 1
    assert steps(matter) == [50, 80, 100]
    assert told(house) == []
    assert verify().ok


def test_a_transaction_takes_so_many_timers_of_one_station_those_due_longest_first(house, monkeypatch):
    monkeypatch.setattr(timing, "BATCH", 2)
    matters = [orange(house, now=NOW - minutes * timedelta(minutes=1)) for minutes in (1, 3, 2, 5, 4)]
    other = a_house("YJ", house.station.bureau)
    orange(other)
    first = [matters[place].pk for place in (3, 4)]
    assert timing.fire_some(house.station.pk, NOW + DAY) == 2
    assert list(Escalation.objects.order_by("pk").values_list("matter_id", flat=True)) == first
    assert timing.fire_due(NOW + DAY) == 4
    assert timing.fire_due(NOW + DAY) == 0
    order = [matters[place].pk for place in (3, 4, 1, 2, 0)]
    at_house = Notice.objects.filter(kind="matter.warned", station=house.station).order_by("pk")
    assert list(at_house.values_list("subject_id", flat=True)) == order


def test_what_fails_at_one_station_holds_up_no_other(house, monkeypatch):
    class Fails(Exception):
        pass

    other = a_house("YJ", house.station.bureau)
    orange(house)
    matter = orange(other)
    real = timing.fire_some

    def fails_here(station_id: int, now: datetime) -> int:
        if station_id == house.station.pk:
            raise Fails
        return real(station_id, now)

    monkeypatch.setattr(timing, "fire_some", fails_here)
    with pytest.raises(Fails):
        timing.fire_due(NOW + DAY)
    assert list(Escalation.objects.values_list("matter_id", flat=True)) == [matter.pk]


def test_a_step_that_was_written_down_is_not_told_again(house):
    matter = orange(house)
    timing.fire_due(NOW + DAY)
    Clock.objects.filter(matter=matter, kind="handle").update(timer_at=NOW + DAY, timer_step=0)
    assert timing.fire_due(NOW + DAY + HOUR) == 1
    assert steps(matter) == [50]
    assert len(told(house)) == 1


def test_the_worker_looks_each_minute(house, time_machine):
    from jishi.jobs.registry import handler_of

    orange(house)
    handler = handler_of("matters.timers")
    assert handler.every == timedelta(minutes=1)
    assert not handler.atomic
    time_machine.move_to(NOW + DAY)
    handler.work({})
    assert told(house) == [("warned", ["officer"])]


SETUP = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from jishi.matters.tests.factory import a_station, a_matter
house = a_station()
for number in range(60):
    a_matter(house, "handling", grade=2, now=timezone.now() - timedelta(hours=30, minutes=number))
"""

FIRE = """
import sys, time, django; django.setup()
from django.utils import timezone
from jishi.matters.actions import timing
timing.BATCH = 5
time.sleep(max(0, float(sys.argv[1]) - time.time()))
print("begun", flush=True)
print(timing.fire_due(timezone.now()))
"""

COUNT = """
import django; django.setup()
from jishi.matters.models import Escalation
from jishi.notify.models import Delivery
told = list(Delivery.objects.filter(notice__kind="matter.warned", channel="app")
            .values_list("staff_id", "notice__subject_id"))
print(Escalation.objects.count(), len(told), len(set(told)))
"""


def fire(installation: Installation, count: int, seconds: float = 4.0) -> list[Any]:
    start = str(time.time() + seconds)
    return [installation.start(sys.executable, "-c", FIRE, start) for _ in range(count)]


def test_two_workers_at_once_tell_everybody_once(fresh_installation: Installation) -> None:
    fresh_installation.python(SETUP)
    workers = fire(fresh_installation, 2)
    done = [int(worker.communicate(timeout=90)[0].split()[-1]) for worker in workers]
    if sum(done) < 60:
        [last] = fire(fresh_installation, 1, 0)
        done.append(int(last.communicate(timeout=90)[0].split()[-1]))
    assert sum(done) == 60
    assert fresh_installation.python(COUNT).stdout.split() == ["60"] * 3
    fresh_installation.jishi("verify")


def test_a_worker_that_is_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    fresh_installation: Installation,
) -> None:
    fresh_installation.python(SETUP)
    for more in (0.02, 0.05, 0.1):
        [worker] = fire(fresh_installation, 1, 0)
        assert worker.stdout
        worker.stdout.readline()
        time.sleep(more)
        os.kill(worker.pid, signal.SIGKILL)
        worker.communicate(timeout=60)
        found = fresh_installation.python(COUNT).stdout.split()
        assert len(set(found)) == 1
    [worker] = fire(fresh_installation, 1, 0)
    worker.communicate(timeout=90)
    assert fresh_installation.python(COUNT).stdout.split() == ["60"] * 3
    fresh_installation.jishi("verify")
