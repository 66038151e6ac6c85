"""Search by number, place, title and category, in the same way on both databases."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from jishi.matters import catalogue
from jishi.matters.actions import report_matter
from jishi.matters.models import Matter
from jishi.matters.queries import listing, read_filters
from jishi.matters.queries.searching import words_of
from jishi.matters.tests import factory as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    house = make.a_station()
    for title, place, category in (
        ("疏散通道堆物", "和平里3号楼", "nuisance.noise"),
        ("房东租客争执", "建设路18号", "dispute.rent"),
        ("Broken lamp post", "Heping Road 3", "public.light"),
    ):
        make.a_matter(house, "assessed", title=title, place=place, category=category)
    return house


def found(house, text, **more):
    query = QueryDict(mutable=True)
    query.update({"q": text, **more})
    page = listing.page(house.desk, house.station.pk, read_filters(query), query, timezone.now())
    assert page.count == len(page.rows)
    return [row["title"] for row in page.rows]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("通道", ["疏散通道堆物"]),
        ("疏散通道", ["疏散通道堆物"]),
        ("和平里3号楼", ["疏散通道堆物"]),
        ("通道 和平", ["疏散通道堆物"]),
        ("通道 建设", []),
        ("lamp", ["Broken lamp post"]),
        ("LAM", ["Broken lamp post"]),
        ("lamppost", []),
        ("房", ["房东租客争执"]),
        ("XH-2026-000002", ["房东租客争执"]),
        ("xh-2026-0000", ["Broken lamp post", "房东租客争执", "疏散通道堆物"]),
        ("XH-2026-00", ["Broken lamp post", "房东租客争执", "疏散通道堆物"]),
        ("XH-2025-000002", []),
        ("租赁纠纷", ["房东租客争执"]),
        ("矛盾", ["房东租客争执"]),
        ("street light", ["Broken lamp post"]),
        ("！？", []),
        ("'; \" * OR 1=1 --", []),
    ],
)
def test_text_finds(house, text, titles):
    year = Matter.objects.values_list("number", flat=True).first().split("-")[1]
    category = catalogue.categories()["public.light"].name_en
    text = text.replace("street light", category).replace("2026", year).replace("2025", str(int(year) - 1))
    assert found(house, text) == titles


def test_text_and_filters_narrow_each_other(house):
    assert found(house, "和平", category="nuisance") == ["疏散通道堆物"]
    assert found(house, "和平", category="public") == []
    assert found(house, "和平", open="1") == ["疏散通道堆物"]


def test_the_index_follows_title_category_and_station(house):
    matter = Matter.objects.get(title="房东租客争执")
    Matter.objects.filter(pk=matter.pk).update(category="traffic.parking", grams="门口 占道")
    assert found(house, "房东") == []
    assert found(house, "占道") == ["房东租客争执"]
    other = make.a_station("DH", "东湖派出所", bureau=house.station.bureau)
    Matter.objects.filter(pk=matter.pk).update(station=other.station)
    assert found(house, "占道") == []
    assert found(other, "占道") == ["房东租客争执"]


def test_other_stations_are_not_searched(house):
    other = make.a_station("DH", "东湖派出所", bureau=house.station.bureau)
    make.a_matter(other, title="东湖边疏散通道堆物")
    assert found(house, "通道") == ["疏散通道堆物"]
    assert found(other, "通道") == ["东湖边疏散通道堆物"]


def test_short_beginnings_are_whole_words():
    assert [word.begins for word in words_of("3 ab abc 消 消防")] == [False, False, True, True, False]
    assert words_of("XH-2026-00")[0].terms == ("xh", "2026")
    assert words_of("") == []


def test_what_reporters_wrote_is_not_searched(house):
    report_matter(house.station, by=house.desk, title="噪声", description="独一无二的描述")
    assert found(house, "独一无二") == []
