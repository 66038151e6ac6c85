"""What the demo's stations tell, offer and ask at their windows, and the urgent needs at the first one's desk."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from jishi.base.errors import Refused
from jishi.demo.district import Crew
from jishi.demo.history import History
from jishi.matters import commands
from jishi.matters.actions import Place, apply
from jishi.matters.models import Matter
from jishi.stations.models import Staff
from jishi.stations.queries import calendar_of, zone_of
from jishi.window.actions import appointments
from jishi.window.actions.figures import release_all
from jishi.window.actions.notices import Said, withdraw_notice, write_notice
from jishi.window.actions.reporting import report_at_window
from jishi.window.actions.services import save_station_service
from jishi.window.contact import Contact
from jishi.window.hours import slots_of
from jishi.window.models import StationService, SurveyCount
from jishi.window.quarters import Quarter
from jishi.window.queries.appointments import find_appointment
from jishi.window.queries.services import services_at
from jishi.window.surveying import edition

#: The urgent needs: minutes before now, what, where, which kind, and whether the desk has confirmed it.
NEEDS = (
    (150, "暖气主管爆裂，热水顺着楼梯往下流，整栋楼没有暖气，物业电话打不通", "和平里社区7号楼", "public.water", True),
    (64, "电梯停了两天，楼里几户老人上不去下不来，米菜都送不上去", "建设路社区12号楼", "public.lift", False),
    (22, "学校门口路面塌陷，放学时间快到了，孩子要从这里过", "文化路社区小学东门", "traffic.hazard", False),
)
#: How many matters this adds to those that the history makes by itself.
MATTERS = len(NEEDS)

#: The notices: written so many days ago, shown for so many days, whether it stands first, and its words.
_NOTICES = (
    (
        *(9, 45, True),
        "警惕“冒充客服退款”诈骗",
        "近期辖区发生多起冒充电商客服、以退款为由的诈骗。\n\n客服不会索要验证码，不会要求共享屏幕，"
        "也不会让您转账到“安全账户”。接到这类电话请挂断，拿不准的拨打派出所电话或 96110。",
        "Beware of calls about a refund",
        "Several people here were cheated by callers who said that they were a shop's service and promised a refund."
        "\n\nNo shop asks for a code from your phone, to share your screen, or to move money to a “safe account”. "
        "Hang up, and if in doubt ring the station or 96110.",
    ),
    (
        *(3, 20, False),
        "元旦假期户籍窗口办公时间调整",
        "节假日期间户籍窗口暂停办理，急需办理临时身份证明的，请联系值班室。\n\n节后按正常工作时间办理，已预约的不受影响。",
        "Counter hours over the holiday",
        "The counter is shut on the holidays. Whoever needs a provisional paper at once turns to the desk.\n\n"
        "After them it opens as always; places that were booked stand.",
    ),
    (
        *(14, 30, False),
        "电动自行车集中充电点启用",
        "各片区新增集中充电点已启用。请不要把电动自行车推进楼道、电梯，也不要从楼上拉线充电。",
        *("", ""),
    ),
    (60, 10, False, "夏季夜市周边道路临时管制", "夜市期间周边道路 18 时至 22 时禁止机动车通行，请绕行。", "", ""),
)


def plan_needs(history: History, crew: Crew) -> None:
    """Let the urgent needs be reported at the window in the last hours, and one of them be confirmed."""
    for place, need in enumerate(NEEDS):
        story = _Need(history, crew, need, crew.areas[place % len(crew.areas)].pk)
        begun = history.until - timedelta(minutes=need[0])
        history.plan(begun, story.report)
        if need[4]:
            history.plan(begun + timedelta(minutes=9), story.confirm)


class _Need:
    """One urgent need, from its report to the desk's word."""

    def __init__(self, history: History, crew: Crew, need: tuple[int, str, str, str, bool], area: int) -> None:
        self.history, self.crew, self.need, self.area = history, crew, need, area
        self.key = f"{history.rng.getrandbits(128):032x}"
        self.number = ""

    def report(self, at: datetime) -> None:
        """Somebody of the public reports it and asks for the mark."""
        _minutes, words, where, category, _confirmed = self.need
        issued = report_at_window(
            self.crew.station, words=words, category=category, place=Place(name=where, area=self.area),
            contact=Contact(), urgent=True, language="zh-hans", key=self.key, now=at,
        )  # fmt: skip
        self.number = issued.number
        self.history.reported += 1

    def confirm(self, at: datetime) -> None:
        """The desk confirms it."""
        matter = Matter.objects.get(number=self.number)
        apply(matter, commands.MarkUrgent(), by=self.crew.staff["desk:desk"][0], now=at)


def open_windows(rng: Random, crews: list[Crew], until: datetime) -> None:
    """Let every station tell, offer and ask what stations do, and give out the figures that are due."""
    for place, crew in enumerate(crews):
        _tell(crew, until)
        _offer(crew, place)
        _book(rng, crew, until)
        _ask(rng, crew, until)
    release_all(until)


def _tell(crew: Crew, until: datetime) -> None:
    desk = crew.staff["desk:desk"][0]
    for ago, days, pinned, title, text, title_en, text_en in _NOTICES:
        at = until - timedelta(days=ago, hours=2)
        said = Said(title, text, at, title_en, text_en, at + timedelta(days=days), pinned)
        write_notice(crew.station, said, by=desk, now=at)
    at = until - timedelta(days=1)
    wrong = write_notice(crew.station, Said("停电通知", "明日全天停电检修。", at), by=desk, now=at)
    withdraw_notice(wrong.pk, by=desk, now=at + timedelta(minutes=20), version=wrong.version)


def _offer(crew: Crew, place: int) -> None:
    rows = [
        ("id-card", {"where_zh": "一楼户籍窗口 2 号", "where_en": "Ground floor, counter 2"}),
        ("lost-found", {"where_zh": "值班室", "where_en": "The desk", "hours_zh": "全天", "hours_en": "Day and night"}),
    ]
    for service, words in rows:
        save_station_service(StationService(station=crew.station, service_id=service, **words))
    if place:
        save_station_service(StationService(station=crew.station, service_id="dog", offered=False))


def _book(rng: Random, crew: Crew, until: datetime) -> None:
    """Places of the last days, of which the counts are left, of today up to now, and of the days to come."""
    calendar, desk = calendar_of(crew.station), crew.staff["desk:desk"][0]
    offered = [each for each in services_at(crew.station) if each.booked]
    today = until.astimezone(ZoneInfo(zone_of(crew.station))).date()
    for ahead in range(-6, 6):
        day = today + timedelta(days=ahead)
        booked_at = datetime.combine(min(day, today), time(0, 5), tzinfo=calendar.zone) - timedelta(days=ahead < 1)
        for starts in slots_of(calendar, day):
            for service in rng.sample(offered, rng.randrange(0, 3)):
                try:
                    made = appointments.book(
                        crew.station, service, starts, key=f"{rng.getrandbits(128):032x}", now=min(booked_at, until)
                    )
                except Refused:
                    continue
                if starts < until - timedelta(minutes=10):
                    _served(rng, crew, made.code, desk, starts)
    appointments.forget_days(until)


def _served(rng: Random, crew: Crew, code: str, desk: Staff, starts: datetime) -> None:
    """What became of a place whose half hour has come."""
    found = find_appointment(crew.station.pk, code)
    assert found is not None
    came = rng.random() < 0.85
    verbs = ("call", "done") if came else ("missed",)
    for minutes, verb in enumerate(verbs):
        appointments.move(found.pk, verb, by=desk, now=starts + timedelta(minutes=5 + 9 * minutes))


def _ask(rng: Random, crew: Crew, until: datetime) -> None:
    """Answers to the survey in this quarter and the two before it: of one area too few, as it happens."""
    this = Quarter.of(until.astimezone(ZoneInfo(zone_of(crew.station))).date())
    rows = []
    for quarter, most in ((this.before.before, 90), (this.before, 80), (this, 50)):
        for place, area in enumerate(crew.areas):
            people = rng.randrange(8, 26) if place == len(crew.areas) - 1 else rng.randrange(most // 2, most)
            for question in edition().questions:
                weights = [6, 10, 4, 2, 1] if question.code != "night" else [3, 8, 6, 4, 2]
                given = Counter(rng.choices([5, 4, 3, 2, 1], weights, k=people))
                rows += [
                    SurveyCount(
                        station=crew.station, area=area, quarter=quarter.first, edition=edition().number,
                        question=question.code, answer=answer, count=count,
                    )
                    for answer, count in sorted(given.items())
                ]  # fmt: skip
    SurveyCount.objects.bulk_create(rows)
