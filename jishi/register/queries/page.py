"""What an element's page shows: its history, its links, its parts, its verifications."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404

from jishi.files.models import Attachment
from jishi.register.history import SUBJECT
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
from jishi.register.queries.population import is_inside
from jishi.register.queries.scope import Someone, visible_elements

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
    attachments: list[Attachment]


def page_facts(user: Someone, element: Element) -> Facts:
    """What hangs on an element; how many live there is told inside the station alone."""
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
        counts=_counts(user, element, ids),
        visits=list(BuildingVisit.objects.filter(element__in=ids).order_by("-at")[:MOST]),
        merged=merged,
        attachments=list(
            Attachment.objects.filter(subject_kind=SUBJECT, subject_id__in=ids, purged_at=None).order_by("-pk")[:MOST]
        ),
    )


def _counts(user: Someone, element: Element, ids: list[int]) -> list[PopulationCount]:
    rows = PopulationCount.objects.filter(element__in=ids).order_by("-date")
    return list(rows[:MOST]) if is_inside(user, element.station_id) else []


def history_of(element: Element, most: int = 200) -> list[dict[str, Any]]:
    """The steps of an element's history, the newest first: what, when, by whom, from which source."""
    rows = Change.objects.filter(element=element).order_by("-version")[:most]
    names = ("version", "kind", "fields", "at", "recorded_at", "by__name", "source", "source_date")
    return [dict(zip(names, row, strict=True)) for row in rows.values_list(*names)]


def numbers_of(user: Someone, ids: Iterable[int]) -> dict[int, str]:
    """The numbers of the elements of these ids that this person sees; no query where there are none."""
    wanted = list(ids)
    return dict(visible_elements(user).filter(pk__in=wanted).values_list("pk", "number")) if wanted else {}


def link_of(element: Element, pk: int) -> Link:
    """One link of an element, from either side.  Raises ``Http404``."""
    return get_object_or_404(
        Link.objects.select_related("a__station", "b__station"), Q(a=element) | Q(b=element), pk=pk
    )


def part_of(element: Element, pk: int) -> Part:
    """One part of an element.  Raises ``Http404``."""
    return get_object_or_404(Part.objects.select_related("element"), element=element, active=True, pk=pk)


def contact_of(element: Element, pk: int) -> Contact:
    """One contact of an element that was not purged.  Raises ``Http404``."""
    return get_object_or_404(Contact, element=element, purged_at=None, pk=pk)


def attachment_of(element: Element, pk: int) -> Attachment:
    """A photo or paper of an element, or of one merged into it.  Raises ``Http404``."""
    ids = [element.pk, *Element.objects.filter(merged_into=element).values_list("pk", flat=True)]
    return get_object_or_404(Attachment, subject_kind=SUBJECT, subject_id__in=ids, purged_at=None, pk=pk)
