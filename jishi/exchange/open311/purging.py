"""What Open311 keeps of a matter and what goes with it: addresses of photos, and its numbers in agencies' systems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jishi.exchange.open311.models import Errand, ErrandState, Picture
from jishi.privacy.purge import Part, register_part

Ids = Sequence[int]


def _count_pictures(ids: Ids) -> Counter[int]:
    rows = Picture.objects.filter(receipt__matter__in=ids)
    return Counter(rows.values_list("receipt__matter_id", flat=True))


def _shred_pictures(ids: Ids, _now: datetime) -> None:
    Picture.objects.filter(receipt__matter__in=ids).delete()


def _errands(ids: Ids) -> QuerySet[Errand]:
    return Errand.objects.filter(~Q(token="", remote=""), matter__in=ids)


def _count_errands(ids: Ids) -> Counter[int]:
    return Counter(_errands(ids).values_list("matter_id", flat=True))


def _shred_errands(ids: Ids, _now: datetime) -> None:
    """That an agency was asked, and when, stays; what leads to its own record goes, and nobody asks there again."""
    Errand.objects.filter(matter__in=ids).update(token="", remote="", state=ErrandState.OVER, next_at=None)


register_part(Part("matter", "picture", _("addresses of photos still to be fetched"), _count_pictures, _shred_pictures))
register_part(Part("matter", "errand", _("numbers in agencies' systems"), _count_errands, _shred_errands))
