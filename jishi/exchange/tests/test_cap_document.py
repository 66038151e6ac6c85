"""The XML of an alert: every one holds against the OASIS schema, whatever was written, wherever it is, whenever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jishi.exchange.cap import codes
from jishi.exchange.cap.document import Circle, Info, Message, Reference, moment, one_line, plain, ring, write
from jishi.exchange.cap.outlines import MOST, rings_of
from jishi.exchange.tests.capdocs import read, said

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 3, 1, 8, 30, 15, 999_999, tzinfo=UTC)
ZH = Info(
    "zh-CN", "燃气泄漏", "和平里社区燃气泄漏", "建设路地下管道泄漏。\n抢修中。", "关阀开窗，撤到室外。", "和平里社区"
)
EN = Info("en-US", "Gas leak", "Gas leak in Heping", "A pipe leaks.", "Leave the building.", "Heping")
MESSAGE = Message(
    identifier="XH.2026.0001", sender="XH@127.0.0.1", sender_name="新华派出所", sent=AT, status="Actual",
    msg_type="Alert", categories=["Fire", "Infra"], responses=["Evacuate"], urgency="Immediate", severity="Severe",
    certainty="Observed", effective=AT, expires=AT + timedelta(hours=6), infos=[ZH, EN], zone=SHANGHAI,
)  # fmt: skip
SQUARE = {"type": "Polygon", "coordinates": [[[117.3, 37.1], [117.4, 37.1], [117.4, 37.2], [117.3, 37.1]]]}

texts = st.text(max_size=80)
moments = st.datetimes(datetime(1880, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
zones = st.sampled_from(["Asia/Shanghai", "UTC", "Asia/Kolkata", "America/St_Johns", "Africa/Monrovia", "Asia/Urumqi"])
infos = st.builds(Info, st.sampled_from(["zh-CN", "en-US"]), texts, texts, texts, texts, texts)
positions = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
rings = st.lists(positions, min_size=3, max_size=12).map(lambda found: (*found, found[0]))
names = st.from_regex(r"[A-Za-z0-9_.@:-]{1,30}", fullmatch=True)
messages = st.builds(
    Message, identifier=names, sender=names, sender_name=texts, sent=moments,
    status=st.sampled_from(["Actual", "Exercise", "Draft"]), msg_type=st.sampled_from(codes.MsgType.values),
    categories=st.lists(st.sampled_from(sorted(codes.CATEGORIES)), min_size=1, max_size=3, unique=True),
    responses=st.lists(st.sampled_from(sorted(codes.RESPONSES)), max_size=3, unique=True),
    urgency=st.sampled_from(sorted(codes.URGENCY)), severity=st.sampled_from(sorted(codes.SEVERITY)),
    certainty=st.sampled_from(sorted(codes.CERTAINTY)), effective=moments, expires=moments,
    infos=st.lists(infos, min_size=1, max_size=2), zone=zones.map(ZoneInfo), onset=st.none() | moments, note=texts,
    references=st.lists(st.builds(Reference, names, names, moments), max_size=4),
    polygons=st.lists(rings, max_size=3),
    circle=st.none() | st.builds(Circle, st.floats(-90, 90), st.floats(-180, 180), st.floats(0.01, 50)),
)  # fmt: skip


def test_it_says_what_was_meant():
    root = read(write(replace(MESSAGE, polygons=rings_of([SQUARE]), circle=Circle(37.15, 117.35, 0.5))))
    assert said(root, "sent") == ["2026-03-01T16:30:15+08:00"]
    assert said(root, "expires") == ["2026-03-01T22:30:15+08:00"] * 2
    assert said(root, "language") == ["zh-CN", "en-US"]
    assert said(root, "category") == ["Fire", "Infra"] * 2
    assert said(root, "description") == ["建设路地下管道泄漏。\n抢修中。", "A pipe leaks."]
    assert said(root, "polygon")[0] == "37.1,117.3 37.1,117.4 37.2,117.4 37.1,117.3"
    assert said(root, "circle")[0] == "37.15,117.35 0.5"
    assert said(root, "scope") == ["Public"]
    assert said(root, "references") == []


def test_references_name_sender_identifier_and_moment_with_blanks_between():
    earlier = [Reference("XH@a", "XH.2026.0001", AT), Reference("XH@a", "XH.2026.0002", AT + timedelta(hours=1))]
    root = read(write(replace(MESSAGE, msg_type="Update", references=earlier)))
    told = "XH@a,XH.2026.0001,2026-03-01T16:30:15+08:00 XH@a,XH.2026.0002,2026-03-01T17:30:15+08:00"
    assert said(root, "references") == [told]


def test_times_have_an_offset_and_never_z():
    assert moment(AT) == "2026-03-01T08:30:15-00:00"
    assert moment(AT, timezone(timedelta(hours=-3, minutes=-30))) == "2026-03-01T05:00:15-03:30"
    assert moment(datetime(1890, 1, 1, tzinfo=UTC), SHANGHAI) == "1890-01-01T00:00:00-00:00"  # 08:05:43 then


@pytest.mark.parametrize("name", ["", "a b", "a,b", "a<b", "a&b", "a\tb"])
def test_what_references_could_not_name_is_refused(name):
    with pytest.raises(ValueError, match="identifier"):
        write(replace(MESSAGE, identifier=name))
    with pytest.raises(ValueError, match="sender"):
        write(replace(MESSAGE, sender=name))


@settings(max_examples=150)
@given(messages)
def test_whatever_is_written_holds_against_the_schema(message):
    root = read(write(message))
    for name in ("sent", "effective", "expires", "onset"):
        assert not [each for each in said(root, name) if each.endswith("Z")]
    for text, info in zip(said(root, "event"), message.infos, strict=True):
        assert text == one_line(info.event)
    for told in said(root, "references"):
        assert len(told.split(" ")) == len(message.references)
        assert all(len(each.split(",")) == 3 for each in told.split(" "))


@given(st.text())
def test_plain_words_keep_all_that_xml_can_hold(text):
    kept = plain(text)
    assert plain(kept) == kept
    printable = [
        sign for sign in text if sign.isprintable() and not sign.isspace() and not 0xD800 <= ord(sign) <= 0xDFFF
    ]
    assert "".join(kept.split()) == "".join(sign for sign in kept if not sign.isspace())
    assert [sign for sign in kept if sign.isprintable() and not sign.isspace()] == printable


@given(st.lists(st.tuples(st.floats(117, 118), st.floats(37, 38)), min_size=3, max_size=40, unique=True))
def test_every_area_becomes_closed_rings_that_cover_it(points):
    hull = shapely.MultiPoint(points).convex_hull
    if hull.geom_type != "Polygon" or hull.area < 1e-6:
        return
    outline = {"type": "Polygon", "coordinates": [list(map(list, hull.exterior.coords))]}
    found = rings_of([outline])
    assert len(found) == 1
    assert found[0][0] == found[0][-1]
    assert len(found[0]) >= 4
    drawn = shapely.Polygon([(lon, lat) for lat, lon in found[0]])
    assert shapely.buffer(drawn, 1e-5).covers(hull)
    assert all(37 <= lat <= 38 and 117 <= lon <= 118 for lat, lon in found[0])


def test_a_hole_is_warned_too_and_each_part_has_a_ring():
    inner = [[117.35, 37.11], [117.37, 37.11], [117.37, 37.12], [117.35, 37.11]]
    whole = {"type": "Polygon", "coordinates": [*SQUARE["coordinates"], inner]}
    away = [[[118.3, 37.1], [118.4, 37.1], [118.4, 37.2], [118.3, 37.1]]]
    found = rings_of([whole, {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], away]}])
    assert len(found) == 3
    assert ring(found[0]) == "37.1,117.3 37.1,117.4 37.2,117.4 37.1,117.3"


def test_a_coast_is_made_simpler_for_small_receivers():
    coast = shapely.Point(117.3, 37.1).buffer(0.05, quad_segs=2000)
    (found,) = rings_of([shapely.geometry.mapping(coast)])
    assert 4 <= len(found) <= MOST
    assert found[0] == found[-1]
    drawn = shapely.Polygon([(lon, lat) for lat, lon in found])
    assert drawn.symmetric_difference(coast).area < coast.area / 100
