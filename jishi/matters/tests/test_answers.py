"""What the desk may begin its answer with: what fits the outcome and the category, its placeholders filled."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import translation

from jishi.matters import answers
from jishi.matters.queries.answering import answer_facts
from jishi.matters.tests.factory import a_matter, a_station

pytestmark = pytest.mark.django_db


def test_those_for_the_category_come_first_and_the_readers_language_before_the_other():
    matter = a_matter(a_station(), "checked", category="public.light", place="和平里3号楼2单元501室")
    with translation.override("en"):
        found = answers.fitting("fixed", "public.light", answer_facts(matter.pk))
    assert [each.name for each in found] == ["Repaired", "Mended", "Repaired · 中文", "Mended · 中文"]
    assert matter.number in found[0].text
    assert "和平里3号楼" in found[0].text
    assert "501" not in found[0].text
    assert "7 days" in found[0].text
    assert not re.search(r"[{}]", "".join(each.text for each in found))


def test_an_outcome_has_no_answer_of_another():
    facts = answer_facts(a_matter(a_station(), "checked").pk)
    with translation.override("zh-hans"):
        assert [each.name for each in answers.fitting("no_action", "dispute.rent", facts)] == [
            "无需处置", "无需处置 · English",
        ]  # fmt: skip


def test_what_is_not_known_stays_to_be_seen():
    assert answers.filled("{number} {odd}", {"number": "XH-1"}) == "XH-1 {odd}"


def test_the_desk_is_offered_them(client):
    house = a_station()
    matter = a_matter(house, "checked", category="dispute.rent")
    client.force_login(house.desk)
    page = client.get(reverse("matters:command", args=[matter.number, "answer"])).content.decode()
    assert "已调处" in page
    assert "已由巡逻组到场调处" in page
