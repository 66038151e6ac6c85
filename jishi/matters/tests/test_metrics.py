"""The figures for Prometheus: counts by station, state, channel and level; no word, no name, no number of a matter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from jishi.base import metrics
from jishi.jobs.actions import beat, enqueue
from jishi.jobs.models import Job
from jishi.matters.actions.apply import RESUME_JOB
from jishi.matters.models import Matter
from jishi.matters.tests import factory as make
from jishi.notify.actions import To, tell
from jishi.notify.models import Channel, Delivery, DeliveryState, Notice

pytestmark = pytest.mark.django_db


def figures() -> dict[str, dict[tuple[str, ...], float]]:
    """The page as a reader sees it: name → values of the labels, in the order of their names → number."""
    metrics.forget()
    text = Client().get("/metrics").content.decode()
    metrics.forget()
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        values = {tuple(each.labels[name] for name in sorted(each.labels)): each.value for each in family.samples}
        found[family.name.removeprefix("jishi_")] = values
    return found


def test_open_matters_and_clocks_are_counted_by_station():
    house, now = make.a_station(), timezone.now()
    for state in ("inherited", "reported", "handling", "handling", "closed"):
        make.a_matter(house, state)
    handled = Matter.objects.filter(state="handling").order_by("pk")
    Matter.objects.filter(pk=handled[0].pk).update(next_due=now - timedelta(hours=3))
    Matter.objects.filter(pk=handled[1].pk).update(next_due=now + timedelta(minutes=30))
    Matter.objects.filter(state="inherited").update(next_due=now - timedelta(days=3))
    Matter.objects.filter(state="reported").update(next_due=now + timedelta(hours=2))
    found = figures()
    assert found["matters_open"] == {
        ("discover", "inherited", "XH"): 1, ("discover", "reported", "XH"): 1, ("handle", "handling", "XH"): 2,
    }  # fmt: skip
    assert found["clocks_overdue"] == {("XH",): 1}
    assert found["clocks_due_hour"] == {("XH",): 1}


def test_jobs_and_workers_are_counted_by_lane():
    now = timezone.now()
    with transaction.atomic():
        enqueue(RESUME_JOB, {"matter": 1}, due=now - timedelta(seconds=90))
    Job.objects.create(kind="gone.since", state="dead", due=now, created_at=now)
    beat("w1", "net", now, now - timedelta(seconds=20))
    beat("w2", "main", now, now - timedelta(hours=2))
    found = figures()
    assert found["queue_lag_seconds"]["main",] >= 90
    assert found["queue_lag_seconds"]["net",] == found["queue_lag_seconds"]["long",] == 0
    assert found["jobs"]["matters.resume", "queued"] == found["jobs"]["gone.since", "dead"] == 1
    assert found["workers"] == {("main",): 0, ("net",): 1, ("long",): 0}
    assert found["worker_beat_age_seconds"].keys() == {("net",)}


def test_deliveries_are_counted_by_channel_and_result_and_escalations_by_level():
    house, now = make.a_station(), timezone.now()
    matter = make.a_matter(house)
    Notice.objects.all().delete()
    to = [
        To(house.officer.pk, "late_handler"),
        To(house.auxiliary.pk, "late_handler"),
        To(house.chief.pk, "late_chief"),
    ]
    tell("matter.late", station=house.station.pk, subject=("matter", matter.pk), to=to, now=now)
    notice = Notice.objects.get()
    for state, minutes in (("queued", 7), ("queued", -60), ("dead", 30), ("sent", 30), ("sent", 500)):
        Delivery.objects.create(
            notice=notice, thread="matter:1", staff=house.chief, channel=Channel.EMAIL, rule="late_chief",
            state=DeliveryState(state), due=now - timedelta(minutes=minutes),
            created_at=now - timedelta(minutes=abs(minutes) - 1),
        )  # fmt: skip
    found = figures()
    assert found["deliveries_hour"] == {
        ("app", "sent"): 3, ("email", "queued"): 2, ("email", "dead"): 1, ("email", "sent"): 1,
    }  # fmt: skip
    assert found["deliveries_waiting"] == {("email",): 2}
    assert found["deliveries_dead"] == {("email",): 1}
    assert 420 <= found["deliveries_oldest_waiting_seconds"][()] < 900
    assert found["escalations_hour"] == {("late", "handler"): 1, ("late", "chief"): 1}


def test_the_page_holds_counts_alone():
    house = make.a_station()
    matter = make.a_matter(house, "handling")
    metrics.forget()
    text = Client().get("/metrics").content.decode()
    for never in (matter.number, matter.title, matter.place_name, house.station.name, house.officer.name):
        assert never not in text
