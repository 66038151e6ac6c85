"""The demo is made by the loop, and whole."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db.models import Sum

from jishi.base.errors import Refused
from jishi.demo import actions
from jishi.demo.accounts import ACCOUNTS, demo_accounts
from jishi.demo.tests.conftest import UNTIL, make
from jishi.exchange.cap import verify as documents
from jishi.exchange.cap.models import Alert
from jishi.matters import verify as ledger
from jishi.matters.agencies.links import links_of
from jishi.matters.models import Handover, Matter, PlanRun
from jishi.stations import roster
from jishi.stations.crew import crew_of
from jishi.stations.models import Area, Post, Shift, Staff, Station, Unit


@pytest.mark.django_db
def test_the_demo_is_whole_and_never_in_the_future(demo: actions.Made) -> None:
    assert Matter.objects.count() == 60 + len(("a gas leak", "a drill"))
    assert ledger.verify().ok
    assert Matter.objects.filter(reported_at__gt=UNTIL).count() == 0
    assert Matter.objects.exclude(state="closed").exists()
    assert Matter.objects.aggregate(total=Sum("returned"))["total"]


@pytest.mark.django_db
def test_one_matter_stands_with_an_agency_that_took_it_on(demo: actions.Made) -> None:
    [matter] = Matter.objects.filter(agency_state="accepted")
    assert (matter.agency and matter.agency.name, matter.state) == ("消防救援大队", "handling")
    [row] = links_of(matter.pk, UNTIL)
    assert (row.state, row.uses) == ("good", 2)


@pytest.mark.django_db
def test_a_plan_is_at_work_and_a_drill_has_its_review(demo: actions.Made) -> None:
    leak = PlanRun.objects.get(ended_at=None, drill=False, matter__title="楼道内有浓烈燃气味")
    assert set(leak.tasks.values_list("state", flat=True)) == {"done", "taken", "ready", "waiting"}
    drill = PlanRun.objects.get(drill=True)
    assert drill.matter.state == "closed"
    assert [item.done_at is not None for item in drill.items.all()] == [True, False]


@pytest.mark.django_db
def test_one_alert_has_ended_and_one_waits_for_the_chief(demo: actions.Made) -> None:
    ended, waiting = Alert.objects.order_by("serial")
    assert (ended.state, waiting.state) == ("expired", "drafted")
    assert ended.approved_by != ended.drafted_by
    leak = PlanRun.objects.get(ended_at=None, drill=False, matter__title="楼道内有浓烈燃气味")
    assert (waiting.matter, waiting.expires > UNTIL) == (leak.matter, True)
    assert list(documents.problems()) == []


@pytest.mark.django_db
def test_a_small_district_has_its_areas_and_people_and_an_account_for_each_role(demo: actions.Made) -> None:
    assert (Station.objects.count(), Area.objects.count(), Staff.objects.count()) == (1, 6, 20)
    assert {account.username for account in demo_accounts()} == set(ACCOUNTS)
    assert set(Post.objects.values_list("role", flat=True)) == set(ACCOUNTS.values())


@pytest.mark.django_db
def test_somebody_is_on_duty_and_shifts_are_handed_over(demo: actions.Made) -> None:
    station = Station.objects.get()
    found = crew_of(station.pk)
    units = dict(Unit.objects.filter(station=station).values_list("kind", "pk"))
    turns = Shift.objects.filter(station=station)
    on = {turn.unit_id for turn in turns if turn.starts <= UNTIL < turn.ends}
    assert {units["desk"], units["command"], units["patrol"]} <= on
    for person in Staff.objects.all():
        spans = sorted((turn.starts, turn.ends) for turn in turns if turn.staff_id == person.pk)
        assert all(one[1] <= other[0] for one, other in pairwise(spans)), person
    assert [gap.unit for gap in roster.week(station, UNTIL.date(), UNTIL).gaps] == [units["command"]]
    assert len(found.leads) == 7
    pages = Handover.objects.order_by("until")
    assert [(page.state, page.to_staff.username) for page in pages] == [
        ("signed", "xh-desk-1"), ("waiting", "officer"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_demo_never_mixes_with_real_work(demo: actions.Made) -> None:
    with pytest.raises(Refused, match="not_empty"):
        make(9)
