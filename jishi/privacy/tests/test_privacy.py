"""Sealed values, the log of what was opened, and what counts as personal."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from jishi import privacy
from jishi.base.errors import Refused
from jishi.privacy.models import Reveal, SubjectKey
from jishi.privacy.reveals import reveals_of

SUBJECT = ("matter", 1)


@pytest.mark.django_db
def test_what_is_sealed_opens_for_its_slot_only() -> None:
    sealed = privacy.seal(SUBJECT, "a", "王建国")
    assert privacy.open_sealed(SUBJECT, "a", sealed) == "王建国"
    assert "王建国".encode() not in sealed
    for subject, slot in ((SUBJECT, "b"), (("matter", 2), "a")):
        with pytest.raises(privacy.Unreadable):
            privacy.open_sealed(subject, slot, sealed)
    with pytest.raises(privacy.Unreadable):
        privacy.open_sealed(SUBJECT, "a", sealed[:-1] + bytes([sealed[-1] ^ 1]))


@pytest.mark.django_db
def test_equal_values_are_sealed_unequally() -> None:
    assert privacy.seal(SUBJECT, "a", "x") != privacy.seal(SUBJECT, "a", "x")


@pytest.mark.django_db
def test_without_its_key_a_value_is_gone() -> None:
    sealed = privacy.seal(SUBJECT, "a", "x")
    assert privacy.destroy_keys([SUBJECT]) == 1
    assert not SubjectKey.objects.exists()
    with pytest.raises(privacy.Unreadable):
        privacy.open_sealed(SUBJECT, "a", sealed)


@pytest.mark.django_db
def test_a_reveal_is_logged_with_a_code_and_cannot_be_undone() -> None:
    privacy.reveal(SUBJECT, "party:1:name", reason="visit", by=3)
    with pytest.raises(Refused, match="reveal_reason"):
        privacy.reveal(SUBJECT, "party:1:name", reason="because I like", by=3)
    assert [(row.slot, row.reason, row.staff_id) for row in reveals_of(SUBJECT)] == [("party:1:name", "visit", 3)]
    for change in (lambda: Reveal.objects.update(staff_id=4), lambda: Reveal.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_hash_is_salted() -> None:
    (salt, digest), (other, again) = privacy.salted_hash("x"), privacy.salted_hash("x")
    assert digest == privacy.salted_digest(salt, "x")
    assert salt != other
    assert digest != again


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("身份证11010519491231002X", "id_number"),
        ("身份证１１０１０５１９４９１２３１００２Ｘ", "id_number"),
        ("电话13812345678请回", "mobile"),
        ("+86 138 1234 5678", "mobile"),
        ("京A12345堵门", "plate"),
        ("沪AD12345", "plate"),
        ("写信给 a.b@example.com", "email"),
    ],
)
def test_what_identifies_a_person_is_found(text: str, kind: str) -> None:
    kinds = {finding.kind for finding in privacy.find_personal(text)}
    assert kind in kinds
    with pytest.raises(Refused, match="personal"):
        privacy.refuse_personal(text, "title")
    assert not privacy.find_personal(privacy.mask_personal(text))


@pytest.mark.parametrize(
    "text",
    ["和平里3号楼2单元", "XH-2026-000123", "2026-11-24 14:30", "建设路1234号", "110105194912310021", "面积12000平方米"],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert privacy.find_personal(text) == []
    assert privacy.mask_personal(text) == text


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("姓名", "name"), ("报警人", "name"), ("caller_name", "name"), ("手机号", "phone"), ("联系电话", "phone"),
        ("phone", "phone"), ("身份证号", "id_number"), ("id card", "id_number"), ("E-mail", "email"), ("车牌号", "plate"),  # noqa: E501
        ("licensePlate", "plate"), ("民族", "trait"),
    ],
)  # fmt: skip
def test_personal_columns_are_known(column: str, kind: str) -> None:
    assert privacy.looks_personal_column(column) == kind


@pytest.mark.parametrize(
    "column",
    [
        "SUBJECT", "REASON", "TYPE", "CASE_TITLE", "Department", "LOCATION_BLOCK", "Property_Type", "police_district",
        "neighborhood", "Source", "street_name", "station name", "地址", "类别", "处置单位", "报警时间", "QUEUE", "ward",  # noqa: E501
    ],
)  # fmt: skip
def test_columns_about_the_matter_are_kept(column: str) -> None:
    assert privacy.looks_personal_column(column, ["路灯不亮", "和平里3号楼"]) is None


def test_a_column_with_an_innocent_name_is_known_by_its_values() -> None:
    assert privacy.looks_personal_column("备注1", [f"1381234{number:04d}" for number in range(30)]) == "phone"


@pytest.mark.parametrize(
    "name", ["信访", "宗教场所管理", "党建", "少数民族", "Petition", "political affairs", "上访人员", "重点人口"]
)
def test_categories_outside_the_law_are_known(name: str) -> None:
    assert privacy.outside_law(name)


@pytest.mark.parametrize(
    "name", ["消防安全", "Street Lights", "征集会场地", "fire.exit", "third party contractor", "Notification"]
)
def test_other_categories_are_kept(name: str) -> None:
    assert not privacy.outside_law(name)
