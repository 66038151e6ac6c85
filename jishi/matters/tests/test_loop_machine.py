"""Random commands at random times by random people, against what must hold at every moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from jishi.base.errors import Refused
from jishi.journal.chain import canonical
from jishi.matters import commands as c
from jishi.matters import loop
from jishi.matters.events import decode, encode
from jishi.matters.loop import plans
from jishi.matters.tests.pure import (
    BLANK,
    CALENDAR,
    COMMAND,
    DESK,
    NOW,
    PATROL,
    PEOPLE,
    RULES,
    RUN,
    actor,
    command,
    inherited,
)
from jishi.matters.tests.test_loop import check_invariants
from jishi.worktime import add

WORDS = st.sampled_from(["", "w"])
COMMANDS = st.one_of(
    st.builds(c.Triage, category=st.sampled_from([None, "fire"]), grade=st.integers(0, 4), unit=st.sampled_from([None, PATROL])),  # noqa: E501
    st.builds(c.Assess, category=st.sampled_from(["fire", "other"]), grade=st.integers(1, 4), hazard=st.booleans(), needs_photo=st.booleans()),  # noqa: E501
    st.builds(c.Reassess, category=st.sampled_from(["fire", "other"]), grade=st.integers(1, 4), reason=WORDS),
    st.builds(c.Decline, outcome=st.sampled_from(["no_action", "fixed"]), reason=WORDS),
    st.builds(c.Withdraw, reason=WORDS),
    st.builds(c.Merge, root=st.integers(4, 6), itself=st.just(5), root_state=st.sampled_from(loop.STATES), root_station=st.just(1)),  # noqa: E501
    st.builds(c.Unmerge, reason=WORDS),
    st.builds(c.Push, unit=st.sampled_from([PATROL, DESK]), person=st.sampled_from([None, 7])),
    st.builds(c.Refer, agency=st.integers(0, 2), unit=st.sampled_from([None, PATROL]), reason=WORDS),
    st.just(c.Accept()),
    st.builds(c.Return, reason=WORDS),
    st.builds(c.Recall, reason=WORDS),
    st.builds(c.Assign, person=st.integers(0, 3)),
    st.builds(c.Transfer, station=st.integers(0, 2), reason=WORDS),
    st.builds(c.Log, text=WORDS),
    st.builds(c.Locate, element=st.sampled_from([None, 11, 12])),
    st.builds(c.Suspend, until=st.integers(-5, 100).map(lambda days: NOW + timedelta(days=days)), reason=WORDS, approver_unit=st.just(COMMAND)),  # noqa: E501
    st.just(c.Resume()),
    st.builds(c.Extend, minutes=st.integers(-1, 50_000), reason=WORDS),
    st.builds(c.Submit, outcome=st.sampled_from(["fixed", "duplicate"]), text=WORDS, photos=st.integers(0, 1)),
    st.builds(c.Check, result=st.sampled_from(["pass", "rework", ""]), reason=WORDS),
    st.builds(c.Answer, text=WORDS),
    st.builds(c.Rate, mended=st.sampled_from([True, False, None]), result=st.integers(0, 6)),
    st.just(c.Close()),
    st.builds(c.Reopen, reason=WORDS),
    st.builds(c.Request, what=st.sampled_from(["extend", "suspend", ""]), minutes=st.integers(-1, 3_000), until=st.integers(-5, 100).map(lambda days: NOW + timedelta(days=days)), reason=WORDS),  # noqa: E501
    st.builds(c.Refuse, reason=WORDS),
    st.just(c.Follow()),
    st.builds(c.Add, text=WORDS, photos=st.integers(0, 1)),
    st.builds(c.Dispute, reason=WORDS),
    st.just(c.MarkUrgent()),
    st.builds(c.UnmarkUrgent, reason=WORDS),
    st.just(c.AgencyAccept()),
    st.builds(c.AgencyReturn, reason=WORDS),
    st.builds(c.AgencyReport, text=WORDS),
    st.just(c.StartPlan(plan="p", seen=replace(RUN, tasks=()))),
    st.just(c.EndPlan(seen=replace(RUN, tasks=()))),
)  # fmt: skip
ACTORS = st.sampled_from(
    [*PEOPLE.values(), loop.SYSTEM, actor("officer", DESK, pk=201), actor("checker", PATROL, pk=202),
     loop.agency_actor(1), loop.agency_actor(2), loop.public_actor()]
)  # fmt: skip


class LoopMachine(RuleBasedStateMachine):
    """One matter in the hands of everybody at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.matter = BLANK
        self.journal: list[tuple[str, dict[str, Any]]] = []

    @initialize(backlog=st.booleans())
    def begin(self, backlog: bool) -> None:
        """A report, or a matter of another system."""
        if backlog:
            event = loop.imported("inherited", "", "other", 0, None, None, NOW, RULES)
            assert inherited().state == "inherited"
        else:
            event = loop.decide(None, c.Report(station=1, title="t"), PEOPLE["desk"], NOW, RULES)
        self._take(event)

    @rule(minutes=st.integers(0, 20_000))
    def wait(self, minutes: int) -> None:
        """Time goes by."""
        self.now += timedelta(minutes=minutes)

    @rule(given=COMMANDS, who=ACTORS)
    def try_anything(self, given: c.Command, who: loop.Actor) -> None:
        """Anybody tries anything: it is refused and changes nothing, or leads to a state in which all invariants hold."""  # noqa: E501
        try:
            event = loop.decide(self.matter, given, who, self.now, RULES)
        except Refused as refused:
            assert refused.status in (403, 409, 422)
            return
        self._take(event)

    @rule(choice=st.integers(0, 10_000), minutes=st.integers(0, 3_000))
    def step(self, choice: int, minutes: int) -> None:
        """Time goes by, and somebody gives a command that they may give, with all that it needs."""
        self.now += timedelta(minutes=minutes)
        people = [*PEOPLE.values(), loop.public_actor(), actor("officer", self.matter.responsible_unit, pk=150)]
        still = ("log", "locate", "follow", "add", "start_plan", *plans.OF_A_RUN)
        verbs = {verb: who for who in people for verb in loop.allowed(self.matter, who) if verb not in still}
        verb, who = list(verbs.items())[choice % len(verbs)]
        here = self.matter.station
        special = {
            "submit": c.Submit(outcome="fixed", text="t", photos=1),
            "transfer": c.Transfer(station=3 - here, reason="r"),
            "merge": c.Merge(root=7, itself=5, root_state="handling", root_station=here),
        }
        given = special.get(verb) or command(verb, self.now)
        try:
            event = loop.decide(self.matter, given, who, self.now, RULES)
        except Refused as refused:
            assert refused.code in ("extend_most", "suspend_times", "until_far")
            return
        self._take(event)

    def _take(self, event: loop.Event) -> None:
        self.matter = loop.evolve(self.matter, event)
        payload = encode(event)
        assert canonical(payload)
        self.journal.append((f"matter.{event.kind}", payload))

    @invariant()
    def holds(self) -> None:
        """An owner and a deadline, clocks that can be computed again, and a journal that leads to the same state."""
        if not self.journal:
            return
        check_invariants(self.matter)
        for clock in self.matter.clocks:
            left = clock.term - clock.worked
            if not clock.paused:
                assert clock.due == (add(CALENDAR, clock.started, left, clock.mode) if left > 0 else clock.started)
        rebuilt = BLANK
        for kind, payload in self.journal:
            rebuilt = loop.evolve(rebuilt, decode(kind, payload))
        assert rebuilt == self.matter


TestLoopMachine = LoopMachine.TestCase
TestLoopMachine.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
