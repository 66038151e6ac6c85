"""The one door: versions, keys, words kept apart, evidence, and what hangs on a matter."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from jishi.base.errors import Refused
from jishi.jobs import worker
from jishi.journal.models import Event
from jishi.matters import commands, verify
from jishi.matters.actions import PartyInput, Place, apply, report_matter, reveal_party
from jishi.matters.models import Assignment, Evidence, Matter, Party, Suspension, Text
from jishi.matters.tests.factory import House, a_matter, a_station, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_station()


@pytest.fixture(autouse=True)
def whole() -> object:
    """Whatever a test does, the ledger is whole afterwards."""
    yield
    assert verify.verify().problems == []


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def events(matter: Matter) -> list[str]:
    found = Event.objects.filter(subject_kind="matter", subject_id=matter.pk)
    return list(found.order_by("subject_version").values_list("kind", flat=True))


def test_a_stale_version_is_refused_with_both(house: House) -> None:
    matter = a_matter(house, "assessed")
    give(house, matter, "push")
    with pytest.raises(Refused) as refused:
        apply(matter, commands.Push(unit=house.patrol.pk), by=house.desk, version=matter.version)
    assert (refused.value.code, refused.value.status) == ("stale", 409)
    assert refused.value.facts == {"yours": matter.version, "current": matter.version + 1}


@pytest.mark.parametrize("versioned", [True, False])
def test_the_same_key_gives_the_same_result(house: House, versioned: bool) -> None:
    matter = a_matter(house, "handling")
    version = matter.version if versioned else None
    first = apply(matter, commands.Log(text="到现场查看"), by=house.officer, version=version, key="k")
    again = apply(matter, commands.Log(text="到现场查看"), by=house.officer, version=version, key="k")
    assert (again.version, again.event, again.replayed) == (first.version, "logged", True)
    assert events(matter).count("matter.logged") == 1
    with pytest.raises(Refused, match="key_reused"):
        apply(matter, commands.Log(text="另一句"), by=house.officer, version=version, key="k")


def test_two_people_may_use_the_same_key(house: House) -> None:
    matter = a_matter(house, "handling")
    for person in (house.officer, house.chief):
        assert not apply(matter, commands.Log(text="一句"), by=person, key="k").replayed


def test_a_report_is_made_once_for_its_key(house: House) -> None:
    ask = {"by": house.desk, "title": "路灯不亮", "place": Place("建设路18号"), "key": "r1"}
    first = report_matter(house.station, **ask)
    assert report_matter(house.station, **ask).matter_id == first.matter_id
    assert Matter.objects.count() == 1
    with pytest.raises(Refused, match="key_reused"):
        report_matter(house.station, **{**ask, "title": "井盖缺失"})


def test_numbers_run_by_station_and_year(house: House) -> None:
    numbers = [a_matter(house).number for _ in range(3)]
    year = timezone.localdate().year
    assert numbers == [f"XH-{year}-{number:06d}" for number in (1, 2, 3)]


@pytest.mark.parametrize("field", ["title", "place", "reason", "text"])
def test_words_that_identify_a_person_are_refused(house: House, field: str) -> None:
    bad = "找张某 13812345678"
    matter = a_matter(house, "handling")
    before = Event.objects.count()
    attempts = {
        "title": lambda: report_matter(house.station, by=house.desk, title=bad),
        "place": lambda: report_matter(house.station, by=house.desk, title="噪声", place=Place(bad)),
        "reason": lambda: apply(matter, commands.Return(reason=bad), by=house.officer),
        "text": lambda: apply(matter, commands.Log(text=bad), by=house.officer),
    }
    with pytest.raises(Refused, match="personal"):
        attempts[field]()
    assert Event.objects.count() == before


def test_events_hold_hashes_and_never_words(house: House) -> None:
    done = report_matter(
        house.station, by=house.desk, title="楼道堆物", description="三楼的人总在吵", place=Place("和平里3号楼")
    )
    apply(done.matter_id, commands.Log(text="已联系管理方"), by=house.desk)
    payloads = "".join(Event.objects.values_list("payload", flat=True))
    for words in ("楼道堆物", "三楼", "和平里", "管理方"):
        assert words not in payloads
    assert set(Text.objects.values_list("kind", flat=True)) == {"title", "description", "text"}


def test_evidence_is_kept_with_its_command(house: House) -> None:
    matter = a_matter(house, "handling")
    apply(matter, commands.Submit(outcome="fixed", text="已清理"), by=house.officer, uploads=[photo()])
    piece = Evidence.objects.get(matter=matter)
    event = Event.objects.get(subject_id=matter.pk, kind="matter.submitted")
    assert json.loads(event.payload)["facts"]["evidence"] == [piece.sha256]


def test_a_broken_file_leaves_nothing_done(house: House) -> None:
    matter = a_matter(house, "handling")
    bad = SimpleUploadedFile("a.jpg", b"not a picture", "image/jpeg")
    with pytest.raises(Refused, match="file_type"):
        apply(matter, commands.Submit(outcome="fixed", text="已清理"), by=house.officer, uploads=[bad])
    matter.refresh_from_db()
    assert matter.state == "handling"


def test_merging_moves_the_duty_to_answer_and_can_be_undone(house: House) -> None:
    root, matter = a_matter(house, "handling"), a_matter(house, "reported")
    apply(matter, commands.Merge(root=root.pk), by=house.desk)
    matter.refresh_from_db()
    assert (matter.state, matter.outcome, matter.root_id) == ("closed", "duplicate", root.pk)
    assert events(root)[-1] == "matter.joined"
    with pytest.raises(Refused, match="merge_closed"):
        apply(a_matter(house), commands.Merge(root=matter.pk), by=house.desk)
    with pytest.raises(Refused, match="merge_itself"):
        apply(root, commands.Merge(root=root.pk), by=house.desk)
    apply(matter, commands.Unmerge(reason="不是一回事"), by=house.desk)
    matter.refresh_from_db()
    assert (matter.state, matter.root_id) == ("reported", None)


def test_a_transfer_stands_in_both_chains_and_each_quotes_the_others_head(house: House) -> None:
    other = a_station("DJ", "东街派出所", house.station.bureau)
    matter = a_matter(house, "assessed")
    apply(matter, commands.Transfer(station=other.station.pk, reason="地点在东街"), by=house.chief)
    matter.refresh_from_db()
    assert (matter.station_id, matter.state) == (other.station.pk, "assessed")
    assert matter.responsible_unit_id == other.units["desk"].pk
    left, came = Event.objects.get(kind="matter.left"), Event.objects.get(kind="matter.transferred")
    assert (left.station_id, came.station_id) == (house.station.pk, other.station.pk)
    assert json.loads(left.payload)["left"]["head"] == came.prev_hash
    assert json.loads(came.payload)["facts"]["head"] == left.prev_hash
    with pytest.raises(Refused):
        apply(matter, commands.Push(unit=house.patrol.pk), by=house.desk)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (lambda own, far: commands.Push(unit=far.patrol.pk), "unit_elsewhere"),
        (lambda own, far: commands.Push(unit=own.patrol.pk, person=far.officer.pk), "person_elsewhere"),
        (lambda own, far: commands.Refer(agency=far.agency.pk, reason="r"), "agency_unknown"),
        (lambda own, far: commands.Merge(root=999_999), "root_unknown"),
        (lambda own, far: commands.Reassess(category="no.such", grade=2, reason="r"), "unknown_category"),
    ],
)
def test_what_a_command_points_to_must_be_the_stations_own(house: House, command, code: str) -> None:
    far = a_station("QT", "别处派出所")
    matter = a_matter(house, "assessed")
    with pytest.raises(Refused) as refused:
        apply(matter, command(house, far), by=house.desk)
    assert refused.value.code == code


def test_nobody_of_another_station_may_do_anything(house: House) -> None:
    far = a_station("QT", "别处派出所")
    with pytest.raises(Refused, match="not_found"):
        apply(a_matter(house), commands.Log(text="一句"), by=far.chief)


def test_a_suspension_ends_by_itself_at_its_date(house: House) -> None:
    matter = a_matter(house, "handling")
    until = timezone.now() + timedelta(days=2)
    apply(matter, commands.Suspend(until=until, reason="等待配件"), by=house.deputy)
    matter.refresh_from_db()
    assert (matter.state, matter.next_due) == ("suspended", until)
    assert worker.run_due() == 0
    apply(matter, commands.Resume(), by=None, now=until)
    matter.refresh_from_db()
    assert matter.state == "handling"
    assert Suspension.objects.get().ended_at == until
    assert worker.run_due(until + timedelta(minutes=1)) == 1


def test_every_hop_is_an_assignment_with_its_end(house: House) -> None:
    matter = a_matter(house, "pushed")
    apply(matter, commands.Return(reason="不属本组"), by=house.officer)
    give(house, matter, "push", unit=house.units["fire"])
    ended, open_one = Assignment.objects.filter(matter=matter).order_by("pk")
    assert (ended.ended_by, ended.unit_id) == ("returned", house.patrol.pk)
    assert (open_one.unit_id, open_one.ended_at) == (house.units["fire"].pk, None)


def test_a_party_is_sealed_revealed_to_those_who_work_on_it_and_removed_on_withdrawal(house: House) -> None:
    done = report_matter(
        house.station, by=house.desk, title="邻里纠纷", parties=[PartyInput("reporter", "王建国", "13812345678")]
    )
    matter, party = Matter.objects.get(pk=done.matter_id), Party.objects.get()
    assert "王建国".encode() not in bytes(party.name_sealed or b"")
    assert reveal_party(matter, party.pk, "contact", reason="call_back", by=house.desk) == "13812345678"
    for person in (house.officer, house.analyst, house.auditor, house.administrator, a_station("QT", "别处").chief):
        with pytest.raises(Refused, match="not_allowed"):
            reveal_party(matter, party.pk, "name", reason="visit", by=person)
    apply(matter, commands.Withdraw(reason="报告人撤回"), by=house.desk)
    with pytest.raises(Refused, match="purged"):
        reveal_party(matter, party.pk, "name", reason="visit", by=house.desk)


def test_a_report_finds_its_area_from_its_point(house: House) -> None:
    assert house.area
    ring = [[117.0, 37.0], [117.1, 37.0], [117.1, 37.1], [117.0, 37.1], [117.0, 37.0]]
    from jishi.stations.actions import save_area

    house.area.polygon = {"type": "Polygon", "coordinates": [ring]}
    save_area(house.area)
    done = report_matter(house.station, by=house.desk, title="路灯不亮", place=Place("x", lon=117.05, lat=37.05))
    matter = Matter.objects.get(pk=done.matter_id)
    assert matter.area_id == house.area.pk
    assert matter.cell
    with pytest.raises(Refused, match="bad_point"):
        report_matter(house.station, by=house.desk, title="路灯不亮", place=Place("x", lon=200.0, lat=37.05))
