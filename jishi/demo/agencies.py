"""One matter of the demo that stands with an outside agency, which has taken it on through its link."""

from __future__ import annotations

from datetime import datetime, timedelta

from jishi.demo.district import Crew
from jishi.demo.history import History
from jishi.matters import commands
from jishi.matters.actions import Place, apply, report_matter
from jishi.matters.agencies.actions import answer_by_link, make_link, note_opened
from jishi.matters.models import AgencyLink
from jishi.stations.models import Agency

#: How many matters this adds to those that the history makes by itself.
MATTERS = 1
CATEGORY = "fire.exit"
TITLE = "市场东侧楼梯常闭防火门被拆除"
ASKED = "防火门被拆除，请现场核查并督促恢复，三日内反馈。"


def plan_referral(history: History, crew: Crew) -> None:
    """Let one matter be reported in the last hours, referred to the fire brigade, and accepted there."""
    begun = history.until - timedelta(hours=5)
    story = Referral(history, crew)
    for minutes, step in ((0, story.report), (12, story.assess), (25, story.refer), (55, story.accept)):
        history.plan(begun + timedelta(minutes=minutes), step)


class Referral:
    """The steps of this one matter, each at its time among those of all others."""

    def __init__(self, history: History, crew: Crew) -> None:
        self.history, self.crew, self.desk = history, crew, crew.staff["desk:desk"][0]
        self.matter_id = 0
        self.link = AgencyLink()

    def report(self, at: datetime) -> None:
        area = self.crew.areas[0]
        place = Place(name=f"{area.name}综合市场", area=area.pk)
        done = report_matter(self.crew.station, by=self.desk, title=TITLE, place=place, channel="patrol", now=at)
        self.matter_id = done.matter_id
        self.history.reported += 1

    def assess(self, at: datetime) -> None:
        apply(self.matter_id, commands.Assess(category=CATEGORY, grade=2), by=self.desk, now=at)

    def refer(self, at: datetime) -> None:
        brigade = Agency.objects.filter(bureau=self.crew.station.bureau_id).order_by("pk")[0]
        command = commands.Refer(agency=brigade.pk, unit=self.crew.units["fire"].pk, reason=ASKED)
        apply(self.matter_id, command, by=self.desk, now=at)
        self.link, _token = make_link(self.matter_id, by=self.desk, now=at)

    def accept(self, at: datetime) -> None:
        note_opened(self.link, now=at)
        answer_by_link(self.link, "accept", {}, key="demo", now=at)
