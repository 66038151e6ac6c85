"""What a message says, and what it never says: no title, no words, no room of a dwelling, no name of anybody."""

from __future__ import annotations

from dataclasses import astuple
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from jishi.matters import notices
from jishi.matters.actions import PartyInput, Place, report_matter
from jishi.matters.models import Matter
from jishi.matters.outside import place_outside
from jishi.matters.tests import factory as make
from jishi.notify.models import Notice

NOW = timezone.now()


@pytest.mark.parametrize(
    ("name", "outside"),
    [
        ("和平里3号楼", "和平里3号楼"),
        ("和平里3号楼2单元502室", "和平里3号楼2单元"),
        ("和平里3号楼502", "和平里3号楼"),
        ("和平里三号楼五零二室", "和平里三号楼"),
        ("和平里３号楼５０２", "和平里3号楼"),
        ("和平里3-2-502", "和平里"),
        ("和平里3号楼张伟家", "和平里3号楼"),
        ("和平里3号楼502室门口,联系人李明13800138000", "和平里3号楼"),
        ("建设路18弄3号402", "建设路18弄3号"),
        ("建设路18号5楼", "建设路18号5楼"),
        ("新华街与建设路路口", "新华街与建设路路口"),
        ("老年之家", "老年之家"),
        ("12 Station Road, Flat 5", "12 Station Road"),
        ("Unit 4, 33 Elm Street", "33 Elm Street"),
        ("王先生家", ""),
        ("", ""),
    ],
)
def test_a_place_leaves_the_house_without_its_room(name, outside):
    assert place_outside(name) == outside


def a_notice(matter: Matter, kind: str, **facts: object) -> Notice:
    """A notice of this kind about a matter, as :func:`tell` writes it."""
    return Notice(
        pk=matter.pk * 100 + len(kind), station_id=matter.station_id, kind=kind, thread=f"matter:{matter.pk}",
        subject_id=matter.pk, grade=matter.grade, facts=facts, created_at=NOW,
    )  # fmt: skip


def said(matter: Matter, kind: str, **facts: object) -> notices.Message:
    notice = a_notice(matter, kind, **facts)
    with translation.override("zh-hans"):
        return notices.write([notice])[notice.pk]


@pytest.fixture
def house(db):
    return make.a_station()


def test_a_message_names_number_category_place_and_clock(house):
    matter = make.a_matter(house, "pushed", place="和平里3号楼502室")
    message = said(matter, "matter.offered", event="pushed", unit=house.patrol.pk)
    assert astuple(message) == (
        "推送给您所在的组室", f"/matters/{matter.number}/", matter.number, "租赁纠纷", "和平里3号楼", matter.next_due,
        "接收", (),
    )  # fmt: skip
    with translation.override("en"):
        assert notices.write([a_notice(matter, "matter.offered")])[matter.pk * 100 + 14].owed == "to accept"


def test_a_place_that_is_one_flat_alone_is_said_by_its_area(house):
    assert said(make.a_matter(house, place="502室"), "matter.reported").place == "和平里社区"


def test_no_word_of_the_matter_and_no_person_is_in_any_message(house):
    done = report_matter(
        house.station, by=house.desk, title="三楼住户争吵", place=Place("和平里3号楼502室", house.area.pk),
        description="来电称楼上漏水", parties=[PartyInput("reporter", "陈小明", "13800138000")],
    )  # fmt: skip
    matter = make.give(house, done.matter_id, "assess")
    for role in ("chief", "officer", "desk"):
        assert house.people[role].name
    facts = {"clocks": [{"kind": "push", "percent": [100], "due": NOW.isoformat()}], "reasons": ["ageing"]}
    for kind in notices.KINDS:
        for event in {event for _kind, event in notices.TITLES}:
            text = str(astuple(said(matter, kind, event=event, agency=house.agency.pk, **facts)))
            names = [person.name for person in house.people.values()]
            for never in ("争吵", "漏水", "502", "陈小明", "13800138000", *names):
                assert never not in text


@pytest.mark.parametrize(
    ("minutes", "kind", "title"),
    [(-40, "matter.late", "超时 40 分：接收 · 巡逻组"), (125, "matter.warned", "还剩 2 小时：接收 · 巡逻组")],
)
def test_a_clock_says_who_with_what_and_for_how_long(house, minutes, kind, title):
    matter = make.a_matter(house, "pushed")
    clocks = [{"kind": "accept", "percent": [100], "due": (NOW + timedelta(minutes=minutes)).isoformat()}]
    message = said(matter, kind, clocks=clocks)
    assert message.title == title
    assert message.lines == ()


def test_after_a_downtime_one_message_says_what_was_missed(house):
    matter = make.a_matter(house, "pushed")
    clocks = [
        {"kind": "accept", "percent": [50, 80, 100], "due": (NOW - timedelta(hours=20)).isoformat()},
        {"kind": "answer", "percent": [50], "due": (NOW + timedelta(days=1)).isoformat()},
    ]
    message = said(matter, "matter.late", clocks=clocks, missed=True, unit=house.patrol.pk)
    assert message.title == "超时 20 小时：接收 · 巡逻组"
    assert message.lines[0] == "系统停机期间未能提醒，其间错过："
    assert message.lines[1].startswith("接收，时限 ")
    assert message.lines[1].endswith("50 %，80 %，100 %")
    assert message.lines[2].startswith("反馈，时限 ")
    assert len(message.lines) == 3


@pytest.mark.parametrize(
    ("kind", "facts", "title"),
    [
        ("matter.reported_red", {"event": "assessed"}, "重大事项"),
        ("matter.reported_red", {"event": "reassessed"}, "升为红色"),
        ("matter.changed", {"event": "closed"}, "已办结"),
        ("matter.offered", {"event": "referred", "agency": True}, "已转请外部单位，仍由您组室负责 · 消防救援大队"),
        ("matter.small", {"reasons": ["same_place", "reopened"]}, "值得留意：同一地点反复发生，办结后又重新办理"),
        ("matter.late", {}, "时限已超"),
    ],
)
def test_the_title_says_what_happened(house, kind, facts, title):
    matter = make.a_matter(house, "handling", grade=1)
    if "agency" in facts:
        facts = {**facts, "agency": house.agency.pk}
    assert said(matter, kind, **facts).title == title


def test_the_overview_of_the_day_says_what_there_is_and_leaves_nought_out(house):
    notice = Notice(
        pk=1, station=house.station, kind="matter.digest", thread=f"station:{house.station.pk}",
        subject_id=house.station.pk, facts={"today": 3, "overdue": 0, "unit": 5, "red": 1},
    )  # fmt: skip
    with translation.override("zh-hans"):
        message = notices.write([notice])[1]
    assert message.title == "早报：今天到期 3 件，本组室待办 5 件，红色未办结 1 件"
    assert (message.path, message.number) == ("/", "")


def test_many_messages_take_few_queries(house, django_assert_max_num_queries):
    matters = [make.a_matter(house, "pushed") for _ in range(6)]
    asked = [a_notice(matter, "matter.offered", agency=house.agency.pk) for matter in matters]
    notices.write(asked)
    with django_assert_max_num_queries(2):
        assert len(notices.write(asked)) == 6
