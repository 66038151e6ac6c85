"""Draining: in order, at least once with the same key, later after each failure, and dead at last."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from jishi.jobs import worker
from jishi.jobs.models import Job
from jishi.notify import actions, draining, jobs, kinds, queue
from jishi.notify.models import Delivery, Endpoint
from jishi.notify.tests.conftest import NOW, Failed, at, drain, later, states
from jishi.stations.models import Staff

pytestmark = pytest.mark.django_db


def test_it_goes_out_with_what_its_reader_needs(tell, carrier, li, settings):
    Staff.objects.filter(pk=li.pk).update(language="en")
    tell(li, grade=2, facts={"n": 5})
    assert drain() == 1
    [(delivery, parcel)] = carrier.sent
    assert (delivery.staff, delivery.channel) == (li, "email")
    assert (parcel.key, parcel.thread, parcel.kind, parcel.grade) == (str(delivery.key), "matter:17", "test.mine", 2)
    assert parcel.link == "http://127.0.0.1:8000/matters/17/"
    assert (parcel.language, parcel.why, parcel.station, parcel.at) == ("en", "您是该单位的负责人。", "XH", NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_at, delivery.attempts, delivery.error) == ("sent", NOW, 1, "")
    assert drain() == 0


def test_the_worker_does_it(tell, carrier, li):
    tell(li, now=timezone.now())
    assert worker.run_due() >= 1
    assert states() == ["sent"]
    assert not Job.objects.filter(kind="notify.drain").exists()


def test_to_one_recipient_nothing_overtakes(tell, carrier, li, wang):
    """The first one to Li fails: the later one to him waits, the others do not."""
    carrier.fail = lambda delivery: Failed("421") if delivery.staff_id == li.pk else None
    tell(li, wang, facts={"n": 1})
    tell(li, wang, kind="test.urgent", now=later(seconds=1), facts={"n": 2})
    assert drain(later(seconds=1)) == 2
    assert [(delivery.staff, parcel.message.title) for delivery, parcel in carrier.sent] == [
        (wang, "事1"), (wang, "事2"),
    ]  # fmt: skip
    mine = Delivery.objects.filter(staff=li, channel="email").order_by("pk")
    assert [each.attempts for each in mine] == [1, 0]
    assert Job.objects.get(kind="notify.drain").due == mine[0].due
    carrier.fail = lambda delivery: None
    assert drain(later(seconds=30)) == 2
    assert carrier.titles == ["事1", "事2", "事1", "事2"]


def test_the_key_stays_the_same_and_the_pauses_grow(tell, carrier, li):
    carrier.fail = lambda delivery: Failed("421")
    tell(li)
    now, pauses = NOW, []
    for _attempt in range(draining.MOST_ATTEMPTS - 1):
        assert drain(now) == 0
        delivery = Delivery.objects.get(channel="email")
        assert (delivery.state, delivery.error) == ("queued", "421")
        pauses.append(delivery.due - now)
        now = delivery.due
    assert pauses[0] <= timedelta(seconds=5)
    assert timedelta(minutes=30) <= pauses[-1] <= timedelta(hours=1)
    assert timedelta(hours=14) < now - NOW < timedelta(hours=31)
    assert drain(now) == 0
    assert states() == ["dead"]
    assert len(carrier.tried) == draining.MOST_ATTEMPTS
    assert set(carrier.tried) == {str(delivery.key)}


def test_what_cannot_succeed_is_dead_at_once_and_the_next_goes_out(tell, carrier, li):
    carrier.fail = lambda delivery: None if carrier.tried[1:] else Failed("535", retry=False)
    tell(li, facts={"n": 1})
    tell(li, kind="test.urgent", facts={"n": 2})
    assert drain() == 1
    assert states() == ["dead", "sent"]


def test_a_subscription_that_is_gone_is_dropped_with_the_reason(tell, carrier, li):
    carrier.fail = lambda delivery: Failed("gone", gone=True)
    tell(li)
    drain()
    delivery = Delivery.objects.get(channel="email")
    assert (delivery.state, delivery.given_up_why, delivery.given_up_by) == ("dropped", "gone", None)


def test_no_address_and_no_words_stay_of_a_failure(tell, carrier, li):
    carrier.fail = lambda delivery: Failed("<li@example.org>: mailbox 满了")
    tell(li)
    drain()
    assert Delivery.objects.get(channel="email").error == "failed"
    carrier.fail = lambda delivery: RuntimeError("li@example.org")
    drain(later(minutes=1))
    assert Delivery.objects.get(channel="email").error == "runtimeerror"


def test_what_is_gone_or_unknown_is_not_sent(tell, carrier, li, wang):
    tell(li, facts={"gone": True})
    tell(wang, subject=18)
    kinds._kinds.clear()
    drain(thread="matter:18")
    kinds.register(kinds.Kind("test.mine", "等我办", "mine", lambda notices: {}))
    drain()
    assert list(Delivery.objects.filter(channel="email").order_by("pk").values_list("state", "error")) == [
        ("dropped", "nothing_to_say"), ("dead", "unknown_kind"),
    ]  # fmt: skip
    assert carrier.sent == []


def test_nobody_is_told_at_a_closed_account(tell, carrier, li):
    tell(li)
    Staff.objects.filter(pk=li.pk).update(is_active=False)
    drain()
    assert Delivery.objects.get(channel="email").given_up_why == "account_closed"
    assert carrier.tried == []


# Quiet hours and what has piled up

EVENING = datetime(2026, 3, 4, 13, 50, tzinfo=UTC)  # 21:50
MORNING = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)  # 07:00


@pytest.fixture
def asleep(li: Staff) -> Staff:
    actions.choose(li, {}, time(22, 0), time(7, 0))
    return li


def test_an_attempt_that_comes_late_keeps_quiet_too(tell, carrier, asleep):
    tell(asleep, now=EVENING)
    drain(EVENING + timedelta(minutes=11))
    assert carrier.tried == []
    delivery = Delivery.objects.get(channel="email")
    assert (delivery.state, delivery.due, delivery.attempts) == ("queued", MORNING, 0)
    assert Job.objects.get(kind="notify.drain").due == MORNING


def test_a_night_becomes_one_message_that_says_what_was_missed(tell, carrier, asleep):
    for number in range(8):
        tell(asleep, now=EVENING + timedelta(minutes=20 + number), facts={"n": number})
    assert drain(MORNING) == 1
    [(_delivery, parcel)] = carrier.sent
    assert parcel.message.title == "事7"
    assert [line.rpartition(" ")[2] for line in parcel.message.lines[1:6]] == ["事2", "事3", "事4", "事5", "事6"]
    assert len(parcel.message.lines) == 7
    assert states() == ["folded"] * 7 + ["sent"]


def test_red_does_not_wait_behind_what_waits_for_the_morning(tell, carrier, asleep):
    tell(asleep, now=EVENING + timedelta(minutes=20), grade=3, facts={"n": 1})
    night = EVENING + timedelta(hours=4)
    tell(asleep, now=night, grade=1, facts={"n": 2})
    assert drain(night) == 1
    assert carrier.titles == ["事2"]
    assert "事1" in carrier.sent[0][1].message.lines[-1]
    assert states() == ["folded", "sent"]


def test_a_webhook_gets_every_one(tell, carrier, webhook):
    for number in range(3):
        tell(now=later(minutes=2 * number), facts={"n": number})
    assert drain(later(hours=12)) == 3
    assert carrier.titles == ["事0", "事1", "事2"]


def test_a_robot_that_was_away_hears_it_as_one(tell, carrier, station):
    Endpoint.objects.create(bureau=station.bureau, station=station, kind="feishu", label="值班群")
    for number in range(3):
        tell(now=later(minutes=2 * number), facts={"n": number})
    assert drain(later(hours=12)) == 1
    assert states("robot") == ["folded", "folded", "sent"]


def test_a_bundle_that_fails_stays_whole(tell, carrier, asleep):
    for number in range(2):
        tell(asleep, now=EVENING + timedelta(minutes=20 + 2 * number), facts={"n": number})
    carrier.fail = lambda delivery: Failed("421")
    assert drain(MORNING) == 0
    rows = Delivery.objects.filter(channel="email")
    assert {(row.state, row.attempts, row.error) for row in rows} == {("queued", 1, "421")}
    carrier.fail = lambda delivery: None
    assert drain(MORNING + timedelta(minutes=1)) == 1
    assert states() == ["folded", "sent"]


# Two workers, and a worker that was killed


def mails() -> list[queue.Waiting]:
    """The mails that wait in the thread, as a worker reads them."""
    return [each for each in queue.waiting_in("matter:17") if each.delivery.channel == "email"]


def test_a_worker_whose_lease_was_lost_sends_nothing_that_another_has_claimed(tell, carrier, li):
    """While the first one looks at the delivery, a second one claims it: the first leaves it alone."""
    tell(li)
    stale, second = mails(), mails()
    assert queue.claim(second, later(seconds=60))
    assert draining._deliver(stale, later(seconds=1), lambda: later(seconds=1)) == later(seconds=61)
    assert drain(later(seconds=2)) == 0
    assert carrier.tried == []
    assert Delivery.objects.get(channel="email").attempts == 1


def test_a_claim_whose_worker_was_killed_is_taken_up_with_the_same_key(tell, carrier, li):
    tell(li)
    [waiting] = mails()
    queue.claim([waiting], later(seconds=60))
    assert drain(later(seconds=59)) == 0
    assert Job.objects.get(kind="notify.drain").due == later(seconds=60)
    assert drain(later(seconds=60)) == 1
    assert carrier.tried == [str(waiting.delivery.key)]
    assert Delivery.objects.get(pk=waiting.delivery.pk).attempts == 2


def test_a_late_failure_does_not_undo_what_another_worker_did(tell, carrier, li):
    tell(li)
    slow = mails()
    queue.claim(slow, later(seconds=60))
    assert drain(later(seconds=61)) == 1
    draining._after_failure(slow, Failed("timeout"), later(seconds=70))
    assert states() == ["sent"]


def test_what_arrived_late_counts_though_another_worker_tries_again(tell, carrier, li):
    tell(li)
    slow = mails()
    queue.claim(slow, later(seconds=60))
    carrier.fail = lambda delivery: Failed("421")
    drain(later(seconds=61))
    queue.mark_sent(slow[0], [], later(seconds=62))
    assert states() == ["sent"]


def test_a_bundle_is_claimed_whole_or_not_at_all(tell, carrier, li):
    tell(li, facts={"n": 1})
    tell(li, kind="test.urgent", facts={"n": 2})
    both = mails()
    assert queue.claim(mails()[1:], later(seconds=60))
    assert not queue.claim(both, later(seconds=60))
    assert [each.delivery.attempts for each in mails()] == [0, 1]


def test_red_is_not_sent_past_one_that_is_on_its_way(tell, carrier, li):
    tell(li, facts={"n": 1})
    queue.claim(mails(), later(seconds=60))
    tell(li, kind="test.urgent", grade=1, now=later(seconds=5))
    assert drain(later(seconds=6)) == 0
    assert carrier.tried == []


# A batch


def test_a_batch_is_read_and_written_at_once(tell, carrier, li, django_assert_num_queries):
    for subject in (1, 2, 3):
        tell(li, subject=subject, facts={"n": subject})
    draining.look_ahead([{"thread": f"matter:{subject}"} for subject in (1, 2, 3)])
    with django_assert_num_queries(2):  # claimed, and marked
        assert draining.drain("matter:1", at(NOW)) == 1
    assert draining.drain("matter:1", at(NOW)) == 0
    assert draining.drain("matter:2", at(NOW)) == 1
    assert carrier.titles == ["事1", "事2"]


def test_what_was_read_ahead_is_a_hint(tell, carrier, li):
    """Another worker sent the one; the other was read for a batch that is over."""
    tell(li, subject=1)
    tell(li, subject=2)
    draining.look_ahead([{"thread": "matter:1"}, {"thread": "matter:2"}])
    Delivery.objects.filter(thread="matter:1", channel="email").update(state="sent", attempts=1)
    assert draining.drain("matter:1", at(NOW)) == 0
    draining.look_ahead([])
    tell(li, subject=2, kind="test.urgent", now=later(seconds=1))
    assert draining.drain("matter:2", at(later(seconds=1))) == 2
    assert len(carrier.sent) == 2


def test_a_message_that_cannot_be_written_stops_no_other(tell, carrier, li):
    def broken(notices):
        raise KeyError("n")

    kinds.register(kinds.Kind("test.broken", "坏", "mine", broken))
    tell(li, subject=1, kind="test.broken")
    tell(li, subject=2)
    draining.look_ahead([{"thread": "matter:1"}, {"thread": "matter:2"}])
    assert draining.drain("matter:1", at(NOW)) == 0
    assert draining.drain("matter:2", at(NOW)) == 1
    assert Delivery.objects.get(thread="matter:1", channel="email").error == "keyerror"


def test_a_delivery_whose_job_is_gone_is_found(tell, carrier, li):
    tell(li, now=timezone.now() - timedelta(minutes=6))
    Job.objects.all().delete()
    jobs.find_waiting()
    assert worker.run_due() == 1
    assert states() == ["sent"]
