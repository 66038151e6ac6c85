"""Alerts to the public: one of last night that has ended, and one about the gas leak of this hour that waits for the chief."""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from jishi.demo.district import Crew
from jishi.demo.history import History
from jishi.demo.plans import GAS, LEAK
from jishi.exchange.cap.actions import approve_alert, draft_alert, mark_ended
from jishi.exchange.cap.content import Content, Words
from jishi.exchange.cap.models import Alert
from jishi.exchange.cap.usual import catalogue, usual_for
from jishi.matters.models import Matter
from jishi.stations.models import Area

#: How long before now the flood was warned of, how long the chief took to read that, and how long it stood.
FLOOD = timedelta(hours=19)
READ, STOOD = timedelta(minutes=6), timedelta(hours=5)
#: How long after the report of the leak its alert is written, and how long after now that would end.
WRITTEN, STANDS = timedelta(minutes=16), timedelta(hours=24)


def plan_alerts(history: History, crew: Crew) -> None:
    """Let one alert be given out and end by its time, and the draft of another wait."""
    flood = _Flood(history, crew)
    history.plan(history.until - FLOOD, flood.write)
    history.plan(history.until - timedelta(minutes=LEAK) + WRITTEN, _of_the_leak(history, crew))


class _Flood:
    """A burst main, warned of last night."""

    def __init__(self, history: History, crew: Crew) -> None:
        self.history, self.crew, self.alert = history, crew, Alert()

    def write(self, at: datetime) -> None:
        """The desk writes it, in both languages."""
        area = self.crew.areas[2]
        content = _content(
            "public.water", 2, area, at + STOOD,
            headline=(f"{area.name}供水主管破裂，部分路段积水", "Burst water main, streets under water"),
            description=(
                "供水主管破裂，路口积水约三十厘米，供水单位正在抢修，过往车辆请绕行。",
                "A water main has burst. The crossing stands under about 30 cm of water; please take another way.",
            ),
        )  # fmt: skip
        self.alert = draft_alert(self.crew.station, content, by=self.crew.staff["desk:desk"][0], now=at)
        self.history.plan(at + READ, self.approve)
        self.history.plan(self.alert.expires + timedelta(minutes=1), self.end)

    def approve(self, at: datetime) -> None:
        """The chief gives it out."""
        approve_alert(self.alert, by=self.crew.staff["chief:command"][0], now=at)

    def end(self, at: datetime) -> None:
        """The daily job finds it over."""
        mark_ended(at)


def _of_the_leak(history: History, crew: Crew) -> Callable[[datetime], None]:
    def write(at: datetime) -> None:
        matter = Matter.objects.select_related("area").get(station=crew.station, title=GAS, drill=False)
        assert matter.area is not None
        content = _content(
            "fire.gas", 1, matter.area, history.until + STANDS,
            headline=(f"{matter.area.name}燃气泄漏，请立即撤离", "Gas leak: leave the buildings now"),
            description=(
                "楼内燃气泄漏，正在疏散和抢修，周边道路封闭。",
                "Gas is leaking in a building. People are being led out, and the streets around are closed.",
            ),
        )  # fmt: skip
        draft_alert(crew.station, content, by=crew.staff["desk:desk"][0], matter=matter, now=at)

    return write


def _content(
    category: str, grade: int, area: Area, expires: datetime, *, headline: tuple[str, str],
    description: tuple[str, str],
) -> Content:  # fmt: skip
    """What is usual for a category and a grade, with words of its own in Chinese and English."""
    usual = usual_for(category)
    urgency, severity = catalogue().grades[grade]
    zh = Words(usual.event_zh, headline[0], description[0], usual.instruction_zh, area.name)
    en = Words(usual.event_en, headline[1], description[1], usual.instruction_en, area.name)
    return Content(
        zh, usual.cap, urgency, severity, "Observed", expires, en, usual.responses, areas=(area.pk,)
    )  # fmt: skip
