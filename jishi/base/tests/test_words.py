import datetime as dt

import pytest
from django.utils import timezone, translation

from jishi.base import clock, words

NOW = dt.datetime(2026, 3, 5, 6, 30, tzinfo=dt.UTC)
MINUTES = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0.5, "1 min left", "还剩 1 分"),
        (40, "40 min left", "还剩 40 分"),
        (119, "1 h left", "还剩 1 小时"),
        (180, "3 h left", "还剩 3 小时"),
        (60 * 47, "1 d left", "还剩 1 天"),
        (0, "1 min overdue", "超时 1 分"),
        (-40, "40 min overdue", "超时 40 分"),
        (-60 * 30, "1 d overdue", "超时 1 天"),
    ],
)
def test_left_says_what_is_left_rounded_down(minutes, english, chinese):
    due = NOW + minutes * MINUTES
    with translation.override("en"):
        assert words.left(due, NOW) == english
    with translation.override("zh-hans"):
        assert words.left(due, NOW) == chinese


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(59, "0 min"), (2400, "40 min"), (3 * 3600, "3 h"), (3660, "1 h 1 min"), (97_200, "1 d 3 h"), (86_400, "1 d")],
)
def test_duration_has_two_units_at_most(seconds, said):
    with translation.override("en"):
        assert words.duration(seconds) == words.duration(dt.timedelta(seconds=seconds)) == said


def test_moments_are_exact_in_the_zone_of_the_station():
    with timezone.override("Asia/Shanghai"):
        assert words.moment(NOW) == "2026-03-05 14:30"
        assert words.short_moment(NOW, NOW) == "14:30"
        assert words.short_moment(NOW - dt.timedelta(days=2), NOW) == "03-03 14:30"
        assert words.short_moment(NOW - dt.timedelta(days=400), NOW) == "2025-01-29 14:30"
    assert words.moment(None) == words.short_moment(None) == words.duration(None) == ""


def test_counts_stop_being_exact():
    assert words.count(10_000, capped=True) == "10,000+"
    assert words.count(9_999) == "9,999"
    assert words.number(None) == ""
    assert words.number(2.345, 1) == "2.3"


@pytest.mark.parametrize(
    ("due", "started", "level", "share"),
    [(8, -2, "calm", 20), (2, -8, "soon", 80), (0, -8, "late", 100), (-5, -8, "late", 100), (5, None, "calm", 0)],
)
def test_a_clock_presses_as_its_time_is_used(due, started, level, share):
    began = None if started is None else NOW + started * MINUTES
    face = clock.face(NOW + due * MINUTES, began, NOW)
    assert (face.level, face.share) == (level, share)


def test_a_clock_may_rest_or_not_be_there():
    assert clock.face(NOW, NOW, NOW, "paused").level == "paused"
    assert clock.face(None).level == "none"
    assert clock.face(NOW, None, NOW, "none").exact == ""


def test_two_sentences_have_a_blank_between_them_except_in_chinese():
    for language, expected in (("en", " "), ("zh-hans", "")):
        with translation.override(language):
            assert words.gap() == expected
