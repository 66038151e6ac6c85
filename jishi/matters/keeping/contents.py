"""What goes when the time of a matter is over, and the shredders that do it.

Parts of a matter go with it in one transaction; what was asked for in a review and the remarks of a handover have a
time of their own.  Rooms above hang their parts on ``"matter"`` by ``privacy.purge.register_part``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jishi.base.grams import grams_of
from jishi.files import actions as files
from jishi.matters import catalogue
from jishi.matters.actions.parties import count_parties, purge_parties
from jishi.matters.events import SUBJECT
from jishi.matters.keeping.noting import note_many
from jishi.matters.keeping.over import find_held, find_over, kept_of, still_over
from jishi.matters.models import Handover, HandoverState, Hold, Matter, PlanItem, Publication, PublishedPhoto, Text
from jishi.notify.actions import count_about, delete_about
from jishi.privacy.purge import Part, Shredder, register, register_part

Ids = Sequence[int]


def _count_texts(ids: Ids) -> Counter[int]:
    return Counter(Text.objects.filter(matter__in=ids, purged_at=None).values_list("matter", flat=True))


def _shred_texts(ids: Ids, now: datetime) -> None:
    Text.objects.filter(matter__in=ids, purged_at=None).update(body="", salt="", purged_at=now)


def _count_files(ids: Ids) -> Counter[int]:
    return files.count_of(SUBJECT, ids)


def _shred_files(ids: Ids, now: datetime) -> None:
    PublishedPhoto.objects.filter(matter__in=ids, ended_at=None).update(ended_at=now)
    files.purge_of(SUBJECT, ids, now)


def _count_publications(ids: Ids) -> Counter[int]:
    return Counter(Publication.objects.filter(matter__in=ids, purged_at=None).values_list("matter", flat=True))


def _shred_publications(ids: Ids, now: datetime) -> None:
    rows = Publication.objects.filter(matter__in=ids)
    rows.filter(ended_at=None).update(ended_at=now)
    rows.filter(purged_at=None).update(body="", salt="", purged_at=now)


def _count_holds(ids: Ids) -> Counter[int]:
    rows = Hold.objects.filter(matter__in=ids, purged_at=None).exclude(lifted_at=None)
    return Counter(rows.values_list("matter", flat=True))


def _shred_holds(ids: Ids, now: datetime) -> None:
    rows = Hold.objects.filter(matter__in=ids, purged_at=None).exclude(lifted_at=None)
    rows.update(reason="", salt="", purged_at=now)


def _count_told(ids: Ids) -> Counter[int]:
    return count_about(SUBJECT, ids)


def _shred_told(ids: Ids, _now: datetime) -> None:
    delete_about(SUBJECT, ids)


def _shred_matters(ids: Ids, now: datetime) -> None:
    """The row keeps its number, codes, times, area and cell: no word, no exact point, nothing to be found by."""
    rows = list(Matter.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "station_id", "number"))
    for pk, _station, number in rows:
        Matter.objects.filter(pk=pk).update(
            title="", place_name="", lon=None, lat=None, grams=grams_of(number, "", ""), published=False, purged_at=now
        )
    for station in sorted({row[1] for row in rows}):
        here = [pk for pk, its_station, _number in rows if its_station == station]
        note_many(here, station, "purged", None, now, {pk: {} for pk in here})


def _tidy_search() -> None:
    """SQLite's full-text index marks what was taken out of it; merged into one piece it holds those words no longer."""
    if connection.vendor == "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO matters_search (matters_search) VALUES ('optimize')")


def _find_items(now: datetime) -> Iterator[tuple[int, int]]:
    """What is done of what a review asked for, once the matter's time is over; what is open keeps its words."""
    rows = PlanItem.objects.filter(purged_at=None).exclude(done_at=None).values_list("pk", "run__matter")
    items = dict(rows)
    kept = kept_of(sorted(set(items.values())))
    return ((pk, kept[matter].station) for pk, matter in items.items() if kept[matter].purged or kept[matter].over(now))


def _lock_items(ids: Ids, now: datetime) -> list[int]:
    rows = PlanItem.objects.select_for_update().filter(pk__in=ids, purged_at=None).exclude(done_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _shred_items(ids: Ids, now: datetime) -> None:
    PlanItem.objects.filter(pk__in=ids).update(body="", salt="", purged_at=now)


def _remarks(now: datetime) -> Q:
    end = now - timedelta(days=catalogue.policy().keeps["default"])
    return ~Q(note="") & ~Q(state=HandoverState.WAITING) & Q(until__lte=end)


def _find_remarks(now: datetime) -> Iterator[tuple[int, int]]:
    return Handover.objects.filter(_remarks(now)).values_list("pk", "station").iterator()


def _lock_remarks(ids: Ids, now: datetime) -> list[int]:
    rows = Handover.objects.select_for_update().filter(_remarks(now), pk__in=ids)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _shred_remarks(ids: Ids, now: datetime) -> None:
    Handover.objects.filter(pk__in=ids).update(note="")


register(
    Shredder(
        "matter", _("matters (title, place, exact point, search)"), find_over, still_over, _shred_matters, find_held,
        _tidy_search,
    )
)  # fmt: skip
register_part(Part("matter", "party", _("parties"), count_parties, purge_parties))
register_part(Part("matter", "text", _("words"), _count_texts, _shred_texts))
register_part(Part("matter", "file", _("photos and papers"), _count_files, _shred_files))
register_part(Part("matter", "publication", _("published words"), _count_publications, _shred_publications))
register_part(Part("matter", "hold", _("reasons of lifted holds"), _count_holds, _shred_holds))
register_part(Part("matter", "delivery", _("notices, and to whom they went"), _count_told, _shred_told))
register(Shredder("plan_item", _("points of reviews"), _find_items, _lock_items, _shred_items))
register(Shredder("remark", _("remarks of handovers"), _find_remarks, _lock_remarks, _shred_remarks))
