"""Printed labels: giving a thing its code, and replacing one that was taken or copied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from secrets import choice

from django.db import transaction

from jishi.base.errors import Refused
from jishi.matters.loop import LEADERS
from jishi.register.models import Element, Status
from jishi.stations.models import Staff
from jishi.stations.queries import access_of
from jishi.window.models import Label
from jishi.window.secrets import SIGNS

LENGTH = 10
MOST = 96
#: Who prints labels: whoever walks the ground.
LABEL_ROLES = frozenset({"desk", "officer", "auxiliary"}) | LEADERS


def labels_for(elements: Sequence[Element], *, by: Staff, now: datetime) -> dict[int, str]:
    """The code of each of these elements, made where it has none.

    Raises ``Refused``: ``not_allowed``, ``too_many_labels``, ``element_closed``.
    """
    _check(elements, by)
    with transaction.atomic():
        found = _tokens(elements)
        missing = [element for element in elements if element.pk not in found]
        rows = [Label(element=element, token=_token(), made_by=by, made_at=now) for element in missing]
        Label.objects.bulk_create(rows, ignore_conflicts=True)
        return _tokens(elements)


def replace_label(element: Element, *, by: Staff, now: datetime) -> str:
    """Revoke the code of an element and give it a new one.  Raises as ``labels_for`` does."""
    _check([element], by)
    with transaction.atomic():
        Label.objects.filter(element=element, revoked_at=None).update(revoked_at=now)
        return labels_for([element], by=by, now=now)[element.pk]


def may_print(by: Staff, station_id: int) -> bool:
    """Whether this person prints labels of a station."""
    return bool(access_of(by).roles(station_id) & LABEL_ROLES)


def _check(elements: Sequence[Element], by: Staff) -> None:
    if len(elements) > MOST:
        raise Refused("too_many_labels", most=MOST)
    for element in elements:
        if not may_print(by, element.station_id):
            raise Refused("not_allowed", command="label")
        if element.status != Status.ACTIVE:
            raise Refused("label_closed", number=element.number)


def _tokens(elements: Sequence[Element]) -> dict[int, str]:
    rows = Label.objects.filter(element__in=[element.pk for element in elements], revoked_at=None)
    return dict(rows.values_list("element_id", "token"))


def _token() -> str:
    return "".join(choice(SIGNS) for _sign in range(LENGTH))
