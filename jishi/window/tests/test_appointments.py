"""预约: places by the half hour without a name, given back by a code, called by number, forgotten the day after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.matters.tests import factory
from jishi.stations.models import Station
from jishi.stations.queries import calendar_of
from jishi.window.actions.appointments import book, forget_days, give_back, move
from jishi.window.actions.services import save_service, seed_services
from jishi.window.hours import AHEAD, slots_of
from jishi.window.models import Appointment, CounterDay, Service
from jishi.window.queries.appointments import counter_days, days_of, number_now, queue_of
from jishi.window.queries.services import service_at
from jishi.window.station_jobs import forget_appointments
from jishi.window.tests.windows import EN, NOW, filled

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 3, 5, 10, 0, tzinfo=HERE)


@pytest.fixture
def house():
    seed_services()
    return factory.a_station("XH")


@pytest.fixture
def dog(house):
    return service_at(house.station, "dog")


@pytest.fixture
def card(house):
    return service_at(house.station, "id-card")


def ahead() -> datetime:
    """A half hour of a working day to come, as the page offers it now."""
    now = timezone.now()
    house = Station.objects.get(code="XH")
    found = days_of(house, service_at(house, "dog"), now)
    return next(slot.starts for day in found[1:] for slot in day.slots)


def test_half_hours_come_from_the_working_calendar(house):
    calendar = calendar_of(house.station)
    starts = slots_of(calendar, date(2026, 3, 5))
    assert (starts[0].hour, starts[0].minute) == (8, 30)
    assert len(starts) == 16
    assert slots_of(calendar, date(2026, 3, 7)) == []  # a Saturday
    assert len(slots_of(calendar, date(2026, 2, 28))) == 16  # a make-up workday


def test_a_place_is_a_number_of_the_day_and_a_code(house, dog):
    first, second = (book(house.station, dog, TEN, key=key * 32, now=NOW) for key in "ab")
    assert (first.queue, second.queue) == (1, 2)
    assert first.code != second.code
    row = Appointment.objects.get(queue=1)
    assert first.code.replace("-", "") not in str(Appointment.objects.filter(pk=row.pk).values().get()).upper()


def test_the_same_form_sent_twice_takes_one_place(house, dog):
    first, again = (book(house.station, dog, TEN, key="a" * 32, now=NOW) for _time in range(2))
    assert first == again
    assert Appointment.objects.count() == 1


def test_a_full_half_hour_takes_no_more_until_one_is_given_back(house, dog):
    assert dog.per_slot == 2
    first = book(house.station, dog, TEN, key="a" * 32, now=NOW)
    book(house.station, dog, TEN, key="b" * 32, now=NOW)
    with pytest.raises(Refused, match="slot_full"):
        book(house.station, dog, TEN, key="c" * 32, now=NOW)
    give_back(house.station, f" {first.code.lower()} ", now=NOW)
    assert book(house.station, dog, TEN, key="c" * 32, now=NOW).queue == 3


@pytest.mark.parametrize(
    "starts",
    [
        TEN + timedelta(minutes=5), TEN.replace(hour=7), TEN.replace(hour=12), TEN.replace(day=7),
        TEN + timedelta(days=AHEAD), TEN.replace(hour=9), TEN - timedelta(days=1),
    ],
)  # fmt: skip
def test_what_is_no_half_hour_of_the_counter_or_too_near_is_refused(house, dog, starts):
    with pytest.raises(Refused, match="slot_closed"):
        book(house.station, dog, starts, key="a" * 32, now=NOW)
    assert not Appointment.objects.exists()


def test_the_days_say_what_is_left(house, dog):
    book(house.station, dog, TEN, key="a" * 32, now=NOW)
    today, tomorrow, saturday, *_more = days_of(house.station, dog, NOW)
    assert [slot.free for slot in today.slots if slot.starts == TEN] == [1]
    assert today.slots[0].starts > NOW
    assert tomorrow.free == 32
    assert (saturday.worked, saturday.slots) == (False, [])


def test_giving_back_is_harmless_to_repeat_and_ends_with_its_time(house, dog):
    made = book(house.station, dog, TEN, key="a" * 32, now=NOW)
    assert give_back(house.station, made.code, now=NOW).state == "cancelled"
    assert give_back(house.station, made.code, now=NOW).state == "cancelled"
    late = book(house.station, dog, TEN, key="b" * 32, now=NOW)
    with pytest.raises(Refused, match="appointment_over"):
        give_back(house.station, late.code, now=TEN)
    for code in ("", "0000-0000-0000", made.code[:-1], "é" * 300):
        with pytest.raises(Refused, match="appointment_unknown"):
            give_back(house.station, code, now=NOW)
    with pytest.raises(Refused, match="appointment_unknown"):
        give_back(factory.a_station("YH").station, late.code, now=NOW)


def test_the_desk_calls_by_number(house, card):
    for key in "abc":
        book(house.station, card, TEN, key=key * 32, now=NOW)
    first, second, third = Appointment.objects.order_by("queue")
    move(first.pk, "call", by=house.desk, now=TEN)
    move(first.pk, "done", by=house.desk, now=TEN)
    move(second.pk, "missed", by=house.desk, now=TEN)
    move(second.pk, "call", by=house.chief, now=TEN + timedelta(minutes=9))
    with pytest.raises(Refused, match="appointment_moved"):
        move(first.pk, "call", by=house.desk, now=TEN)
    queue = queue_of(house.desk, house.station.pk, TEN.date())
    assert (str(queue.now_at), str(queue.next_up)) == ("002", "003")
    assert queue.counts["done"] == 1
    assert number_now(house.station.pk, TEN.date()) == 2
    with pytest.raises(Refused, match="not_allowed"):
        move(third.pk, "call", by=house.officer, now=TEN)
    with pytest.raises(Refused, match="not_found"):
        move(third.pk, "call", by=factory.a_station("YH").desk, now=TEN)
    assert queue_of(house.officer, house.station.pk, TEN.date()).rows == []


def test_the_day_after_only_counts_are_left(house, card):
    for key in "abcd":
        book(house.station, card, TEN, key=key * 32, now=NOW)
    rows = list(Appointment.objects.order_by("queue"))
    move(rows[0].pk, "call", by=house.desk, now=TEN)
    move(rows[0].pk, "done", by=house.desk, now=TEN)
    move(rows[1].pk, "missed", by=house.desk, now=TEN)
    Appointment.objects.filter(pk=rows[2].pk).update(state="cancelled")
    assert forget_days(TEN.replace(hour=23, minute=59)) == 0
    assert forget_days(TEN.replace(day=6, hour=0, minute=1)) == 4
    assert not Appointment.objects.exists()
    [day] = counter_days(house.desk, house.station.pk)
    assert (day.done, day.missed, day.cancelled) == (1, 2, 1)
    assert counter_days(house.officer, house.station.pk) == []
    forget_appointments()
    assert CounterDay.objects.count() == 1


def test_somebody_books_and_gives_back_without_a_name_account_or_cookie(house):
    client, starts = Client(**EN), ahead()
    day = timezone.localtime(starts, HERE).date()
    page = client.get(f"/window/XH/appointments/?service=dog&day={day}").content.decode()
    assert starts.isoformat() in page
    form = filled("appointment", timezone.now(), {"service": "dog", "starts": starts.isoformat()})
    answer = client.post("/window/XH/appointments/", form)
    assert answer.status_code == 200
    assert client.cookies == {}
    shown = answer.content.decode()
    assert "<b>001</b>" in shown
    assert "vaccination" in shown
    code = shown.partition('class="ticket-code">')[2].partition("<")[0]
    assert client.post("/window/XH/appointments/", form).content.decode().count(code) == 1
    wrong = client.post("/window/XH/appointments/cancel/", {"code": "7QK2-MX94-T0BD"})
    assert wrong.status_code == 422
    assert "is given back" in client.post("/window/XH/appointments/cancel/", {"code": code}).content.decode()


def test_the_page_says_why_a_place_was_not_booked(house):
    client, starts = Client(**EN), ahead()
    fields = {"service": "dog", "starts": starts.isoformat()}
    good = filled("appointment", timezone.now(), fields)
    for change, said in (
        ({"stamp": "made up"}, "not given out here"),
        ({"website": "x"}, "faster than anybody reads"),
        ({"starts": "tomorrow"}, "cannot be booked any more"),
        ({"starts": "2026-13-45T99:00"}, "cannot be booked any more"),
        ({"service": "lost-found"}, "cannot be booked any more"),
    ):
        answer = client.post("/window/XH/appointments/", {**good, **change})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        kept = f'value="{starts.isoformat()}" required checked' in answer.content.decode()
        assert kept is not bool({"starts", "service"} & set(change))
    assert not Appointment.objects.exists()


def test_without_a_service_to_book_the_page_says_just_come(house):
    Service.objects.update(per_slot=0)
    page = Client(**EN).get("/window/XH/appointments/").content.decode()
    assert "just come" in page
    assert "Monday to Friday, 08:30-12:00" in page
    assert "/appointments/" not in Client().get("/window/XH/").content.decode()


def test_the_only_service_is_chosen_by_itself(house):
    Service.objects.exclude(pk="dog").update(per_slot=0)
    assert "Registering a dog" in Client(**EN).get("/window/XH/appointments/?day=nonsense").content.decode()


def test_the_queues_page_shows_today_and_refreshes_itself(house, dog):
    client = Client(**EN)
    client.force_login(house.desk)
    assert "Nobody has booked for today" in client.get("/desk/window/queue/").content.decode()
    now = timezone.now()
    row = Appointment.objects.create(
        station=house.station, service=dog.service, day=timezone.localtime(now, HERE).date(), starts=now, queue=7,
        code_hash="x", made_at=now,
    )  # fmt: skip
    assert "Call 007" in client.get("/desk/window/queue/").content.decode()
    part = client.get("/desk/window/queue/", HTTP_HX_REQUEST="true").content.decode()
    assert part.lstrip().startswith('<div id="queue"')
    for verb in ("call", "done"):
        assert client.post(f"/desk/window/queue/{row.pk}/{verb}/").status_code == 303
    assert client.post(f"/desk/window/queue/{row.pk}/sing/").status_code == 404
    assert "007" in Client().get("/window/XH/appointments/").content.decode()


def test_a_station_may_give_out_more_places(house, dog):
    save_service(Service(**{**vars_of(dog.service), "per_slot": 5}))
    assert replace(dog, per_slot=5) == service_at(house.station, "dog")


def vars_of(service: Service) -> dict[str, object]:
    return {field.name: getattr(service, field.name) for field in Service._meta.concrete_fields}
