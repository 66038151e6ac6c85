"""Following a report with its receipt: opening it, what it shows, and what its holder may say."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.matters import commands
from jishi.matters import verify as ledger
from jishi.matters.actions import Place, apply
from jishi.matters.models import Evidence, Matter, Party, Rating, Text
from jishi.matters.tests import factory
from jishi.window import opened
from jishi.window.actions.following import follow_matter
from jishi.window.actions.receipts import Issued
from jishi.window.actions.reporting import report_at_window
from jishi.window.contact import Contact
from jishi.window.models import Receipt
from jishi.window.queries.receipts import open_receipt
from jishi.window.queries.tracking import tracked
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
WORDS = "楼道灯坏了三天"
CONTACT = Contact("陈女士", "13800138000", "chen@example.org")


@pytest.fixture
def house():
    return factory.a_station()


def reported(house: factory.House, **more: object) -> Issued:
    """A report at the window, with a way to be reached."""
    usual: dict[str, object] = {
        "words": WORDS, "category": "public.light", "place": Place("和平里3号楼"), "language": "en",
        "key": f"key-{Receipt.objects.count()}", "now": timezone.now(), "contact": CONTACT, "consent": "contact.1",
    }  # fmt: skip
    return report_at_window(house.station, **{**usual, **more})  # type: ignore[arg-type]  # what the test gives


def matter_of(issued: Issued) -> Matter:
    return Matter.objects.get(receipts=issued.receipt)


def led(house: factory.House, issued: Issued, state: str) -> Matter:
    """The matter of a report, led to this state."""
    matter = matter_of(issued)
    for verb in factory.WAYS[state]:
        matter = factory.give(house, matter, verb, category="public.light")
    return matter


def entered(issued: Issued, secret: str = "") -> Client:
    """A browser in which the receipt was opened."""
    client = Client(**EN)
    answer = client.post("/window/track/", {"number": issued.number, "secret": secret or issued.secret})
    assert answer.status_code == 303
    return client


def page_of(client: Client, path: str = "/window/track/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def say(client: Client, verb: str, **fields: object):
    """Send a form of the page, with the stamp that the page gave."""
    stamp = re.search(r'name="stamp" value="([^"]+)"', page_of(client))
    assert stamp
    return client.post(reverse(f"window:track_{verb}"), {"stamp": stamp[1], **fields})


def test_number_and_secret_open_it_for_half_an_hour_and_stand_in_no_address(house):
    issued = reported(house)
    client = Client(**EN)
    answer = client.post("/window/track/", {"number": issued.number.lower(), "secret": issued.secret.replace("-", " ")})
    assert answer.headers["Location"] == "/window/track/"
    cookie = answer.cookies[opened.COOKIE]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/window/track/", "Strict", True)
    assert cookie["max-age"] == 1800
    assert issued.secret not in cookie.value
    assert issued.number not in cookie.value
    page = page_of(client)
    assert issued.number in page
    assert WORDS in page
    client.post("/window/track/leave/")
    assert issued.number not in page_of(client)


def test_an_old_cookie_or_anothers_opens_nothing(house, monkeypatch):
    client = entered(reported(house))
    monkeypatch.setattr(opened, "SECONDS", -1)
    assert "XH-" not in page_of(client)
    monkeypatch.undo()
    client.cookies[opened.COOKIE] = "1:abc:def"
    assert "XH-" not in page_of(client)


def test_what_is_wrong_is_answered_alike_and_slowed(house):
    issued = reported(house)
    answers = set()
    for number, secret in ((issued.number, "0000-0000-0000"), ("XH-2020-999999", issued.secret), ("zzz", "qqq")):
        answer = Client(**EN).post("/window/track/", {"number": number, "secret": secret})
        page = answer.content.decode().replace(number, "").replace(secret, "")
        answers.add((answer.status_code, page))
        assert opened.COOKIE not in answer.cookies
    assert len(answers) == 1
    client = Client(**EN)
    for _ in range(20):
        client.post("/window/track/", {"number": "XH-2020-999999", "secret": "0"})
    answer = client.post("/window/track/", {"number": issued.number, "secret": issued.secret})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "600"


def test_it_says_whose_turn_it_is_until_when_and_names_nobody(house):
    issued = reported(house)
    matter = led(house, issued, "handling")
    factory.give(house, matter, "log", text="内部记录一则")
    page = page_of(entered(issued))
    assert "巡逻组 works on it." in page
    assert "巡逻组 took it on." in page
    assert "内部记录一则" not in page
    assert all(person.name not in page for person in house.people.values())
    it = tracked(open_receipt(issued.number, issued.secret, now=timezone.now()), timezone.now())
    assert [stage.state for stage in it.stages] == ["done", "done", "done", "here", "ahead"]
    assert it.due == Matter.objects.get(pk=matter.pk).next_due
    assert it.may == {"add", "withdraw"}


def test_a_word_and_a_photo_come_to_whoever_has_it(house):
    issued = reported(house)
    matter = led(house, issued, "handling")
    client = entered(issued)
    answer = say(client, "add", text="还没修 13900139000", files=[a_photo()], publish="on")
    assert answer.headers["Location"] == "/window/track/?said=added"
    assert Text.objects.get(matter=matter, version=matter.version + 1).body == "还没修 13900139000"
    assert Evidence.objects.filter(matter=matter).count() == 1
    assert "还没修" in page_of(client)
    other = follow_matter(matter, language="en", key="other", now=timezone.now())
    assert "还没修" not in page_of(entered(other))
    assert say(client, "add").status_code == 422
    assert ledger.verify().ok


def test_a_file_that_cannot_be_taken_costs_no_word(house):
    issued = reported(house)
    client = entered(issued)
    bad = SimpleUploadedFile("x.jpg", b"no photo", "image/jpeg")
    assert say(client, "add", text="看这里", files=[bad]).headers["Location"].endswith("said=part")
    bad.seek(0)
    assert say(client, "add", files=[bad]).status_code == 422


def test_the_same_form_sent_twice_says_it_once(house):
    issued = reported(house)
    client = entered(issued)
    stamp = re.search(r'name="stamp" value="([^"]+)"', page_of(client))[1]
    for _ in range(2):
        sent = client.post("/window/track/add/", {"stamp": stamp, "text": "再说一次"})
        assert sent.headers["Location"].endswith("said=added")
    assert Text.objects.filter(body="再说一次").count() == 1


def test_a_form_of_another_receipt_or_none_is_refused(house):
    one, two = reported(house), reported(house)
    stamp = re.search(r'name="stamp" value="([^"]+)"', page_of(entered(one)))[1]
    for wrong in (stamp, ""):
        answer = entered(two).post("/window/track/add/", {"stamp": wrong, "text": "错了"})
        assert answer.status_code == 422
        assert "错了" in answer.content.decode()
    assert not Text.objects.filter(body="错了").exists()


def test_what_was_written_too_late_is_given_back(house):
    answer = Client(**EN).post("/window/track/add/", {"text": "写了很久"})
    assert answer.status_code == 403
    assert "写了很久" in answer.content.decode()


def test_mended_with_stars(house):
    issued = reported(house)
    matter = led(house, issued, "answered")
    client = entered(issued)
    page = page_of(client)
    assert "已告知报告人" in page
    assert 'action="/window/track/rate/"' in page
    assert client.get("/window/track/rate/").status_code == 405
    sent = say(client, "rate", mended="yes", result="4", manner="5", text="很快")
    assert sent.headers["Location"].endswith("said=mended")
    rating = Rating.objects.get(matter=matter)
    assert (rating.mended, rating.result, rating.manner, rating.by) == (True, 4, 5, "public")
    assert 'action="/window/track/rate/"' not in page_of(client)
    assert ledger.verify().ok


def test_not_mended_is_taken_up_again_and_the_page_says_so_before(house):
    issued = reported(house)
    matter = led(house, issued, "answered")
    client = entered(issued)
    assert "Then it is taken up again" in page_of(client)
    assert say(client, "rate", mended="no", result="1").status_code == 422
    sent = say(client, "rate", mended="no", result="1", text="还是不亮")
    assert sent.headers["Location"].endswith("said=again")
    after = Matter.objects.get(pk=matter.pk)
    assert (after.state, after.cycle, after.disputed) == ("assessed", 2, 1)
    assert Rating.objects.get(matter=matter).mended is False
    assert Receipt.objects.get(pk=issued.receipt).answered_at is None
    assert "还是不亮" in page_of(client)
    assert ledger.verify().ok


def test_later_it_goes_to_the_chief(house):
    now = timezone.now() - timedelta(days=30)
    issued = reported(house, now=now)
    matter = matter_of(issued)
    for verb in factory.WAYS["closed"]:
        matter = factory.give(house, matter, verb, category="public.light", now=now)
    client = entered(issued)
    assert "Then it goes to the chief" in page_of(client)
    sent = say(client, "dispute", reason="又坏了")
    assert sent.headers["Location"].endswith("said=chief")
    assert Matter.objects.get(pk=matter.pk).appealed
    assert "has what you wrote and decides" in page_of(client)


def test_taking_it_back_needs_that_they_mean_it(house):
    issued = reported(house, category="nuisance.noise")
    client = entered(issued)
    assert "I take my report back" in page_of(client, "/window/track/withdraw/")
    assert say(client, "withdraw").status_code == 422
    assert say(client, "withdraw", sure="on", reason="自己修好了").headers["Location"].endswith("said=withdrawn")
    assert matter_of(issued).outcome == "withdrawn"
    assert Party.objects.get(matter=matter_of(issued)).contact_sealed is None
    assert client.get("/window/track/withdraw/").status_code == 422


def test_a_follower_reads_and_is_answered_and_may_stop(house):
    issued = reported(house)
    follower = follow_matter(matter_of(issued), language="en", key="f", now=timezone.now())
    matter = led(house, issued, "answered")
    assert set(Receipt.objects.values_list("answered_at", flat=True)) == {matter.answered_at}
    client = entered(follower)
    page = page_of(client)
    assert "已告知报告人" in page
    assert WORDS not in page
    assert "/window/track/withdraw/" not in page
    assert 'action="/window/track/rate/"' not in page
    assert 'action="/window/track/dispute/"' in page
    assert client.get("/window/track/withdraw/").status_code == 422
    assert say(client, "rate", mended="yes").status_code == 422
    assert say(client, "unfollow").status_code == 200
    with pytest.raises(Refused, match="receipt_unknown"):
        open_receipt(follower.number, follower.secret, now=timezone.now())
    assert say(entered(issued), "unfollow").status_code == 422


def test_who_reported_a_duplicate_is_answered_from_the_root(house):
    one, two = reported(house), reported(house, words="同一盏灯")
    duplicate = matter_of(two)
    factory.give(house, duplicate, "merge", root=matter_of(one).pk)
    matter = led(house, one, "answered")
    page = page_of(entered(two))
    assert "you are answered from there" in page
    assert "已告知报告人" in page
    assert "同一盏灯" in page
    assert WORDS not in page
    assert Receipt.objects.get(pk=two.receipt).answered_at == matter.answered_at
    sent = say(entered(two), "rate", mended="yes", result="5")
    assert sent.headers["Location"].endswith("said=mended")
    assert Rating.objects.get().matter_id == matter.pk


def test_what_is_kept_is_seen_corrected_and_deleted_by_its_holder(house):
    issued = reported(house)
    client = entered(issued)
    page = page_of(client, "/window/track/mine/")
    assert all(part in page for part in ("陈女士", "13800138000", "chen@example.org"))
    assert "I agree that the station uses" in page
    sent = say(client, "mine", name="陈女士", phone="", email="neu@example.org")
    assert sent.headers["Location"].endswith("said=corrected")
    page = page_of(client, "/window/track/mine/")
    assert "neu@example.org" in page
    assert "13800138000" not in page
    assert say(client, "erase").headers["Location"].endswith("said=erased")
    assert "neu@example.org" not in page_of(client, "/window/track/mine/")
    assert Party.objects.get(matter=matter_of(issued)).purged_at is not None
    assert ledger.verify().ok


def test_a_follower_leaves_an_address_that_nobody_on_staff_can_open(house):
    issued = reported(house)
    follower = follow_matter(matter_of(issued), language="en", key="f", now=timezone.now())
    client = entered(follower)
    assert say(client, "mine", email="li@example.org").status_code == 422
    say(client, "mine", email="li@example.org", agree="on")
    receipt = Receipt.objects.get(pk=follower.receipt)
    assert receipt.consent == "contact.1"
    assert b"li@example" not in bytes(receipt.reach_sealed)
    assert Party.objects.count() == 1
    assert "li@example.org" in page_of(client, "/window/track/mine/")
    say(client, "mine", email="")
    assert Receipt.objects.get(pk=follower.receipt).reach_sealed is None


def test_the_desk_reads_who_is_answered(client, house):
    issued = reported(house)
    follow_matter(matter_of(issued), language="en", key="f", now=timezone.now())
    client.force_login(house.desk)
    page = client.get(reverse("matters:page", args=[issued.number])).content.decode()
    assert "有回执的报告人 1 人" in page
    assert "1 人关注" in page


def test_another_report_is_opened_while_one_is_open(house):
    first, second = reported(house, key="1" * 32), reported(house, key="2" * 32)
    client = Client(**EN)
    client.post("/window/track/", {"number": first.number, "secret": first.secret})
    page = client.get("/window/track/").content.decode()
    assert f'data-opened="{first.number}"' in page
    assert "/window/track/?other" in page
    assert "data-receipt" in client.get("/window/track/?other").content.decode()
    client.post("/window/track/", {"number": second.number, "secret": second.secret})
    assert f'data-opened="{second.number}"' in client.get("/window/track/").content.decode()


def test_the_desk_sees_in_which_language_an_answer_is_awaited(house):
    issued = reported(house, language="en")
    desk = Client(**EN)
    desk.force_login(house.desk)
    page = desk.get(f"/matters/{issued.number}/").content.decode()
    panel = page[page.index('id="receipts"') :]
    assert "Language of the receipt: English" in panel


def test_taken_up_again_the_first_answer_can_still_be_read_and_one_act_is_one_line(house):
    issued = reported(house)
    matter = led(house, issued, "checked")
    apply(matter, commands.Answer(text="灯泡已更换"), by=house.desk)
    client = Client(**EN)
    client.post("/window/track/", {"number": issued.number, "secret": issued.secret})
    before = client.get("/window/track/").content.decode()
    assert before.count("灯泡已更换") == 1
    stamp = before.partition('name="stamp" value="')[2].partition('"')[0]
    sent = {"mended": "no", "text": "还是不亮", "stamp": stamp}
    assert client.post("/window/track/rate/", sent).status_code == 303
    page = client.get("/window/track/").content.decode()
    assert page.count("灯泡已更换") == 1
    assert page.count("You said that it is not mended") == 1
    late = follow_matter(matter_of(issued), language="en", key="late", now=timezone.now() + timedelta(minutes=1))
    seen = tracked(open_receipt(late.number, late.secret, now=timezone.now()), timezone.now())
    assert "灯泡已更换" not in "".join(line.words for line in seen.lines)


@pytest.mark.parametrize("other", [False, True], ids=["the reporter", "a follower"])
def test_that_it_was_mended_stays_told_when_it_is_disputed_later(house, other):
    issued = reported(house)
    matter = led(house, issued, "answered")
    by = follow_matter(matter, language="en", key="f", now=timezone.now()) if other else issued
    assert say(entered(issued), "rate", mended="yes").status_code == 303
    assert say(entered(by), "dispute", reason="又不亮了").status_code == 303
    assert page_of(entered(issued)).count("You said that it is mended.") == 1
