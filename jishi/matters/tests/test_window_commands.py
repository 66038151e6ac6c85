"""The public through the one door: its keys, its words, its events without a name, and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from jishi.base.errors import Refused
from jishi.journal.models import Event
from jishi.matters import commands as c
from jishi.matters import verify as ledger
from jishi.matters.actions import PartyInput, Place, PublicDoor, apply, report_matter
from jishi.matters.models import Evidence, Matter, Party, Rating, Text
from jishi.matters.queries.page import matter_page
from jishi.matters.tests.factory import House, a_matter, a_station, give
from jishi.matters.tests.test_telling import newest, to, told_since
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db
ME, OTHER = PublicDoor(receipt=7), PublicDoor(receipt=8)


@pytest.fixture
def house() -> House:
    return a_station()


def by_public(matter: Matter | int, given: c.Command, door: PublicDoor = ME, **more: object) -> Matter:
    """The public's command, and the matter after it."""
    done = apply(matter, given, by=None, door=door, **more)  # type: ignore[arg-type]  # what the test gives
    return Matter.objects.get(pk=done.matter_id)


def last_event() -> Event:
    event = Event.objects.order_by("-pk").first()
    assert event is not None
    return event


def sound() -> bool:
    """Whether all rows are as the journal says."""
    return ledger.verify().ok


def reported(house: House, **more: object) -> Matter:
    """A matter that the public reported."""
    done = report_matter(
        house.station, by=None, door=PublicDoor(), channel="window", title="路灯不亮 · 和平里3号楼",
        place=Place("和平里3号楼"), **more,  # type: ignore[arg-type]  # what the test gives
    )  # fmt: skip
    return Matter.objects.get(pk=done.matter_id)


def test_the_public_reports_without_a_name(house: House) -> None:
    who = [PartyInput("reporter", "陈某某", "13800138000")]
    matter = reported(house, description="打 13800138000 找我", parties=who, uploads=[a_photo()], urgent=True)
    assert (matter.state, matter.channel, matter.urgent) == ("reported", "window", "asked")
    event = last_event()
    assert (event.kind, event.actor_id) == ("matter.reported", None)
    assert '"public":true' in event.payload
    assert "13800138000" not in event.payload
    assert Party.objects.filter(matter=matter).count() == Evidence.objects.filter(matter=matter).count() == 1
    assert told_since(house, 0) == to("desk", "urgent", "desk_urgent")
    assert sound()


def test_a_report_sent_again_is_one_matter(house: House) -> None:
    assert reported(house, key="k").pk == reported(house, key="k").pk
    with pytest.raises(Refused, match="key_reused"):
        reported(house, key="k", urgent=True)
    assert Matter.objects.count() == 1


def test_nobody_reports_without_a_door(house: House) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        report_matter(house.station, by=None, title="路灯不亮")
    assert not Matter.objects.exists()


def test_keys_belong_to_a_receipt(house: House) -> None:
    matter = a_matter(house, "handling")
    assert by_public(matter, c.Follow(), key="k").followers == 1
    assert by_public(matter, c.Follow(), key="k").followers == 1
    assert by_public(matter, c.Follow(), OTHER, key="k").followers == 2
    assert '"receipt":8' in last_event().payload
    assert sound()


def test_a_follower_makes_no_page_of_a_colleague_stale(house: House) -> None:
    matter = a_matter(house, "handling")
    by_public(matter, c.Follow())
    apply(matter, c.Log(text="已到现场"), by=house.officer, version=matter.version)
    with pytest.raises(Refused, match="stale"):
        apply(matter, c.Log(text="又到现场"), by=house.officer, version=matter.version)
    now = Matter.objects.get(pk=matter.pk)
    by_public(now, c.Add(text="还在"))
    with pytest.raises(Refused, match="stale"):
        apply(matter, c.Log(text="再到现场"), by=house.officer, version=now.version)
    for never_seen in (0, 99):
        with pytest.raises(Refused, match="stale"):
            apply(matter, c.Log(text="再到现场"), by=house.officer, version=never_seen)


def test_what_is_added_is_kept_word_for_word_and_told_to_whoever_has_it(house: House) -> None:
    matter, last = a_matter(house, "handling"), newest()
    by_public(matter, c.Add(text="打 13800138000 找我"), uploads=[a_photo()])
    assert told_since(house, last) == to("officer", "added", "yours")
    version = last_event().subject_version
    assert Text.objects.get(matter=matter, version=version).body == "打 13800138000 找我"
    assert Evidence.objects.get(matter=matter).version == version
    waiting, last = a_matter(house, "assessed"), newest()
    by_public(waiting, c.Add(text="还在"))
    assert told_since(house, last) == to("desk", "added", "desk_added")
    last = newest()
    by_public(waiting, c.Follow())
    assert told_since(house, last) == {}
    assert sound()


def test_words_of_the_public_may_not_be_endless(house: House) -> None:
    with pytest.raises(Refused, match="too_long"):
        by_public(a_matter(house, "handling"), c.Add(text="长" * 5001))


def test_taking_back_deletes_who_reported(house: House) -> None:
    matter = reported(house, parties=[PartyInput("reporter", "陈某某", "13800138000")])
    assert by_public(matter, c.Withdraw()).outcome == "withdrawn"
    party = Party.objects.get(matter=matter)
    assert (party.name_sealed, party.contact_sealed) == (None, None)
    assert sound()


def test_what_others_follow_stays_when_its_reporter_takes_it_back(house: House) -> None:
    matter = reported(house, parties=[PartyInput("reporter", "陈某某", "13800138000")])
    by_public(matter, c.Follow(), OTHER)
    after = by_public(matter, c.Withdraw())
    assert (after.state, after.outcome) == ("reported", "")
    assert Party.objects.get(matter=matter).contact_sealed is None
    assert give(house, after, "withdraw", reason="误报").state == "checked"
    assert sound()


def test_a_rating_is_a_row_of_its_round(house: House) -> None:
    matter = a_matter(house, "answered")
    give(house, matter, "rate", mended=False)
    by_public(matter, c.Rate(mended=True, result=4, text="还行"))
    row = Rating.objects.get(matter=matter)
    assert (row.cycle, row.by, row.mended, row.result, row.manner) == (1, "public", True, 4, None)
    assert Text.objects.get(matter=matter, version=row.version).body == "还行"
    give(house, matter, "reopen", reason="复查")
    for verb in ("push", "accept", "submit", "check", "answer"):
        give(house, matter, verb)
    by_public(matter, c.Rate(mended=False, manner=1), OTHER)
    assert list(Rating.objects.order_by("cycle").values_list("cycle", "mended")) == [(1, True), (2, False)]
    assert sound()


def test_not_mended_is_told_to_the_desk_the_chief_and_the_unit(house: House) -> None:
    matter, last = a_matter(house, "closed"), newest()
    assert by_public(matter, c.Dispute(reason="灯还是不亮")).state == "assessed"
    assert told_since(house, last) == {
        **to("desk", "back", "desk_disputed"), **to("chief", "back", "chief_disputed"),
        **to("officer auxiliary", "back", "handled_before"),
    }  # fmt: skip
    assert sound()


def test_an_appeal_is_told_to_the_chief_with_its_reason_on_the_page(house: House) -> None:
    matter, last = a_matter(house, "closed", now=timezone.now() - timedelta(days=30)), newest()
    after = by_public(matter, c.Dispute(reason="灯还是不亮"))
    assert (after.state, after.appealed) == ("closed", True)
    assert told_since(house, last) == to("chief", "appealed", "chief_appealed")
    assert matter_page(house.chief, matter.number).entries[-1].words[0].body == "灯还是不亮"
    assert sound()


def test_where_there_is_no_chief_the_deputies_hear_it(house: House) -> None:
    house.chief.posts.all().delete()
    matter = a_matter(house, "closed", now=timezone.now() - timedelta(days=30))
    last = newest()
    by_public(matter, c.Dispute(reason="灯还是不亮"))
    assert told_since(house, last) == to("deputy", "appealed", "chief_appealed")


def test_a_confirmed_need_is_due_sooner_and_told_to_whoever_has_it(house: House) -> None:
    matter, last = a_matter(house, "handling"), newest()
    after = give(house, matter, "mark_urgent")
    assert after.urgent == "confirmed"
    assert after.next_due is not None
    assert matter.next_due is not None
    assert after.next_due < matter.next_due
    assert told_since(house, last) == to("officer", "changed", "yours")
    assert sound()
    back = give(house, matter, "unmark_urgent", reason="情况已缓解")
    assert (back.urgent, back.next_due) == ("", matter.next_due)
    assert sound()


def test_a_row_of_a_rating_that_was_changed_is_found(house: House) -> None:
    matter = a_matter(house, "answered")
    by_public(matter, c.Rate(mended=True, result=2))
    assert sound()
    Rating.objects.update(result=5)
    assert {problem.code for problem in ledger.verify().problems} == {"rating_differs"}
    Rating.objects.all().delete()
    assert {problem.code for problem in ledger.verify().problems} == {"rating_differs"}


def test_the_history_says_what_the_public_did_and_names_nobody(house: House) -> None:
    matter = reported(house)
    for given in (c.Follow(), c.Follow(), c.Add(text="还在")):
        by_public(matter, given)
    for verb in ("assess", "push", "accept", "submit", "check", "answer"):
        give(house, matter, verb)
    for given in (c.Rate(mended=False), c.Dispute(reason="不亮")):
        by_public(matter, given)
    by_public(matter, c.Withdraw(reason="不用了"))
    with translation.override("en"):
        told = {entry.kind: entry.sentence for entry in matter_page(house.desk, matter.number).entries}
    assert told["reported"] == "Somebody of the public reported it."
    assert told["followed"] == "Somebody else of the public follows it; they are 2 now."
    assert told["added"] == "The public added:"
    assert told["rated"] == "The reporter says that it is not mended."
    assert told["disputed"] == "The reporter says that it is not mended; round 2 begins."
    kept = "The reporter took the report back; it stays in the loop for those who follow it."
    assert told["withdrawn"] == kept
    assert sound()


def test_the_desk_confirms_on_the_matters_page(client, house: House) -> None:  # type: ignore[no-untyped-def]
    matter = reported(house, urgent=True)
    client.force_login(house.officer)
    page = client.get(reverse("matters:page", args=[matter.number])).content.decode()
    assert "待值班台确认" in page
    assert "mark_urgent" not in page
    client.force_login(house.desk)
    address = reverse("matters:command", args=[matter.number, "mark_urgent"])
    assert f'action="{address}"' in client.get(reverse("matters:page", args=[matter.number])).content.decode()
    assert 'class="chip chip-urgent-asked"' in client.get(reverse("matters:desk")).content.decode()
    client.post(address, {"version": matter.version, "key": "k"})
    assert Matter.objects.get(pk=matter.pk).urgent == "confirmed"
    assert 'class="chip chip-urgent-confirmed"' in client.get(reverse("matters:desk")).content.decode()


def test_an_appeal_stands_on_the_matters_page(client, house: House) -> None:  # type: ignore[no-untyped-def]
    matter = a_matter(house, "closed", now=timezone.now() - timedelta(days=30))
    by_public(matter, c.Dispute(reason="灯还是不亮"))
    for who, words in ((house.chief, "提请您处理"), (house.desk, "由所长决定")):
        client.force_login(who)
        assert words in client.get(reverse("matters:page", args=[matter.number])).content.decode()
