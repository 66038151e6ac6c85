"""Small before big: the reasons, raised once and told to whoever leads the unit, seen by a word or by any act."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.journal.models import Event
from jishi.matters import commands, small
from jishi.matters.actions import Place, apply, report_matter
from jishi.matters.actions.small import ONE_BY_ONE, acknowledge, raise_small
from jishi.matters.models import Clock, Matter, Raised
from jishi.matters.queries.small import looks, may_look
from jishi.matters.small import Seen, reasons_of
from jishi.matters.tests import factory as make
from jishi.matters.verify import verify
from jishi.notify.models import Channel, Delivery, Notice
from jishi.register.tests.factory import a_hydrant
from jishi.stations.models import Post
from jishi.stations.queries import forget

NOW = timezone.now()
LIMITS = small.Limits(3, 30, 4, 20, {1: 2, 3: 21}, 2, 1)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("seen", "codes"),
    [
        (Seen(), ""),
        (Seen(here=2, alike=3), ""),
        (Seen(here=3, alike=4), "same_place same_kind"),
        (Seen(3, ago(days=20, hours=23)), ""),
        (Seen(3, ago(days=21)), "ageing"),
        (Seen(1, ago(days=2), returned=2, reopened=1, here=5), "same_place returned reopened ageing"),
        (Seen(4, ago(days=900)), ""),
        (Seen(3, ago(days=1), returned=1), ""),
        (Seen(1, None, returned=5, reopened=5), ""),
    ],
)
def test_the_reasons_follow_from_counts_and_days(seen, codes):
    assert [reason.code for reason in reasons_of(seen, LIMITS, NOW)] == codes.split()


def test_a_reason_holds_its_figures():
    found = reasons_of(Seen(1, ago(days=5), returned=3, here=4), LIMITS, NOW)
    assert [reason.facts for reason in found] == [{"count": 4, "days": 30}, {"count": 3}, {"days": 5}]


def test_the_limits_are_the_catalogues():
    limits = small.limits()
    assert (limits.place_times, limits.place_days, limits.returned, limits.reopened) == (3, 30, 2, 1)
    assert sorted(limits.ageing) == [0, 1, 2, 3, 4]
    assert limits.ageing[1] < limits.ageing[2] < limits.ageing[3] < limits.ageing[4]


@pytest.fixture
def house(db):
    """A station whose patrol is led by its officer."""
    house = make.a_station()
    Post.objects.filter(staff=house.officer, unit=house.patrol).update(lead=True)
    forget()
    return house


def at(house, place: Place, count: int, now: datetime = NOW, category: str = "public.light") -> list[Matter]:
    done = [
        report_matter(house.station, by=house.desk, title="路灯不亮", category=category, place=place, now=now)
        for _ in range(count)
    ]
    return [Matter.objects.get(pk=each.matter_id) for each in done]


def raised() -> set[tuple[int, str]]:
    return set(Raised.objects.values_list("matter_id", "reason"))


def told() -> list[tuple[int, str, dict[str, object]]]:
    rows = Delivery.objects.filter(notice__kind="matter.small", channel=Channel.APP).order_by("pk")
    return list(rows.values_list("staff_id", "rule", "notice__facts"))


def test_the_third_matter_at_one_place_is_raised_once(house):
    element = a_hydrant(house)
    old = at(house, Place(element=element.pk), 2, ago(days=31))
    at(house, Place(element=element.pk), 2, ago(days=3))
    assert raise_small(house.station.pk, NOW) == 2
    assert raised() == {(matter.pk, "ageing") for matter in old}
    [newest] = at(house, Place(element=element.pk), 1, ago(hours=1))
    assert raise_small(house.station.pk, NOW) == 1
    assert raised() > {(newest.pk, "same_place")}
    assert Raised.objects.get(reason="same_place").facts == {"count": 3, "days": 30}
    at(house, Place(element=element.pk), 1)
    assert raise_small(house.station.pk, NOW + timedelta(hours=1)) == 0
    assert [(staff, facts["reasons"]) for staff, _rule, facts in told()] == [
        (house.deputy.pk, ["ageing"]), (house.deputy.pk, ["ageing"]), (house.deputy.pk, ["same_place"]),
    ]  # fmt: skip


def test_the_same_kind_in_one_cell_is_raised_and_other_kinds_are_not(house):
    here = Place(lon=116.42, lat=39.95)
    at(house, here, 2)
    at(house, here, 1, category="fire.exit")
    at(house, Place(lon=116.52, lat=39.95), 1)
    assert raise_small(house.station.pk, NOW) == 0
    [third] = at(house, here, 1)
    assert raise_small(house.station.pk, NOW) == 1
    assert raised() == {(third.pk, "same_kind")}


def test_duplicates_and_withdrawn_reports_do_not_count(house):
    here = Place(lon=116.42, lat=39.95)
    one, two, three = at(house, here, 3, category="dispute.rent")
    make.give(house, two, "merge", root=one.pk)
    make.give(house, three, "withdraw", reason="不再需要")
    assert raise_small(house.station.pk, NOW) == 0


def test_drills_are_never_raised_and_count_for_no_place(house):
    here = Place(lon=116.42, lat=39.95)
    drills = [*at(house, here, 2), make.a_matter(house, "handling", grade=1, now=ago(days=30))]
    drills.append(make.give(house, make.a_matter(house, "closed"), "reopen", reason="再演练"))
    Matter.objects.filter(pk__in=[matter.pk for matter in drills]).update(drill=True)
    at(house, here, 1)
    assert raise_small(house.station.pk, NOW) == 0
    Matter.objects.update(drill=False)
    assert raise_small(house.station.pk, NOW) == 3
    Matter.objects.update(drill=True)
    assert looks(house.chief, house.station.pk) == []


def test_what_stands_open_for_long_is_raised_by_its_grade(house):
    old = make.a_matter(house, "handling", grade=3, now=ago(days=22))
    make.a_matter(house, "handling", grade=4, now=ago(days=22))
    make.a_matter(house, "closed", grade=3, now=ago(days=22))
    make.an_inherited_matter(house, now=ago(days=400))
    assert raise_small(house.station.pk, NOW) == 1
    assert raised() == {(old.pk, "ageing")}
    assert told() == [(house.officer.pk, "leads_unit", {"unit": house.patrol.pk, "reasons": ["ageing"]})]


def test_an_imported_one_ages_from_its_triage(house):
    matter = make.an_inherited_matter(house, now=ago(days=400))
    apply(matter, commands.Triage(grade=3, unit=house.patrol.pk), by=house.desk, now=ago(days=1))
    assert raise_small(house.station.pk, NOW) == 0
    Clock.objects.filter(matter=matter, kind="answer").update(started=ago(days=22))
    assert raise_small(house.station.pk, NOW) == 1


def test_what_came_back_is_raised_for_each_reason_once(house):
    matter = make.a_matter(house, "pushed")
    for _ in range(2):
        make.give(house, matter, "return", by=house.officer, reason="非本组职责")
        make.give(house, matter, "push")
    make.a_matter(house, "closed")
    again = make.a_matter(house, "closed")
    make.give(house, again, "reopen", reason="未解决")
    assert raise_small(house.station.pk, NOW) == 2
    assert raised() == {(matter.pk, "returned"), (again.pk, "reopened")}
    assert raise_small(house.station.pk, NOW) == 0
    assert {staff for staff, _rule, _facts in told()} == {house.officer.pk, house.deputy.pk}


def test_many_at_once_are_told_in_one_sentence(house):
    for _ in range(ONE_BY_ONE + 1):
        make.a_matter(house, "handling", now=ago(days=50))
    assert raise_small(house.station.pk, NOW) == ONE_BY_ONE + 1
    assert told() == [(house.officer.pk, "leads_unit", {"unit": house.patrol.pk, "count": ONE_BY_ONE + 1})]


def test_it_is_journalled_beside_the_matter_whose_version_stays(house):
    matter = make.a_matter(house, "handling", now=ago(days=50))
    raise_small(house.station.pk, NOW)
    acknowledge(matter, by=house.officer, now=NOW)
    rows = Event.objects.filter(subject_kind="small").order_by("seq")
    assert list(rows.values_list("kind", "subject_version", "actor_id")) == [
        ("small.raised", 1, None), ("small.acknowledged", 2, house.officer.pk),
    ]  # fmt: skip
    assert Matter.objects.get(pk=matter.pk).version == matter.version
    assert verify().ok


def test_any_act_takes_it_off_the_list_and_so_does_a_word(house):
    seen, acted, waits = (make.a_matter(house, "handling", now=ago(days=50)) for _ in range(3))
    raise_small(house.station.pk, NOW)
    assert acknowledge(seen, by=house.deputy, now=NOW) == 1
    assert acknowledge(seen, by=house.deputy, now=NOW) == 0
    make.give(house, acted, "log", by=house.officer, text="已到现场")
    assert [look.row["id"] for look in looks(house.officer, house.station.pk)] == [waits.pk]
    make.give(house, waits, "submit")
    assert looks(house.officer, house.station.pk) == []


def test_only_leaders_and_those_who_lead_a_unit_look(house):
    matter = make.a_matter(house, "handling", now=ago(days=50))
    other = make.a_matter(house, "handling", unit=house.units["community"], now=ago(days=50))
    raise_small(house.station.pk, NOW)
    may = {name for name, person in house.people.items() if may_look(person, house.station.pk)}
    assert may == {"chief", "deputy", "officer"}
    assert [look.row["id"] for look in looks(house.officer, house.station.pk)] == [matter.pk]
    assert {look.row["id"] for look in looks(house.chief, house.station.pk)} == {matter.pk, other.pk}
    with pytest.raises(Refused, match="not_allowed"):
        acknowledge(matter, by=house.auxiliary, now=NOW)
    assert acknowledge(other, by=house.officer, now=NOW) == 0
    assert Raised.objects.filter(acknowledged_at__isnull=True).count() == 2


def test_the_list_and_the_page_say_why(house):
    element = a_hydrant(house)
    matter = at(house, Place(element=element.pk), 3)[-1]
    raise_small(house.station.pk, NOW)
    client = Client()
    client.force_login(house.deputy)
    listed = client.get("/matters/small/").content.decode()
    assert "30 天内此处共 3 件" in listed
    assert matter.number in listed
    page = client.get(f"/matters/{matter.number}/").content.decode()
    assert "为什么要留意" in page
    assert f"?element={element.number}" in page
    answer = client.post(f"/matters/small/{matter.number}/seen/", {"back": f"/matters/{matter.number}/"})
    assert (answer.status_code, answer["Location"]) == (302, f"/matters/{matter.number}/")
    assert matter.number not in client.get("/matters/small/").content.decode()
    assert "吴平看过了" in client.get(f"/matters/{matter.number}/").content.decode()
    elsewhere = client.post(f"/matters/small/{matter.number}/seen/", {"back": "https://elsewhere.example/"})
    assert elsewhere["Location"] == "/matters/small/"


def test_the_hour_is_cheap_where_there_is_nothing_new(house, django_assert_max_num_queries):
    for state in ("handling", "closed"):
        make.a_matter(house, state)
    raise_small(house.station.pk, NOW)
    with django_assert_max_num_queries(8):
        assert raise_small(house.station.pk, NOW) == 0
    assert not Notice.objects.filter(kind="matter.small").exists()
