"""What the public reported at the window lately: one that is answered, one that a neighbour follows, one that is held."""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from jishi.demo.district import Crew
from jishi.demo.history import History
from jishi.matters import commands
from jishi.matters.actions import Place, apply
from jishi.matters.catalogue import proposed_unit
from jishi.matters.models import Matter
from jishi.window.actions.following import follow_matter
from jishi.window.actions.held import hold_report
from jishi.window.actions.reporting import Report, report_at_window
from jishi.window.contact import Contact

#: How long before now each was sent, what it is, and how far the loop has taken it.
STORIES = (
    (timedelta(hours=41), "东门外路灯三天不亮，晚上看不见台阶。", "public.light", "answered"),
    (timedelta(hours=9), "3号楼二单元楼道堆满纸箱，安全出口被堵住。", "fire.exit", "handling"),
    (timedelta(minutes=35), "人行道井盖松动，踩上去会翻。", None, "reported"),
)
#: How many matters this adds to those that the history makes by itself.
MATTERS = len(STORIES)
FOLLOWED = 1
HELD = timedelta(minutes=50)
SPAM = "低息贷款当天放款，详情请看 http://loan.example http://cash.example http://fast.example"
#: How long after the report each further step is taken.
STEPS = (("assess", 12), ("push", 20), ("accept", 45), ("submit", 240), ("check", 300), ("answer", 340))


def plan_reports(history: History, crew: Crew) -> None:
    """Let reports come in at the window, and let the station take the older ones further."""
    for place, (before, words, category, stage) in enumerate(STORIES):
        story = _Story(history, crew, place, words, category)
        begun = history.until - before
        history.plan(begun, story.report)
        if stage != "reported":
            last = {"handling": "accept", "answered": "answer"}[stage]
            for verb, minutes in STEPS[: [verb for verb, _minutes in STEPS].index(last) + 1]:
                history.plan(begun + timedelta(minutes=minutes), story.step(verb))
        if place == FOLLOWED:
            history.plan(begun + timedelta(hours=3), story.follow)
    history.plan(history.until - HELD, _held(crew))


class _Story:
    """One report, and what the station makes of it."""

    def __init__(self, history: History, crew: Crew, place: int, words: str, category: str | None) -> None:
        self.history, self.crew, self.words, self.category = history, crew, words, category
        self.area = crew.areas[place % len(crew.areas)]
        self.key = sha256(f"demo window {place}".encode()).hexdigest()[:32]
        self.receipt = 0

    @property
    def matter(self) -> Matter:
        """The matter of the report."""
        return Matter.objects.get(receipts=self.receipt)

    def report(self, at: datetime) -> None:
        """Somebody sends it from a phone."""
        contact = Contact("王女士", "13900000001") if self.category else None
        issued = report_at_window(
            self.crew.station, words=self.words, category=self.category, contact=contact,
            place=Place(name=f"{self.area.name}3号楼", area=self.area.pk), language="zh-hans", key=self.key, now=at,
            consent="contact.1" if contact else None, uploads=[self.history.photo()],
        )  # fmt: skip
        self.receipt = issued.receipt
        self.history.reported += 1

    def follow(self, at: datetime) -> None:
        """A neighbour waits for the same answer."""
        follow_matter(self.matter, language="zh-hans", key=self.key[::-1], now=at)

    def step(self, verb: str) -> Callable[[datetime], None]:
        """The station's next command."""

        def taken(at: datetime) -> None:
            matter = self.matter
            unit = proposed_unit(self.crew.station.pk, self.category or "")
            given = {
                "assess": commands.Assess(category=self.category, grade=3),
                "push": commands.Push(unit=unit, rule="usual_unit"),
                "accept": commands.Accept(),
                "submit": commands.Submit(outcome="fixed", text="已更换灯具，恢复照明。"),
                "check": commands.Check(result="pass"),
                "answer": commands.Answer(text="您好，您反映的路灯已于当日修复，感谢您的提醒。"),
            }[verb]
            by = {"check": "checker:checking"}.get(
                verb, "deputy:command" if verb in ("accept", "submit") else "desk:desk"
            )
            uploads = [self.history.photo()] if verb == "submit" else []
            apply(matter.pk, given, by=self.crew.staff[by][0], uploads=uploads, now=at)

        return taken


def _held(crew: Crew) -> Callable[[datetime], None]:
    def arrive(at: datetime) -> None:
        said = Report(SPAM, None, Place(name=f"{crew.areas[0].name}东门"), Contact())
        key = sha256(b"demo window held").hexdigest()[:32]
        hold_report(crew.station, said, [], doubts=["links"], key=key, now=at)

    return arrive
