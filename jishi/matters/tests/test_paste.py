"""What is read from a slip as it is really written: with full-width punctuation, names and numbers in brackets."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from jishi.matters import paste
from jishi.privacy import mask_personal

CHINA = ZoneInfo("Asia/Shanghai")
SLIP = (
    "【110接警单】2026年3月5日21时40分\uff0c报警人陈某某\uff0813800138000\uff09称\uff1a"
    "和平里3号楼2单元门口有人打架\uff0c请出警。"
)
FORM = (
    "报警时间\uff1a2026-03-05 21\uff1a40\uff1b报警人\uff1a王小明\uff1b联系电话\uff1a13800138000\uff1b"
    "地址\uff1a建设路18号3单元402室\uff1b报警内容\uff1a楼道里堆放杂物\uff0c堵塞消防通道\uff01"
)
MESSAGE = "各位\uff0c文化巷51号路灯不亮了\uff0c3月5日21\uff1a40差点摔倒\uff0c联系人李女士\uff1a13900139000"

ONE_LINE = (
    "110警情单 编号20260305001 报警时间:2026-03-05 21:40 报警人:王小明 电话13800138000 "
    "地点:建设路18号3单元402室 内容:楼道里堆放杂物,请速处理"
)


def read(text: str) -> paste.Reading:
    now = datetime(2026, 3, 6, 2, tzinfo=UTC)
    return paste.read(text, now=now, zone=CHINA, kinds=[], names={}, areas=[], personal=mask_personal)


@pytest.mark.parametrize(
    ("text", "title", "place", "contact"),
    [
        (SLIP, "和平里3号楼2单元门口有人打架", "和平里3号楼2单元门口", "13800138000"),
        (FORM, "楼道里堆放杂物", "建设路18号3单元", "13800138000"),
        (ONE_LINE, "楼道里堆放杂物", "建设路18号3单元", "13800138000"),
        (MESSAGE, "文化巷51号路灯不亮了", "文化巷51号", "13900139000"),
    ],
)
def test_a_slip_with_full_width_punctuation(text: str, title: str, place: str, contact: str) -> None:
    found = read(text)
    assert {name: found.fields[name].value for name in ("title", "place", "occurred_at")} == {
        "title": title, "place": place, "occurred_at": datetime(2026, 3, 5, 21, 40, tzinfo=CHINA),
    }  # fmt: skip
    assert found.contact == contact


@pytest.mark.parametrize("text", [SLIP, FORM, ONE_LINE, MESSAGE])
def test_what_identifies_a_person_is_masked(text: str) -> None:
    found = read(text)
    for personal in ("陈某某", "王小明", "李女士", "13800138000", "13900139000", "402"):
        assert personal not in found.text
