"""A simulated year of the loop with all its ladders, through the pure decider and through the database.

Shown for every moment: an open matter has an owner and a deadline; every step of every clock is told once, at its
minute, to the levels that the policy names; nothing is told of a clock that was stopped or paused.  The watch that says
so is held against years in which something is broken.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from importlib import resources
from typing import Any

import pytest
import time_machine

from jishi.jobs.actions import claim
from jishi.jobs.worker import perform
from jishi.journal.chain import instant
from jishi.matters import catalogue, ladder, lateness, loop, store
from jishi.matters import commands as c
from jishi.matters.actions import Place, apply, report_matter, timing
from jishi.matters.actions.apply import RESUME_JOB
from jishi.matters.models import Escalation
from jishi.matters.terms import Policy, Rules
from jishi.matters.tests import factory as make
from jishi.matters.tests import pure
from jishi.matters.tests.watch import Watch
from jishi.matters.tests.year import BEGIN, CATEGORIES, DO, Ids, Memory, Year
from jishi.matters.verify import verify
from jishi.notify.models import Channel, Delivery
from jishi.stations.crew import forget
from jishi.stations.models import Post
from jishi.worktime import Calendar, seed
from tests.support.installations import Installation

SHIPPED = resources.files("jishi.matters").joinpath("catalog/policy.toml").read_text("utf-8")
POLICY = tomllib.loads(SHIPPED)
#: One category climbs a ladder of its own.
POLICY["ladder"][CATEGORIES[1]] = {"any": ["30 handler", "100 lead chief", "140 bureau"]}
CALENDAR = Calendar.from_data(
    1, "Asia/Shanghai", hours=[["08:30", "12:00"], ["13:30", "18:00"]], weekdays=seed.WEEKDAYS,
    days=seed.overrides(), known_years=seed.known_years(),
)  # fmt: skip
RULES = Rules(Policy(1, POLICY, {}), CALENDAR, pure.DESK, pure.CHECKING)
#: What happens in a year beside what people do.
BY_ITSELF = {"timer", "came back"}


def in_memory(number: int) -> tuple[Year, Watch]:
    watch = Watch(POLICY, CALENDAR)
    year = Year(Memory(RULES), watch, number)
    year.run()
    return year, watch


def promised() -> set[tuple[int, tuple[str, ...]]]:
    """Every step of every ladder in the policy that grades from red to blue and the categories of the year climb."""
    tables = POLICY["ladder"]
    ladders = [tables["default"][grade] for grade in "1234"] + [tables[CATEGORIES[1]]["any"]]
    words = [line.split() for lines in ladders for line in lines]
    return {(int(percent), tuple(levels)) for percent, *levels in words}


@pytest.mark.timeout(600)
def test_a_year_of_ten_thousand_matters_through_the_pure_loop():
    year, watch = in_memory(10_000)
    assert not watch.wrong, watch.examples
    assert set(watch.told_of) == promised()
    everything = {verb for verbs in DO.values() for verb in verbs} - {"wait"} | BY_ITSELF
    assert not everything - set(year.done)
    assert watch.looks > 100_000


def twice(monkeypatch: pytest.MonkeyPatch) -> None:
    take = ladder.take

    def taken(*given: Any) -> Any:
        clock, steps = take(*given)
        return clock, [each for step in steps for each in (step, step)]

    monkeypatch.setattr(ladder, "take", taken)
    monkeypatch.setattr(Memory, "is_new", lambda _self, _step: True)


def never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "take", lambda clock, _calendar, _now: (replace(clock, timer_at=None), []))


def to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    real = ladder.steps_of
    monkeypatch.setattr(ladder, "steps_of", lambda code: tuple(replace(s, levels=("chief",)) for s in real(code)))


def after_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clocks are kept that an event stops."""
    real = loop.evolve
    monkeypatch.setattr(loop, "evolve", lambda state, event: real(state, replace(event, stop=())))


def in_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Rules.stop
    monkeypatch.setattr(
        Rules, "stop", lambda self, clock, now: replace(real(self, clock, now), timer_at=clock.timer_at)
    )


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    real = ladder.put_off
    monkeypatch.setattr(
        ladder, "put_off", lambda clock, calendar, now: clock if clock.due < now else real(clock, calendar, now)
    )


def _sets(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    def broken(monkeypatch: pytest.MonkeyPatch) -> None:
        real = loop.evolve
        monkeypatch.setattr(loop, "evolve", lambda state, event: replace(real(state, event), **{name: None}))

    return broken


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (twice, "told twice"), (never, "not told"), (to_others, "told to the wrong level"),
        (after_its_end, "closed, and something is owed"), (in_a_pause, "told of a clock that does not run"),
        (later, "told too early"), (_sets("responsible_unit"), "open without an owner"),
        (_sets("next_due"), "open without a deadline"), (_sets("suspended_until"), "a deadline that no clock has"),
    ],
)  # fmt: skip
def test_the_watch_finds_a_year_in_which_something_is_broken(monkeypatch, broken, found):
    assert not in_memory(60)[1].wrong
    broken(monkeypatch)
    assert in_memory(60)[1].wrong[found]


class Database:
    """Two stations with their people; commands come by ``apply``, timers by ``fire_due``, a pause ends by its job."""

    def __init__(self, move_to: Callable[[datetime], object]) -> None:
        bureau = make.a_bureau()
        dispatcher = make.bureau_staff("desk", bureau)
        self.houses = {house.station.pk: house for house in (self._house(code, bureau) for code in ("XH", "YJ"))}
        for house in self.houses.values():
            house.people["dispatcher"] = dispatcher
        forget()
        here, there = self.houses
        self.stations = {here: self._ids(here, there), there: self._ids(there, here)}
        self.calendar = catalogue.rules_of(here).calendar
        self._move_to = move_to
        self._states: dict[int, loop.State] = {}
        self._last = 0
        self._told: list[tuple[Any, ...]] = []
        #: Whom the rows name: of which matter, who, which clock and deadline, how far.
        self.people: set[tuple[Any, ...]] = set()
        self.wrong: list[Any] = []

    def report(self, at: datetime, station: int, *, inherited: bool) -> int:
        house = self.houses[station]
        if inherited:
            matter = make.an_inherited_matter(house, now=at).pk
        else:
            place = Place("和平里3号楼", house.area.pk)
            matter = report_matter(house.station, by=house.desk, title="楼道有异味", place=place, now=at).matter_id
        self._read([matter], at)
        return matter

    def give(self, matter: int, command: c.Command, at: datetime) -> None:
        house = self.houses[self._states[matter].station]
        by = house.people[pure.GIVEN_BY.get(command.verb, "desk")]
        apply(matter, command, by=by, now=at)
        root = [command.root] if isinstance(command, c.Merge) else []
        self._read([matter, *root], at)

    def resume(self, matter: int, at: datetime) -> None:
        self._move_to(at)
        assert all(perform(job) for job in claim(100, at) if job.kind == RESUME_JOB)
        self._read([matter], at)

    def fire(self, matter: int, at: datetime) -> Iterable[int]:
        timing.fire_due(at)
        return self._read([], at)

    def state(self, matter: int) -> loop.State:
        return self._states[matter]

    def told(self) -> list[tuple[Any, ...]]:
        told, self._told = self._told, []
        return told

    def _read(self, matters: Iterable[int], at: datetime) -> Iterable[int]:
        """Take down the steps written since the last look, with whom they name, and then how the matters stand."""
        rows = Escalation.objects.raw("SELECT * FROM matters_escalation WHERE id > %s ORDER BY id", [self._last])
        seen = dict.fromkeys(matters)
        for row in rows:
            self._last = row.pk
            self._told.append((row.matter_id, at, row.cycle, row.clock, row.due, row.percent, row.levels))
            step = row.clock, instant(row.due), row.percent
            self.people.update((row.matter_id, staff, *step) for staff in row.told)
            self._check_people(row, self._states[row.matter_id])
            seen[row.matter_id] = None
        self._states |= {matter: store.lock(matter) for matter in seen}
        return seen

    def _check_people(self, row: Escalation, state: loop.State) -> None:
        house = self.houses[state.station]
        who = {"deputy": house.deputy.pk, "chief": house.chief.pk, "bureau": house.dispatcher.pk}
        if state.responsible_unit == house.patrol.pk:
            who |= {"lead": house.sergeant.pk}
            if state.assignee:
                who |= {"handler": state.assignee}
        if set(row.levels) <= set(who) and set(row.told) != {who[level] for level in row.levels}:
            self.wrong.append((row.pk, row.levels, row.told))

    def _house(self, code: str, bureau: Any) -> make.House:
        house = make.a_station(code, f"{code}派出所", bureau=bureau)
        house.people["sergeant"] = make.staff("officer", house)
        Post.objects.filter(staff=house.sergeant).update(lead=True)
        return house

    def _ids(self, here: int, there: int) -> Ids:
        house = self.houses[here]
        people = (house.officer.pk, house.sergeant.pk)
        return Ids(here, there, house.patrol.pk, house.units["command"].pk, house.agency.pk, people)


def messages() -> Iterable[tuple[Any, ...]]:
    """Every step of every message in the application: of which matter, to whom, which clock and deadline, how far."""
    rows = Delivery.objects.filter(channel=Channel.APP, notice__kind__in=(lateness.WARNED, lateness.LATE))
    for matter, staff, facts in rows.values_list("notice__subject_id", "staff_id", "notice__facts"):
        for clock in facts["clocks"]:
            for percent in clock["percent"]:
                yield matter, staff, clock["kind"], clock["due"], percent


def the_year() -> None:
    """Let a year pass in this database; ``AssertionError`` where something is not as promised."""
    with time_machine.travel(BEGIN) as traveller:
        world = Database(traveller.move_to)
        watch = Watch(tomllib.loads(SHIPPED), world.calendar)
        year = Year(world, watch, 300)
        year.run()
        told = Counter(messages())
        assert not watch.wrong, watch.examples
        assert not world.wrong, world.wrong
        missing = ({"merge", "suspend", "close", "transfer", "reopen", "reassess", "extend"} | BY_ITSELF) - set(
            year.done
        )
        assert not missing, missing
        assert told.keys() >= world.people
        assert set(told.values()) == {1}, told.most_common(1)
        assert verify().ok, verify().problems


YEAR = "import django; django.setup(); from jishi.matters.tests import test_year; test_year.the_year()"


@pytest.mark.timeout(600)
def test_a_year_of_three_hundred_matters_through_the_database(fresh_installation: Installation) -> None:
    passing = fresh_installation.start(sys.executable, "-c", YEAR)
    said = passing.communicate(timeout=580)[0]
    assert passing.returncode == 0, said[-4000:]
