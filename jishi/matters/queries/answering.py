"""What the desk's answer to a reporter may say of a matter: nothing of a person, the place down to its building."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from jishi.matters import catalogue
from jishi.matters.models import Assignment, Matter
from jishi.matters.outside import place_outside
from jishi.stations.queries import zone_of

_WHERE = {"zh": "您所说的地方", "en": "the place that you named"}


def answer_facts(matter_id: int) -> dict[str, dict[str, str]]:
    """What stands for the placeholders of an answer, by language: number, category, place and so on."""
    row = Matter.objects.select_related("station").get(pk=matter_id)
    category = catalogue.categories().get(row.category_id or "")
    hops = Assignment.objects.filter(matter=matter_id).order_by("-pk")
    unit = hops.values_list("unit__name", flat=True).first() or row.station.name
    day = row.reported_at.astimezone(ZoneInfo(zone_of(row.station)))
    place = place_outside(row.place_name)
    same = {"number": row.number, "unit": unit, "station": row.station.name,
            "days": str(catalogue.policy().limits["dispute_days"])}  # fmt: skip
    return {
        "zh": {**same, "category": category.name_zh if category else "", "place": place or _WHERE["zh"],
               "reported": f"{day.month}月{day.day}日"},
        "en": {**same, "category": category.name_en if category else "", "place": place or _WHERE["en"],
               "reported": f"{day:%-d %B}"},
    }  # fmt: skip
