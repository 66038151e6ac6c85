"""The morning's overview: what the day brings each person, once a day and station, whoever gives it."""

from __future__ import annotations

import sys
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from jishi.matters.actions.morning import send_mornings
from jishi.matters.models import Matter, MorningSent
from jishi.matters.tests import factory as make
from jishi.notify.models import Channel, Delivery
from jishi.stations.models import Station
from tests.support.installations import Installation

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 3, 3, 8, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


@pytest.fixture
def house(db):
    return make.a_station()


def told(house) -> dict[str, dict[str, int]]:
    """What everybody was told, by name."""
    names = {person.pk: name for name, person in house.people.items()}
    rows = Delivery.objects.filter(notice__kind="matter.digest", channel=Channel.APP)
    return {names[staff]: facts for staff, facts in rows.values_list("staff_id", "notice__facts")}


def due(matter: Matter, at: datetime) -> None:
    Matter.objects.filter(pk=matter.pk).update(next_due=at)


def test_everybody_is_told_what_the_day_brings_them_and_nobody_of_nothing(house):
    due(make.a_matter(house, "handling", now=TUESDAY - 30 * HOUR), TUESDAY + HOUR)
    due(make.a_matter(house, "handling", now=TUESDAY - 30 * HOUR), TUESDAY - HOUR)
    due(make.a_matter(house, "pushed", now=TUESDAY - 30 * HOUR), TUESDAY + 20 * HOUR)
    due(make.a_matter(house, "assessed", grade=1, now=TUESDAY - 30 * HOUR), TUESDAY + 2 * HOUR)
    assert send_mornings(TUESDAY) == 1
    assert told(house) == {
        "officer": {"overdue": 1, "today": 1, "unit": 3, "red": 0},
        "auxiliary": {"overdue": 0, "today": 0, "unit": 3, "red": 0},
        "desk": {"overdue": 0, "today": 1, "unit": 1, "red": 1},
        "chief": {"overdue": 0, "today": 0, "unit": 0, "red": 1},
        "deputy": {"overdue": 0, "today": 0, "unit": 0, "red": 1},
    }
    assert set(Delivery.objects.filter(notice__kind="matter.digest").values_list("rule", flat=True)) == {"your_day"}


def test_a_drill_is_no_part_of_the_day(house):
    for state, grade in (("handling", 3), ("pushed", 3), ("assessed", 1)):
        due(make.a_matter(house, state, grade=grade, now=TUESDAY - 30 * HOUR), TUESDAY + HOUR)
    assert Matter.objects.update(drill=True) == 3
    assert send_mornings(TUESDAY) == 1
    assert told(house) == {}


def test_not_before_the_day_has_begun_at_the_station_and_once(house):
    make.a_matter(house, "handling", now=TUESDAY - 30 * HOUR)
    assert send_mornings(TUESDAY - timedelta(minutes=1)) == 0
    assert send_mornings(TUESDAY) == 1
    count = Delivery.objects.filter(notice__kind="matter.digest").count()
    assert send_mornings(TUESDAY + timedelta(minutes=1)) == send_mornings(TUESDAY + 11 * HOUR) == 0
    assert Delivery.objects.filter(notice__kind="matter.digest").count() == count > 0
    assert send_mornings(TUESDAY + 24 * HOUR) == 1


def test_each_station_has_its_own_morning_and_zone(house):
    make.a_station("LD", "伦敦派出所", bureau=house.station.bureau)
    Station.objects.filter(code="LD").update(time_zone="Europe/London")
    Station.objects.filter(code="XH").update(morning=time(7, 30))
    assert send_mornings(TUESDAY - HOUR / 2) == 1
    assert send_mornings(TUESDAY) == 0
    assert send_mornings(TUESDAY + 8 * HOUR) == 1
    assert MorningSent.objects.count() == 2


def test_after_days_of_being_off_only_today_is_told(house):
    make.a_matter(house, "handling", now=TUESDAY - 30 * HOUR)
    send_mornings(TUESDAY)
    before = Delivery.objects.filter(notice__kind="matter.digest").count()
    assert send_mornings(TUESDAY + timedelta(days=3, hours=13)) == 0
    later = TUESDAY + timedelta(days=4, hours=3)
    assert send_mornings(later) == 1
    assert Delivery.objects.filter(notice__kind="matter.digest").count() == 2 * before
    assert list(MorningSent.objects.order_by("day").values_list("day", flat=True)) == [TUESDAY.date(), later.date()]


SETUP = """
import django; django.setup()
from django.utils import timezone
from jishi.matters.tests.factory import a_station, a_matter
house = a_station()
for _ in range(3):
    a_matter(house, "handling")
"""

RACE = """
import sys, time, django; django.setup()
from datetime import timedelta
from django.utils import timezone
from jishi.matters.actions.morning import send_mornings
now = timezone.localtime(timezone=__import__("zoneinfo").ZoneInfo("Asia/Shanghai")).replace(hour=12)
time.sleep(max(0, float(sys.argv[1]) - time.time()))
print(send_mornings(now))
"""

COUNT = """
import django; django.setup()
from jishi.notify.models import Delivery
rows = list(Delivery.objects.filter(notice__kind="matter.digest", channel="app").values_list("staff_id", flat=True))
print(len(rows), len(set(rows)))
"""


def test_two_workers_at_once_tell_everybody_once(fresh_installation: Installation) -> None:
    fresh_installation.python(SETUP)
    start = str(timezone.now().timestamp() + 4)
    workers = [fresh_installation.start(sys.executable, "-c", RACE, start) for _ in range(2)]
    assert sorted(worker.communicate(timeout=60)[0].strip() for worker in workers) == ["0", "1"]
    assert fresh_installation.python(COUNT).stdout.split() == ["2", "2"]
