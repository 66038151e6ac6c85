"""The duty roster: who may be put on duty, what a week shows, copying one, and who is told."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.stations import actions, crew, roster
from jishi.stations.models import Post, Role, Shift, Staff, Unit

HOUR = timedelta(hours=1)
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
MONDAY = date(2026, 3, 2)


@pytest.fixture
def desk_unit(station):
    return Unit.objects.get(station=station, kind="desk")


@pytest.fixture
def desk(station, desk_unit):
    return someone("desk", "王值班", role=Role.DESK, unit=desk_unit)


@pytest.fixture
def noon():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def someone(username, name, **post):
    return actions.create_staff(username=username, name=name, password=None, posts=[post])


def on(station, staff, starts, hours=12, *, by, unit=None):
    return actions.add_shift(station, staff=staff, unit=unit, starts=starts, ends=starts + hours * HOUR, by=by)


def at(day, hour, zone=SHANGHAI):
    return datetime.combine(day, time(hour), tzinfo=zone)


# Who may be put on duty


def test_a_shift_is_kept(station, desk, patrol, officer, noon):
    shift = on(station, officer, noon, by=desk, unit=patrol)
    assert (shift.station, shift.unit, shift.staff, shift.ends - shift.starts) == (station, patrol, officer, 12 * HOUR)


@pytest.mark.parametrize(
    ("shift", "code"),
    [
        ({"ends": 0}, "shift_backwards"),
        ({"ends": 49}, "shift_too_long"),
        ({"unit": "elsewhere"}, "unit_of_other_station"),
        ({"unit": "closed"}, "unit_of_other_station"),
        ({"unit": "desk"}, "no_post_in_unit"),
        ({"staff": "outsider"}, "no_post_here"),
        ({"staff": "gone"}, "no_post_here"),
    ],
)
def test_what_cannot_be_planned(station, other_station, desk, desk_unit, officer, outsider, noon, shift, code):
    gone = someone("gone", "离职", role=Role.OFFICER, station=station)
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    units = {
        "elsewhere": Unit.objects.get(station=other_station, kind="desk"), "desk": desk_unit,
        "closed": Unit.objects.create(station=station, code="old", name="旧组", active=False),
    }  # fmt: skip
    who = {"outsider": outsider, "gone": gone}.get(shift.get("staff", ""), officer)
    with pytest.raises(Refused, match=code):
        actions.add_shift(
            station, staff=who, unit=units.get(shift.get("unit", "")), starts=noon,
            ends=noon + shift.get("ends", 12) * HOUR, by=desk,
        )  # fmt: skip
    assert not Shift.objects.exists()


def test_nobody_is_on_duty_twice(station, bureau, desk, officer, patrol, noon):
    on(station, officer, noon, by=desk, unit=patrol)
    with pytest.raises(Refused) as refused:
        on(station, officer, noon + 11 * HOUR, by=desk)
    assert (refused.value.code, refused.value.facts["name"]) == ("shifts_cross", "李明")
    on(station, officer, noon + 12 * HOUR, by=desk)
    actions.give_post(officer, role=Role.DESK, bureau=bureau)
    chief = someone("chief", "局长", role=Role.CHIEF, bureau=bureau)
    with pytest.raises(Refused, match="shifts_cross"):
        on(bureau, officer, noon, by=chief)


def test_a_shift_can_be_swapped(station, desk, officer, patrol, noon):
    shift = on(station, officer, noon, by=desk, unit=patrol)
    actions.change_shift(shift, staff=officer, unit=patrol, starts=noon + HOUR, ends=noon + 13 * HOUR, by=desk)
    actions.change_shift(shift, staff=desk, unit=None, starts=noon, ends=noon + HOUR, by=desk)
    kept = Shift.objects.get()
    assert (kept.staff, kept.unit, kept.ends) == (desk, None, noon + HOUR)
    with pytest.raises(Refused, match="no_post_in_unit"):
        actions.change_shift(kept, staff=desk, unit=patrol, starts=noon, ends=noon + HOUR, by=desk)


@pytest.mark.parametrize(
    ("role", "may"),
    [(role, role in ("chief", "deputy", "desk", "administrator")) for role in Role.values],
)
def test_who_plans(station, officer, noon, role, may):
    by = someone("planner", "排班", role=role, station=station)
    shift = Shift.objects.create(station=station, staff=officer, starts=noon, ends=noon + HOUR)
    doings = [
        lambda: on(station, officer, noon + 12 * HOUR, by=by),
        lambda: actions.change_shift(shift, staff=officer, starts=noon, ends=noon + 2 * HOUR, by=by),
        lambda: actions.repeat_week(
            station, monday=roster.monday_of("", noon.astimezone(SHANGHAI).date()), weeks=1, by=by
        ),
        lambda: actions.drop_shift(shift, by=by),
    ]
    for do in doings:
        if may:
            do()
        else:
            with pytest.raises(Refused, match="not_allowed"):
                do()


def test_the_bureaus_duty_is_planned_by_its_own(bureau, station, desk, noon):
    chief = someone("chief", "局长", role=Role.CHIEF, bureau=bureau)
    analyst = someone("analyst", "研判", role=Role.ANALYST, bureau=bureau)
    shift = on(bureau, chief, noon, by=chief)
    assert (shift.bureau, shift.station) == (bureau, None)
    for by in (analyst, desk):
        with pytest.raises(Refused, match="not_allowed"):
            on(bureau, chief, noon + 24 * HOUR, by=by)
    with pytest.raises(Refused, match="unit_of_other_station"):
        actions.add_shift(
            bureau, staff=chief, unit=Unit.objects.filter(station=station).first(), starts=noon + 24 * HOUR,
            ends=noon + 36 * HOUR, by=chief,
        )  # fmt: skip


# Who is told


def test_who_is_on_duty_is_told_from_the_change_on(station, desk, patrol, officer, noon):
    mate = someone("mate", "赵同", role=Role.OFFICER, unit=patrol)
    everybody = crew.crew_of(station.pk).of_unit(patrol.pk, noon)
    assert set(everybody) == {officer.pk, mate.pk}
    shift = on(station, officer, noon, by=desk, unit=patrol)
    assert crew.crew_of(station.pk).of_unit(patrol.pk, noon) == (officer.pk,)
    actions.change_shift(shift, staff=mate, unit=patrol, starts=noon, ends=noon + HOUR, by=desk)
    assert crew.crew_of(station.pk).of_unit(patrol.pk, noon) == (mate.pk,)
    assert crew.crew_of(station.pk).of_unit(patrol.pk, noon + HOUR) == everybody
    actions.drop_shift(shift, by=desk)
    assert crew.crew_of(station.pk).of_unit(patrol.pk, noon) == everybody


def test_the_whole_station_counts_for_ones_own_units(station, desk, desk_unit, patrol, officer, noon):
    someone("mate", "赵同", role=Role.OFFICER, unit=patrol)
    on(station, officer, noon, by=desk)
    found = crew.crew_of(station.pk)
    assert found.of_unit(patrol.pk, noon) == (officer.pk,)
    assert found.of_unit(desk_unit.pk, noon) == (desk.pk,)
    assert found.on_duty(noon) == (officer.pk,)
    assert found.names[officer.pk] == "李明"


def test_a_unit_without_people_leads_to_the_leaders(station, patrol, noon):
    chief = someone("chief", "周正", role=Role.CHIEF, station=station)
    assert crew.crew_of(station.pk).of_unit(patrol.pk, noon) == (chief.pk,)


def test_leads_fall_back_to_the_deputy_and_the_chief(station, patrol, officer):
    assert crew.crew_of(station.pk).leads_of(patrol.pk) == ()
    chief = someone("chief", "周正", role=Role.CHIEF, station=station)
    assert crew.crew_of(station.pk).leads_of(patrol.pk) == (chief.pk,)
    deputy = someone("deputy", "吴平", role=Role.DEPUTY, station=station)
    assert crew.crew_of(station.pk).leads_of(patrol.pk) == (deputy.pk,)
    actions.give_post(chief, role=Role.OFFICER, unit=patrol, lead=True)
    assert crew.crew_of(station.pk).leads_of(patrol.pk) == (chief.pk,)


def test_the_bureaus_people_on_duty_are_told(bureau, station, noon):
    chief = someone("chief", "局长", role=Role.CHIEF, bureau=bureau)
    deputy = someone("deputy", "副局", role=Role.DEPUTY, bureau=bureau)
    assert crew.crew_of(station.pk).bureau_duty(noon) == (chief.pk, deputy.pk)
    on(bureau, deputy, noon, by=chief)
    assert crew.crew_of(station.pk).bureau_duty(noon) == (deputy.pk,)


# Copying a week


def test_a_week_is_copied_once(station, desk, officer, patrol):
    for day in range(3):
        on(station, officer, at(MONDAY + timedelta(days=day), 8), by=desk, unit=patrol)
    done = actions.repeat_week(station, monday=MONDAY, weeks=2, by=desk)
    assert (len(done.made), done.left_out) == (6, ())
    starts = list(Shift.objects.order_by("starts").values_list("starts", flat=True))
    assert starts[-1] == at(MONDAY + timedelta(days=16), 8)
    again = actions.repeat_week(station, monday=MONDAY, weeks=2, by=desk)
    assert (again.made, set(again.left_out)) == ((), {("李明", "on_duty")})
    assert actions.drop_shifts(station, done.made, by=desk) == 6


def test_who_left_is_left_out(station, desk, officer, patrol):
    on(station, officer, at(MONDAY, 8), by=desk, unit=patrol)
    on(station, desk, at(MONDAY, 8), by=desk)
    Post.objects.filter(staff=officer).delete()
    done = actions.repeat_week(station, monday=MONDAY, weeks=1, by=desk)
    assert (len(done.made), done.left_out) == (1, (("李明", "no_post"),))


@pytest.mark.parametrize(("weeks", "code"), [(0, "too_many_weeks"), (13, "too_many_weeks"), (1, "empty_week")])
def test_what_cannot_be_copied(station, desk, weeks, code):
    with pytest.raises(Refused, match=code):
        actions.repeat_week(station, monday=MONDAY, weeks=weeks, by=desk)


def test_a_copied_week_keeps_the_clock_on_the_wall_when_it_is_changed(station, desk):
    """New York springs forward on 2026-03-08 at 02:00."""
    type(station).objects.filter(pk=station.pk).update(time_zone="America/New_York")
    station.refresh_from_db()
    on(station, desk, at(MONDAY, 8, NEW_YORK), by=desk)
    on(station, desk, at(MONDAY + timedelta(days=4), 20, NEW_YORK), by=desk)
    lost = at(MONDAY - timedelta(days=1), 2, NEW_YORK)
    on(station, desk, lost + HOUR / 4, 0.5, by=desk)
    actions.repeat_week(station, monday=MONDAY, weeks=1, by=desk)
    copied = Shift.objects.filter(starts__gte=at(MONDAY + timedelta(days=7), 0, NEW_YORK)).order_by("starts")
    assert [roster.wall(shift.starts, NEW_YORK).hour for shift in copied] == [8, 20]
    assert [roster.wall(shift.ends, NEW_YORK).hour for shift in copied] == [20, 8]
    first = copied[0]
    assert first.starts - at(MONDAY, 8, NEW_YORK).astimezone(roster.UTC) == timedelta(days=7) - HOUR
    skipped = actions.repeat_week(station, monday=MONDAY - timedelta(days=7), weeks=1, by=desk)
    (made,) = Shift.objects.filter(pk__in=skipped.made)
    assert (roster.wall(made.starts, NEW_YORK).hour, made.ends - made.starts) == (3, HOUR / 2)


def test_hours_that_the_clock_skips_are_left_out(station, desk):
    type(station).objects.filter(pk=station.pk).update(time_zone="America/New_York")
    station.refresh_from_db()
    on(station, desk, at(MONDAY - timedelta(days=1), 2, NEW_YORK) + HOUR / 2, 0.75, by=desk)
    done = actions.repeat_week(station, monday=MONDAY - timedelta(days=7), weeks=1, by=desk)
    assert (done.made, done.left_out) == ((), (("王值班", "skipped"),))


# The week


def test_hours_are_said_short():
    day = at(MONDAY, 0)
    for begin, length, said in ((8, 12, "08:00–20:00"), (16, 8, "16:00–24:00"), (8, 48, "08:00–03-04 08:00")):
        assert roster.hours(day + begin * HOUR, day + (begin + length) * HOUR, SHANGHAI) == said
    assert "08:00" in roster.hours(day + 20 * HOUR, day + 32 * HOUR, SHANGHAI)


def test_what_nobody_covers():
    day = at(MONDAY, 0)
    cover = [(day + a * HOUR, day + b * HOUR) for a, b in ((3, 8), (-5, 2), (7, 9), (9.5, 12), (20, 40))]
    found = roster.uncovered(cover, day, day + 24 * HOUR)
    assert [((a - day) / HOUR, (b - day) / HOUR) for a, b in found] == [(2, 3), (12, 20)]
    assert roster.uncovered([], day, day + HOUR) == [(day, day + HOUR)]


def test_gaps_follow_who_is_told(station, desk, desk_unit, officer, noon):
    """A shift of somebody who is not told covers nothing."""
    on(station, desk, noon, by=desk, unit=desk_unit)
    Shift.objects.create(station=station, unit=desk_unit, staff=officer, starts=noon, ends=noon + 48 * HOUR)
    found = roster.week(station, MONDAY, noon)
    gap = next(gap for gap in found.gaps if gap.unit == desk_unit.pk)
    assert gap.stretches == ((noon + 12 * HOUR, noon + roster.LOOK_AHEAD),)
    assert gap.people == 1
    later = roster.week(station, noon.date() + timedelta(days=60 - noon.weekday()), noon)
    assert not any(cell.gaps for day in later.days for cell in day.cells)
    assert [line.name for line in found.now] == ["王值班", "李明"]
    assert [line.told for line in found.now] == [True, False]


def test_a_week_shows_the_night_before_it(station, desk, desk_unit):
    on(station, desk, at(MONDAY - timedelta(days=1), 20), by=desk, unit=desk_unit)
    on(station, desk, at(MONDAY, 20), by=desk, unit=desk_unit)
    found = roster.week(station, MONDAY, at(MONDAY, 12))
    place = [column.unit for column in found.columns].index(desk_unit.pk)
    first, second, *_rest = [day.cells[place].lines for day in found.days]
    assert [(line.before, line.starts) for line in first] == [
        (True, at(MONDAY - timedelta(days=1), 20)), (False, at(MONDAY, 20)),
    ]  # fmt: skip
    assert second == ()
    assert found.days[0].today
    assert not found.empty
    assert roster.week(station, MONDAY - timedelta(days=14), at(MONDAY, 12)).empty


@pytest.mark.parametrize("text", ["", "nonsense", "9999-12-31", "0001-01-01", "2026-03-08", "2026-03-02"])
def test_any_week_can_be_asked_for(text):
    assert roster.monday_of(text, date(2026, 3, 5)) == MONDAY
