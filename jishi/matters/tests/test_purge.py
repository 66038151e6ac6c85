"""When the time of a matter is over, what goes with it, what keeps it, and that the journal still proves everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from jishi import privacy
from jishi.base.errors import Refused
from jishi.journal.models import Event
from jishi.matters import catalogue, commands
from jishi.matters import verify as ledger
from jishi.matters.actions import PartyInput, Place, apply, report_matter, reveal_party
from jishi.matters.actions.shelves import check_limits, publish_policy
from jishi.matters.handover import actions as handover
from jishi.matters.handover.draft import Scope
from jishi.matters.keeping.holds import hold_matter, lift_hold
from jishi.matters.models import Evidence, Handover, Hold, Matter, Party, PlanItem, PolicyVersion, Text
from jishi.matters.plans import actions as plans
from jishi.matters.publishing.actions import publish_photo, publish_words
from jishi.matters.queries import Filters
from jishi.matters.queries.listing import every_row
from jishi.matters.queries.published import open_published, published
from jishi.matters.tests import factory
from jishi.matters.tests.factory import House, a_matter, a_station, give
from jishi.notify.models import Delivery, Notice
from jishi.privacy.models import SubjectKey
from jishi.privacy.purge import run_purge

pytestmark = pytest.mark.django_db

CLOSED = datetime(2026, 3, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)
LATE = CLOSED + 181 * DAY
NAME, CONTACT, WORDS = "欧阳灯火", "13800138000", "紫檀木匣"


@pytest.fixture
def house() -> House:
    return a_station()


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """The catalogue is read anew after a test that changed it."""
    yield
    catalogue.forget()


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (64, 48), "gray").save(out, "JPEG")
    return SimpleUploadedFile("x.jpg", out.getvalue())


def reported(house: House, now: datetime = CLOSED, **more: Any) -> int:
    who = [PartyInput("reporter", NAME, CONTACT, ("contact.1",))]
    assert house.area
    where = Place("和平里3号楼", house.area.pk, 116.4, 39.9)
    return report_matter(
        house.station, by=house.desk, title="路灯不亮", place=where, description=WORDS, parties=who,
        uploads=[photo()], now=now, **more,
    ).matter_id  # fmt: skip


def closed(house: House, now: datetime = CLOSED, category: str = "public.light") -> Matter:
    """A matter with everything that can be kept of one, closed at this moment."""
    pk = reported(house, now)
    for verb in factory.WAYS["closed"]:
        give(house, pk, verb, category=category, now=now)
    return Matter.objects.get(pk=pk)


def purged(matter: Matter | int) -> bool:
    pk = matter if isinstance(matter, int) else matter.pk
    return Matter.objects.get(pk=pk).purged_at is not None


def keep(**days: int) -> None:
    data = {**PolicyVersion.objects.order_by("-version")[0].data, "keep": {"default": 180, "asked": 7, **days}}
    publish_policy(data)


def sound() -> list[Any]:
    return ledger.verify().problems


def test_it_is_kept_to_the_day_and_not_longer(house: House) -> None:
    matter = closed(house)
    run_purge(CLOSED + 180 * DAY - timedelta(seconds=1))
    assert not purged(matter)
    counts = run_purge(CLOSED + 180 * DAY)
    assert purged(matter)
    assert counts["matter"] == {house.station.pk: 1}


def test_a_stub_is_left_and_the_ledger_is_proven(house: House) -> None:
    matter = closed(house)
    publish_words(matter, text="路灯已修复。", by=house.desk, now=CLOSED)
    [piece] = Evidence.objects.filter(matter=matter)
    shown = publish_photo(matter, piece.pk, boxes=[], when="before", confirmed=True, by=house.desk, now=CLOSED)
    hold_matter(matter, reason="案件需要", by=house.chief, now=CLOSED)
    lift_hold(matter, by=house.chief, now=CLOSED)
    assert sound() == []
    events = Event.objects.count()

    told = Delivery.objects.filter(notice__thread=f"matter:{matter.pk}").count()
    assert told >= 4
    counts = run_purge(LATE)
    here = house.station.pk
    texts = Text.objects.filter(matter=matter).count()
    assert texts >= 4
    assert {kind: at.get(here) for kind, at in counts.items() if at} == {
        "matter": 1, "text": texts, "party": 1, "file": 2, "publication": 1, "hold": 1,
        "delivery": told,
    }  # fmt: skip
    row = Matter.objects.get(pk=matter.pk)
    assert (row.title, row.place_name, row.lon, row.lat, row.published) == ("", "", None, None, False)
    assert (row.number, row.area_id, row.category_id, row.cell) == (
        matter.number, matter.area_id, "public.light", matter.cell,
    )  # fmt: skip
    assert row.cell is not None
    assert list(Text.objects.filter(matter=matter).exclude(body="", salt="").values_list("pk")) == []
    party = Party.objects.get(matter=matter)
    assert (party.name_sealed, party.contact_sealed, party.consent) == (None, None, "")
    assert not SubjectKey.objects.filter(subject_kind="matter", subject_id=matter.pk).exists()
    piece.attachment.refresh_from_db()
    assert piece.attachment.purged_at == LATE
    assert open_published(shown.token) is None
    assert published(matter) == ("", None, ())
    assert Hold.objects.get(matter=matter).reason == ""
    assert not Notice.objects.filter(thread=f"matter:{matter.pk}").exists()
    assert sound() == []
    assert Event.objects.count() == events + 1
    noted = Event.objects.get(kind="keeping.purged")
    assert (noted.subject_id, noted.actor_id, json.loads(noted.payload)) == (matter.pk, None, {"facts": {}})


def test_nothing_that_was_said_is_left_in_any_column(house: House, django_capture_on_commit_callbacks: Any) -> None:
    from django.apps import apps
    from django.db import models

    matter = closed(house)
    with django_capture_on_commit_callbacks(execute=True):
        run_purge(LATE)
    texts = (models.CharField, models.TextField, models.JSONField)
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, texts)]
        for row in model._default_manager.values_list(*names) if names else ():
            said = json.dumps([str(value) for value in row], ensure_ascii=False)
            for secret in (NAME, CONTACT, WORDS, "路灯不亮", "和平里3号楼", "已处理完毕"):
                assert secret not in said, model._meta.label
    assert purged(matter)


def test_a_dry_run_changes_nothing(house: House) -> None:
    matter = closed(house)
    before = Event.objects.count()
    counts = run_purge(LATE, dry_run=True)
    assert counts["matter"] == {house.station.pk: 1}
    assert counts["party"] == {house.station.pk: 1}
    assert not purged(matter)
    assert Text.objects.exclude(purged_at=None).count() == 0
    assert Event.objects.count() == before
    assert counts == run_purge(LATE)
    assert run_purge(LATE)["matter"] == {}


def test_an_open_matter_is_never_purged_however_old(house: House) -> None:
    matter = a_matter(house, "answered", now=CLOSED)
    assert run_purge(LATE + 3650 * DAY)["matter"] == {}
    assert not purged(matter)


def test_each_category_has_its_own_time_else_its_parents(house: House) -> None:
    keep(**{"public": 30, "public.light": 400})
    light, other, gas = (closed(house, category=code) for code in ("public.light", "public.water", "fire.gas"))
    run_purge(CLOSED + 30 * DAY)
    assert [purged(light), purged(other), purged(gas)] == [False, True, False]
    run_purge(CLOSED + 399 * DAY)
    assert [purged(light), purged(gas)] == [False, True]
    run_purge(CLOSED + 400 * DAY)
    assert purged(light)


@pytest.mark.parametrize("days", [0, 6, 3651, "180", True, 30.5])
def test_a_time_that_makes_no_sense_is_refused(days: Any) -> None:
    data = {**PolicyVersion.objects.order_by("-version")[0].data, "keep": {"default": days}}
    with pytest.raises(Refused, match="bad_keep"):
        check_limits(data)


def test_a_policy_that_says_nothing_of_it_keeps_for_the_usual_time(house: House) -> None:
    data = dict(PolicyVersion.objects.order_by("-version")[0].data)
    del data["keep"]
    publish_policy(data)
    matter = closed(house)
    assert run_purge(CLOSED + 179 * DAY)["matter"] == {}
    run_purge(CLOSED + 180 * DAY)
    assert purged(matter)


def test_a_duplicate_waits_for_all_that_it_was_merged_into(house: House) -> None:
    keep(**{"public.light": 30, "fire.gas": 60})
    first, second = reported(house), reported(house)
    root = reported(house)
    give(house, root, "assess", category="fire.gas", now=CLOSED)
    apply(first, commands.Merge(root=second), by=house.desk, now=CLOSED)
    apply(second, commands.Merge(root=root), by=house.desk, now=CLOSED + DAY)
    assert run_purge(CLOSED + 1000 * DAY)["matter"] == {}
    end = CLOSED + 500 * DAY
    for verb in factory.WAYS["closed"][1:]:
        give(house, root, verb, now=end)
    assert run_purge(end + 59 * DAY)["matter"] == {}
    run_purge(end + 60 * DAY)
    assert [purged(pk) for pk in (first, second, root)] == [False, False, True]
    run_purge(end + 180 * DAY)
    assert [purged(pk) for pk in (first, second, root)] == [True, True, True]
    assert sound() == []


def test_a_hold_keeps_the_matter_and_its_whole_family(house: House) -> None:
    root, duplicate, other = reported(house), reported(house), closed(house)
    apply(duplicate, commands.Merge(root=root), by=house.desk, now=CLOSED)
    for verb in factory.WAYS["closed"]:
        give(house, root, verb, now=CLOSED)
    hold_matter(duplicate, reason="法院调取", by=house.deputy, now=CLOSED)
    run_purge(LATE)
    assert [purged(root), purged(duplicate), purged(other)] == [False, False, True]
    lift_hold(duplicate, by=house.chief, now=LATE)
    run_purge(LATE)
    assert [purged(root), purged(duplicate)] == [True, True]
    assert sound() == []


def test_a_hold_that_comes_while_the_purge_looks_is_seen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from jishi.privacy import purge

    matter = closed(house)
    shredder = purge._shredders["matter"]

    def find(now: datetime) -> list[tuple[int, int]]:
        found = list(shredder.find(now))
        hold_matter(matter, reason="案件需要", by=house.chief, now=now)
        return found

    replaced = purge.Shredder("matter", shredder.label, find, shredder.lock, shredder.shred)
    monkeypatch.setitem(purge._shredders, "matter", replaced)
    assert run_purge(LATE)["matter"] == {}
    assert not purged(matter)


def test_a_reopened_matter_begins_its_time_anew(house: House) -> None:
    matter = closed(house)
    give(house, matter, "reopen", reason="又坏了", now=CLOSED + 100 * DAY)
    assert run_purge(LATE)["matter"] == {}
    for verb in factory.WAYS["closed"][1:]:
        give(house, matter, verb, now=LATE)
    assert run_purge(LATE + 179 * DAY)["matter"] == {}
    run_purge(LATE + 180 * DAY)
    assert purged(matter)


def test_another_systems_years_do_not_count(house: House) -> None:
    old = factory.an_inherited_matter(house, now=CLOSED)
    apply(old, commands.Decline(outcome="no_action", reason="已过期"), by=house.desk, now=CLOSED)
    for verb in ("answer", "close"):
        give(house, old, verb, now=CLOSED)
    Matter.objects.filter(pk=old.pk).update(closed_at=CLOSED - 2000 * DAY)
    assert run_purge(CLOSED + 179 * DAY)["matter"] == {}
    run_purge(CLOSED + 180 * DAY)
    assert purged(old)


def test_nothing_can_be_done_to_a_stub(house: House) -> None:
    matter = closed(house)
    run_purge(LATE)
    with pytest.raises(Refused, match="purged_matter"):
        give(house, matter, "reopen", reason="又坏了", now=LATE)
    with pytest.raises(Refused, match="purged_matter"):
        hold_matter(matter, reason="案件需要", by=house.chief)
    with pytest.raises(Refused, match="purged_matter"):
        publish_words(matter, text="已修复", by=house.desk)
    party = Party.objects.get(matter=matter)
    with pytest.raises(Refused, match="purged"):
        reveal_party(matter, party.pk, "name", reason="visit", by=house.desk)
    with pytest.raises(privacy.Unreadable):
        privacy.open_sealed(("matter", matter.pk), "x", b"x" * 40)


def test_it_is_found_by_its_number_only_and_its_page_says_what_happened(house: House) -> None:
    matter = closed(house)

    def found(text: str) -> list[str]:
        return [row["number"] for row in every_row(house.desk, house.station.pk, Filters(text=text), LATE, 10)]

    assert found("和平里") == found("不亮") == [matter.number]
    run_purge(LATE)
    assert found("和平里") == found("不亮") == []
    assert found(matter.number) == [matter.number]
    client = Client(headers={"accept-language": "en"})
    client.force_login(house.desk)
    page = client.get(reverse("matters:page", args=[matter.number])).content.decode()
    assert "Contents deleted" in page
    assert "deleted when their time was over" in page
    assert reverse("matters:command", args=[matter.number, "reopen"]) not in page
    assert reverse("matters:publish", args=[matter.number]) not in page
    for name in ("list", "print", "receipt"):
        args = [] if name == "list" else [matter.number]
        answer = client.get(reverse(f"matters:{name}", args=args))
        assert "Contents deleted" in answer.content.decode(), name


def test_points_of_a_review_go_once_they_are_done(house: House) -> None:
    matter = a_matter(house, "handling", category="fire.gas", grade=1, now=CLOSED)
    for code in ("dispatch", "call_gas", "cordon", "evacuate", "measure", "reopen"):
        apply(matter, commands.FinishTask(task=code), by=house.chief, now=CLOSED)
    apply(matter, commands.EndPlan(reason="险情已排除"), by=house.chief, now=CLOSED)
    run = matter.runs.get()
    made = [
        plans.add_item(run, body="补充联系表", unit=house.patrol.pk, due=CLOSED + DAY, by=house.chief, now=CLOSED)
        for _ in range(2)
    ]
    plans.end_item(made[0], done=True, by=house.chief, now=CLOSED)
    for verb in ("submit", "check", "answer", "close"):
        give(house, matter, verb, now=CLOSED)
    assert run_purge(LATE, dry_run=True)["plan_item"] == {house.station.pk: 1}
    run_purge(LATE)
    assert list(PlanItem.objects.order_by("pk").values_list("body", flat=True)) == ["", "补充联系表"]
    assert sound() == []


def test_remarks_of_a_handover_go_and_those_that_wait_stay(house: House) -> None:
    mate = factory.staff("officer", house, name="赵接")
    scope = Scope(house.station.pk, house.patrol.pk)
    pages = []
    for key in ("a", "b"):
        pages.append(
            handover.hand_over(
                scope, by=house.officer, to=mate, chosen=(), notes={}, note="钥匙在值班台", key=key, now=CLOSED
            )
        )
        if key == "a":
            handover.take_over(pages[0], by=mate, now=CLOSED)
    assert run_purge(CLOSED + 179 * DAY)["remark"] == {}
    assert run_purge(LATE)["remark"] == {house.station.pk: 1}
    assert list(Handover.objects.order_by("pk").values_list("note", flat=True)) == ["", "钥匙在值班台"]
    assert sound() == []


def test_the_daily_job_purges(house: House) -> None:
    from jishi.jobs.registry import handler_of

    matter = closed(house, now=datetime.now(UTC) - 200 * DAY)
    handler_of("privacy.purge").work({})
    assert purged(matter)


@pytest.mark.parametrize("column", ["purged_at", "erase_asked_at", "published"])
def test_what_no_event_tells_of_is_found(house: House, column: str) -> None:
    matter = closed(house)
    Matter.objects.filter(pk=matter.pk).update(**{column: True if column == "published" else CLOSED})
    assert {problem.code for problem in sound()} == {"keeping_differs"}


def test_a_purge_that_was_undone_by_hand_is_found(house: House) -> None:
    matter = closed(house)
    run_purge(LATE)
    Matter.objects.filter(pk=matter.pk).update(purged_at=None)
    assert {problem.code for problem in sound()} == {"keeping_differs"}
