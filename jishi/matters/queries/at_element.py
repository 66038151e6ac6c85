"""The matters at an element of the register, and at those that were merged into it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, Q, QuerySet, Value, When

from jishi.matters.models import Matter
from jishi.matters.queries.listing import COLUMNS, Row
from jishi.matters.queries.scope import Someone, visible_matters
from jishi.register.models import Element

MOST = 20


def matters_here(user: Someone, element: Element, most: int = MOST) -> list[Row]:
    """The newest matters of an element, the open ones first, as rows of a list.  One query."""
    rest = Case(When(state="closed", then=Value(1)), default=Value(0))
    rows = _rows(user, element).annotate(rest=rest).order_by("rest", "-reported_at", "-pk")
    return list(rows.values(*COLUMNS)[:most])


def moments_here(user: Someone, element: Element, since: datetime) -> list[datetime]:
    """When the matters of an element were reported.  One query."""
    rows = _rows(user, element).filter(reported_at__gte=since, drill=False).order_by("reported_at")
    return list(rows.values_list("reported_at", flat=True))


def _rows(user: Someone, element: Element) -> QuerySet[Matter]:
    own = Element.objects.filter(Q(pk=element.pk) | Q(merged_into=element.pk)).values("pk")
    return visible_matters(user).filter(element__in=own)
