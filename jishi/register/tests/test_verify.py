"""Verifying, cadence and freshness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.register import actions, cadence, catalogue
from jishi.register.actions.freshness import count_day, flip_due, restand_category
from jishi.register.models import Category, Element, FreshnessDay, Verification
from jishi.register.queries import overview_of, scores_of, shares_over_time, worklist_of
from jishi.register.tests.factory import SOUTH, WEST, Ground, a_building, a_hydrant
from jishi.register.tests.test_elements import sums_are_right

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
HERE = actions.Point(WEST + 0.005, SOUTH + 0.005)


def test_one_tap_makes_it_fresh_until_it_is_due_and_overdue(ground: Ground) -> None:
    element = a_hydrant(ground, now=NOW)
    seen = actions.verify_element(element, by=ground.officer, position=HERE, now=NOW)
    element.refresh_from_db()
    assert seen is not None
    assert (seen.result, element.freshness, element.version) == ("correct", "fresh", 2)
    assert element.due_at == NOW + timedelta(days=90)
    assert flip_due(NOW + timedelta(days=70), 10) == 0
    assert flip_due(NOW + timedelta(days=76), 10) == 1
    element.refresh_from_db()
    assert element.freshness == "due"
    assert sums_are_right()
    assert flip_due(NOW + timedelta(days=91), 10) == 1
    element.refresh_from_db()
    assert (element.freshness, element.flips_at) == ("overdue", None)
    assert sums_are_right()
    assert flip_due(NOW + timedelta(days=400), 10) == 0


def test_after_a_long_time_off_it_goes_straight_to_overdue(ground: Ground) -> None:
    element = a_hydrant(ground, now=NOW)
    actions.verify_element(element, by=ground.officer, position=HERE, now=NOW)
    assert flip_due(NOW + timedelta(days=365), 10) == 1
    element.refresh_from_db()
    assert element.freshness == "overdue"


def test_position_and_photo_are_asked_on_the_spot_only(ground: Ground) -> None:
    element = a_hydrant(ground)
    with pytest.raises(Refused, match="position_needed"):
        actions.verify_element(element, by=ground.officer)
    lift = a_building(ground, category="place.hotel", attributes={})
    with pytest.raises(Refused, match="verify_photo_needed"):
        actions.verify_element(lift, by=ground.officer, position=HERE)
    seen = actions.verify_element(element, by=ground.officer, source=actions.Source("消防名册"))
    assert seen is not None
    assert seen.source == "消防名册"


def test_gone_closes_it(ground: Ground) -> None:
    element = a_hydrant(ground)
    seen = actions.verify_element(element, by=ground.officer, position=HERE, gone=True)
    element.refresh_from_db()
    assert seen is not None
    assert (seen.result, element.status) == ("gone", "closed")
    assert sums_are_right()


def test_an_older_look_does_not_undo_a_newer_one(ground: Ground) -> None:
    now = timezone.now()
    element = a_hydrant(ground)
    actions.verify_element(element, by=ground.officer, position=HERE, now=now)
    actions.verify_element(element, by=ground.officer, position=HERE, at=now - timedelta(days=30), now=now)
    element.refresh_from_db()
    assert element.verified_at == now
    assert Verification.objects.count() == 2
    with pytest.raises(Refused, match="future"):
        actions.verify_element(element, by=ground.officer, position=HERE, at=now + timedelta(days=1), now=now)


def test_the_same_key_verifies_once(ground: Ground) -> None:
    element = a_hydrant(ground)
    assert actions.verify_element(element, by=ground.officer, position=HERE, key="tap")
    assert actions.verify_element(element, by=ground.officer, position=HERE, key="tap") is None
    assert Verification.objects.count() == 1


def test_parts_have_a_cadence_of_their_own(ground: Ground) -> None:
    building = a_building(ground)
    part = actions.add_part(building, name="锅炉房", cadence=30, by=ground.desk)
    actions.verify_part(part, by=ground.officer, now=NOW)
    part.refresh_from_db()
    assert part.due_at == NOW + timedelta(days=30)
    tasks = worklist_of(ground.officer, ground.station.pk, NOW + timedelta(days=31))
    assert [(task.element, task.part) for task in tasks] == [(building, part), (building, None)]


def test_the_nearest_come_first(ground: Ground) -> None:
    far = a_hydrant(ground, "远处", point=actions.Point(WEST + 0.009, SOUTH + 0.009))
    near = a_hydrant(ground, "近处")
    tasks = worklist_of(ground.officer, ground.station.pk, NOW, near=(WEST + 0.005, SOUTH + 0.005))
    assert [task.element for task in tasks] == [near, far]
    assert tasks[0].metres == 0
    assert 500 < (tasks[1].metres or 0) < 620


def test_the_figures_of_a_day_and_their_burn(ground: Ground) -> None:
    for place in range(4):
        element = a_hydrant(ground, f"{place}号")
        if place:
            actions.verify_element(element, by=ground.officer, position=HERE, now=NOW)
    actions.set_target(ground.station, 50, by=ground.chief)
    overview = overview_of(ground.chief, ground.station.pk)
    assert (overview.whole.total, overview.whole.share, overview.whole.burn) == (4, 0.75, 0.5)
    assert overview.by_area[ground.west.pk].total == 4
    count_day(NOW)
    count_day(NOW)
    assert FreshnessDay.objects.count() == 1
    days = shares_over_time(ground.chief, ground.station.pk, 30, NOW.date())
    assert [(day, share.share) for day, share in days] == [(NOW.date(), 0.75)]
    assert shares_over_time(ground.chief, ground.station.pk, 30, NOW.date() - timedelta(days=1)) == []


def test_scores_count_what_is_missing_and_what_contradicts(ground: Ground) -> None:
    a_hydrant(ground)
    a_hydrant(ground, attributes={"state": "good"})
    a_hydrant(ground, point=None)
    a_hydrant(ground, area=ground.east.pk)
    whole, by_category = scores_of(ground.chief, ground.station.pk)
    assert whole.completeness == pytest.approx(1 - 2 / 12)
    assert whole.accuracy == pytest.approx(1 - 1 / 16)
    assert by_category["thing.hydrant"].counts["missing_attribute"] == 1


def test_a_new_cadence_reckons_anew(ground: Ground) -> None:
    element = a_hydrant(ground, now=NOW)
    actions.verify_element(element, by=ground.officer, position=HERE, now=NOW)
    sort = catalogue.sort_of("thing.hydrant")
    category = Category.objects.get(code="thing.hydrant")
    catalogue.publish(category, sort.attributes, {"0": 10}, photo=False, position=False)
    assert restand_category("thing.hydrant", 0, 100, NOW + timedelta(days=11)) is None
    element.refresh_from_db()
    assert (element.freshness, element.due_at) == ("overdue", NOW + timedelta(days=10))
    assert sums_are_right()


def test_a_graded_place_is_looked_at_more_often(ground: Ground) -> None:
    element = a_hydrant(ground, now=NOW)
    actions.verify_element(element, by=ground.officer, position=HERE, now=NOW)
    actions.change_element(element, {"grade": 1, "reasons": ["findings_open"]}, by=ground.chief, now=NOW)
    assert Element.objects.get().due_at == NOW + timedelta(days=15)


def test_notice_is_a_fifth_of_the_cadence_within_bounds() -> None:
    assert cadence.notice(2) == timedelta(days=1)
    assert cadence.notice(30) == timedelta(days=6)
    assert cadence.notice(365) == timedelta(days=14)
    assert cadence.burn_rate(0.8, 0.9) == pytest.approx(2)
    assert cadence.share(0, 0, 0, 0) is None
