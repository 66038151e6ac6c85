"""Moments of a table: formats, zones, offsets, and the two hours that a wall clock gets wrong."""

import pytest

from jishi.exchange.moments import Moment, Moments, check_format


def read(text, *formats, zone="America/New_York", **more):
    moment = Moments(formats, zone, **more).read(text)
    return moment and moment.at.strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("text", "formats", "at"),
    [
        ("01/02/2015 12:20:09 AM", ["%m/%d/%Y %I:%M:%S %p"], "2015-01-02 05:20:09"),
        ("01/02/2015 12:20:09 PM", ["%m/%d/%Y %I:%M:%S %p"], "2015-01-02 17:20:09"),
        ("2015-07-01 08:00", [], "2015-07-01 12:00:00"),
        ("2015/7/1 8:00:30", [], "2015-07-01 12:00:30"),
        ("2015年7月1日 8时05分", [], "2015-07-01 12:05:00"),
        ("2015年7月1日", [], "2015-07-01 04:00:00"),
        ("2015-07-01T08:00:00Z", [], "2015-07-01 08:00:00"),
        ("2015-07-01T08:00:00+08:00", [], "2015-07-01 00:00:00"),
        ("2015-07-01T08:00:00.250+0800", [], "2015-07-01 00:00:00"),
        ("1 Jul 2015", ["%d %b %Y"], "2015-07-01 04:00:00"),
        ("July 1, 2015", ["%B %d, %Y"], "2015-07-01 04:00:00"),
        ("01-07-15 08:00", ["%d-%m-%y %H:%M"], "2015-07-01 12:00:00"),
        ("2015-07-01 上午 08:00", ["%Y-%m-%d %p %I:%M"], "2015-07-01 12:00:00"),
        ("2015-07-01 下午 08:00", ["%Y-%m-%d %p %I:%M"], "2015-07-02 00:00:00"),
        ("01.07.2015 08:00 +0200", ["%d.%m.%Y %H:%M %z"], "2015-07-01 06:00:00"),
        ("42186.5", ["excel"], "2015-07-01 16:00:00"),
        ("1435752000", ["unix"], "2015-07-01 12:00:00"),
        ("1435752000000", ["unix_ms"], "2015-07-01 12:00:00"),
        ("2015-07-01", ["%d/%m/%Y"], "2015-07-01 04:00:00"),
        ("13/13/2015", ["%m/%d/%Y"], None),
        ("2015-02-30", [], None),
        ("yesterday", [], None),
        ("0001-01-01", [], None),
        ("20150701", ["%Y%m%d"], "2015-07-01 04:00:00"),
    ],
)
def test_reads(text, formats, at):
    assert read(text, *formats) == at


def test_a_date_without_a_time_begins_its_day_or_ends_it():
    assert read("2015-07-01") == "2015-07-01 04:00:00"
    assert read("2015-07-01", end_of_day=True) == "2015-07-02 03:59:59"
    assert Moments((), "UTC").read("2015-07-01").date_only


def test_a_time_in_the_gap_moves_forward_and_says_so():
    moment = Moments((), "America/New_York").read("2015-03-08 02:30")
    assert moment == Moment(moment.at, gap=True)
    assert moment.at.isoformat() == "2015-03-08T07:30:00+00:00"


def test_of_an_ambiguous_hour_the_first_is_taken_and_it_says_so():
    moment = Moments((), "America/New_York").read("2015-11-01 01:30")
    assert moment == Moment(moment.at, ambiguous=True)
    assert moment.at.isoformat() == "2015-11-01T05:30:00+00:00"


def test_with_an_offset_the_same_hour_is_neither():
    assert Moments((), "America/New_York").read("2015-11-01T01:30:00-05:00")[1:] == (False, False, False)


@pytest.mark.parametrize("format_", ["%H:%M", "%d.%m", "%Q", "%Y-%m", ""])
def test_a_format_must_give_a_whole_date(format_):
    assert not check_format(format_)
