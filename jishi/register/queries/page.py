"""What an element's page shows: its history, its links, its parts, its verifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jishi.register.models import (
    BuildingVisit,
    Change,
    Contact,
    Element,
    Link,
    Part,
    PopulationCount,
    Verification,
)

MOST = 50


@dataclass(frozen=True, slots=True)
class Facts:
    """All that hangs on one element, and on those merged into it."""

    links: list[Link]
    parts: list[Part]
    verifications: list[Verification]
    contacts: list[Contact]
    counts: list[PopulationCount]
    visits: list[BuildingVisit]
    merged: list[Element]


def page_facts(element: Element) -> Facts:
    """What hangs on an element."""
    merged = list(Element.objects.filter(merged_into=element).order_by("pk"))
    ids = [element.pk, *(row.pk for row in merged)]
    links = Link.objects.filter(Q(a__in=ids) | Q(b__in=ids)).select_related("a__category", "b__category")
    return Facts(
        links=list(links.order_by("kind", "pk")),
        parts=list(Part.objects.filter(element__in=ids, active=True).order_by("due_at", "pk")),
        verifications=list(
            Verification.objects.filter(element__in=ids).select_related("by", "part", "photo").order_by("-at")[:MOST]
        ),
        contacts=list(Contact.objects.filter(element=element, purged_at=None).order_by("role")),
        counts=list(PopulationCount.objects.filter(element__in=ids).order_by("-date")[:MOST]),
        visits=list(BuildingVisit.objects.filter(element__in=ids).order_by("-at")[:MOST]),
        merged=merged,
    )


def history_of(element: Element, most: int = 200) -> list[dict[str, Any]]:
    """The steps of an element's history, the newest first: what, when, by whom, from which source."""
    rows = Change.objects.filter(element=element).order_by("-version")[:most]
    names = ("version", "kind", "fields", "at", "recorded_at", "by__name", "source", "source_date")
    return [dict(zip(names, row, strict=True)) for row in rows.values_list(*names)]
