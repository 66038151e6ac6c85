"""Telling the public by e-mail and text message: what goes out, to whom, and what never does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jishi.jobs.models import Job
from jishi.matters.actions import Place
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from jishi.notify import channels
from jishi.notify.channels import Failed, Parcel, texts
from jishi.notify.channels.smtp import mail_of
from jishi.privacy.purge import run_purge
from jishi.window.actions import letters, own
from jishi.window.actions.following import follow_matter
from jishi.window.actions.held import hold_report, release
from jishi.window.actions.receipts import Issued, secret_for
from jishi.window.actions.reporting import Report, report_at_window
from jishi.window.contact import Contact
from jishi.window.letter import read_stop, stop_token
from jishi.window.models import Held, Letter, Receipt

pytestmark = pytest.mark.django_db
WORDS, NAME, PHONE, EMAIL = "楼道灯坏了三天", "陈女士", "13800138000", "chen@example.org"
NOW = timezone.now()
CONTACT = Contact(NAME, PHONE, EMAIL)


class Post:
    """Takes what goes out; ``fails`` is what it meets instead."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Parcel, str]] = []
        self.fails: Failed | None = None

    def __call__(self, channel: str, parcel: Parcel, to: str) -> str:
        if self.fails is not None:
            raise self.fails
        self.sent.append((channel, parcel, to))
        return "250"


@pytest.fixture
def post(monkeypatch):
    taker = Post()
    monkeypatch.setattr(channels, "send_to", taker)
    monkeypatch.setattr(channels, "channels_ready", lambda station_id: frozenset({"email", "sms"}))
    return taker


@pytest.fixture
def house():
    return factory.a_station()


def reported(house: factory.House, key: str = "k" * 32, **more: object) -> Issued:
    """A report at the window, with a way to be reached."""
    usual: dict[str, object] = {
        "words": WORDS, "category": "dispute.rent", "place": Place("和平里3号楼"), "language": "en", "key": key,
        "now": NOW, "contact": Contact(NAME, PHONE, EMAIL), "consent": "contact.1",
    }  # fmt: skip
    return report_at_window(house.station, **{**usual, **more})  # type: ignore[arg-type]  # what the test gives


def led(house: factory.House, issued: Issued, *verbs: str) -> Matter:
    matter = Matter.objects.get(receipts=issued.receipt)
    for verb in verbs:
        matter = factory.give(house, matter, verb, now=NOW)
    return matter


def states(receipt: int) -> list[tuple[str, str]]:
    return list(Letter.objects.filter(receipt=receipt).order_by("pk").values_list("what", "state"))


def test_the_receipt_goes_to_whoever_left_an_address_with_its_secret_behind_the_hash(house, post):
    issued = reported(house)
    letter = Letter.objects.get()
    assert issued.secret.encode() not in bytes(letter.secret_sealed)
    assert Job.objects.filter(kind=letters.JOB).count() == 1
    assert letters.send_waiting(issued.receipt, NOW) == 1
    [(channel, parcel, to)] = post.sent
    assert (channel, to) == ("email", EMAIL)
    assert parcel.link.endswith(f"/window/track/#{issued.number}.{issued.secret}")
    letter.refresh_from_db()
    assert (letter.state, letter.secret_sealed, letter.channel) == ("sent", None, "email")
    assert letters.send_waiting(issued.receipt, NOW) == 0


def test_a_letter_holds_nothing_of_the_matter_or_of_a_person(house, post):
    issued = reported(house)
    letters.send_waiting(issued.receipt, NOW)
    led(house, issued, "assess", "push", "accept", "submit", "check", "answer")
    letters.send_waiting(issued.receipt, NOW)
    for _channel, parcel, to in post.sent:
        mail = mail_of({"sender": "jishi@example.org"}, parcel, to)
        body = "\n".join(part.get_content() for part in mail.iter_parts())
        for private in (WORDS, NAME, PHONE, EMAIL, "已告知报告人", "和平里", "租", "Rent"):
            assert private not in body + str(mail["Subject"])
        assert mail["List-Unsubscribe"] == f"<{parcel.stop}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert parcel.stop in body


def test_a_text_message_holds_the_whole_way_to_the_receipt(house, post):
    issued = reported(house, contact=Contact(NAME, "138 0013 8000", ""))
    letters.send_waiting(issued.receipt, NOW)
    [(channel, parcel, to)] = post.sent
    assert (channel, to) == ("sms", "13800138000")
    assert parcel.link in texts.short(parcel)
    assert len(texts.short(parcel)) <= 201


def test_each_turn_is_told_once_a_round_and_only_the_newest(house, post):
    issued = reported(house)
    letters.send_waiting(issued.receipt, NOW)
    matter = led(house, issued, "assess", "push", "accept")
    matter = factory.give(house, matter, "return", by=house.officer, reason="缺钥匙", now=NOW)
    factory.give(house, matter, "push", now=NOW)
    factory.give(house, matter, "accept", now=NOW)
    assert states(issued.receipt) == [("received", "sent"), ("working", "queued")]
    led(house, issued, "submit", "check", "answer")
    letters.send_waiting(issued.receipt, NOW)
    assert states(issued.receipt) == [("received", "sent"), ("working", "dropped"), ("answered", "sent")]
    assert [parcel.message.title for _channel, parcel, _to in post.sent] == [
        "Your report has come in", "There is an answer to your report",
    ]  # fmt: skip


@pytest.mark.parametrize("without", ["contact", "consent", "way"])
def test_nobody_is_told_who_did_not_ask_for_it(house, post, monkeypatch, without):
    if without == "way":
        monkeypatch.setattr(channels, "channels_ready", lambda station_id: frozenset({"app"}))
    more = {"contact": {"contact": None}, "consent": {"consent": None}, "way": {}}[without]
    issued = reported(house, **more)
    led(house, issued, "assess", "push", "accept")
    assert not Letter.objects.exists()


def test_everyone_who_follows_is_told_of_the_answer(house, post):
    one = reported(house)
    matter = led(house, one)
    follower = follow_matter(matter, language="zh-hans", key="f", now=NOW)
    receipt = Receipt.objects.get(pk=follower.receipt)
    own.keep_own(receipt, Contact("", "", "li@example.org"), agreed="contact.1", now=NOW)
    two = reported(house, key="l" * 32)
    factory.give(house, Matter.objects.get(receipts=two.receipt), "merge", root=matter.pk)
    led(house, one, "assess", "push", "accept", "submit", "check", "answer")
    for each in (one, follower, two):
        letters.send_waiting(each.receipt, NOW)
    answers = {to for _channel, parcel, to in post.sent if parcel.kind == "window.answered"}
    assert answers == {EMAIL, "li@example.org"}
    assert sum(parcel.kind == "window.answered" for _channel, parcel, _to in post.sent) == 3
    assert Receipt.objects.filter(answered_at=None).count() == 0


def test_whoever_says_so_is_told_no_more(house, post):
    issued = reported(house)
    address = f"/window/track/stop/{stop_token(issued.receipt)}/"
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    assert client.get(address).status_code == 200
    assert Receipt.objects.get(pk=issued.receipt).muted_at is None
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert states(issued.receipt) == [("received", "dropped")]
    led(house, issued, "assess", "push", "accept")
    assert Letter.objects.count() == 1
    assert client.get("/window/track/stop/1:abc/").status_code == 404
    assert read_stop("x" * 500) is None


def test_what_fails_comes_again_and_then_stands_at_the_matter(client, house, post):
    issued = reported(house)
    post.fails = Failed("timeout")
    assert letters.send_waiting(issued.receipt, NOW) == 0
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts, letter.error) == ("queued", 1, "timeout")
    assert letter.due > NOW
    assert Job.objects.filter(kind=letters.JOB).exists()
    post.fails = Failed("bad_address", retry=False, recipient=True)
    letters.send_waiting(issued.receipt, letter.due + timedelta(seconds=1))
    letter.refresh_from_db()
    assert (letter.state, letter.secret_sealed) == ("dead", None)
    client.force_login(house.desk)
    page = client.get(f"/matters/{issued.number}/").content.decode()
    assert "未能通知到" in page
    assert EMAIL not in page


def test_news_that_is_days_old_is_not_sent(house, post):
    issued = reported(house)
    letters.send_waiting(issued.receipt, NOW + timedelta(days=4))
    assert states(issued.receipt) == [("received", "dropped")]
    assert post.sent == []


def test_whoever_has_it_deleted_is_told_nothing(house, post):
    issued = reported(house)
    receipt = Receipt.objects.get(pk=issued.receipt)
    own.erase_own(receipt, NOW)
    led(house, issued, "assess", "push", "accept")
    assert states(issued.receipt) == [("received", "dropped")]


def test_a_held_report_is_told_of_once_it_is_released(house, post):
    said = Report(WORDS, "dispute.rent", Place("和平里"), CONTACT, consent="contact.1", language="en")
    issued = hold_report(house.station, said, [], doubts=["quick"], key="h" * 32, now=NOW)
    assert not Letter.objects.exists()
    release(Held.objects.get().pk, by=house.desk, now=NOW)
    letters.send_waiting(issued.receipt, NOW)
    [(_channel, parcel, _to)] = post.sent
    assert parcel.link.endswith(f"#{issued.number}.{secret_for('h' * 32)}")


def test_one_address_is_not_flooded_by_who_reports_in_anothers_name(house, post):
    for place in range(7):
        letters.send_waiting(reported(house, key=f"{place}" * 32).receipt, NOW)
    assert len(post.sent) == letters.MOST_A_DAY
    letters.send_waiting(reported(house, key="x" * 32, contact=Contact("", "", "li@example.org")).receipt, NOW)
    assert post.sent[-1][2] == "li@example.org"


def test_letters_left_lying_are_found_and_old_ones_deleted(house, post):
    issued = reported(house)
    Job.objects.filter(kind=letters.JOB).delete()
    assert letters.send_left_lying(NOW) == 0
    assert letters.send_left_lying(NOW + timedelta(minutes=10)) == 1
    assert Job.objects.filter(kind=letters.JOB).exists()
    letters.send_waiting(issued.receipt, NOW)
    assert letters.delete_old(NOW + timedelta(days=80)) == 0
    assert letters.delete_old(NOW + timedelta(days=91)) == 1


def test_receipts_and_addresses_go_with_the_matter(house, post):
    issued = reported(house)
    follower = follow_matter(led(house, issued), language="en", key="f", now=NOW)
    receipt = Receipt.objects.get(pk=follower.receipt)
    own.keep_own(receipt, Contact("", "", "li@example.org"), agreed="contact.1", now=NOW)
    led(house, issued, "assess", "push", "accept", "submit", "check", "answer", "close")
    assert sum(run_purge(NOW + timedelta(days=300), dry_run=True)["receipt"].values()) == 2
    run_purge(NOW + timedelta(days=300))
    assert not Letter.objects.exists()
    for row in Receipt.objects.all():
        assert (row.secret_hash, row.reach_sealed, row.consent) == ("", None, "")
        assert row.purged_at is not None
