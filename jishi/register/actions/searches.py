"""Looking through a station's register for pairs that look alike, in the background; what was decided stays decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from time import monotonic
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from jishi.jobs.actions import enqueue
from jishi.register.actions.pairs import mark_duplicates
from jishi.register.likeness import Record, find_pairs
from jishi.register.models import DuplicatePair, Element, PairSearch
from jishi.register.roles import require
from jishi.stations.models import Staff, Station

FIND_JOB = "register.find_pairs"
CHUNK = 300
_TELL_EVERY = 1.0  # seconds between two signs of how far it has come

Key = tuple[int, int]
Likeness = tuple[int, list[str]]
Item = TypeVar("Item")


@transaction.atomic
def ask_for_pairs(station: Station, *, by: Staff | None, now: datetime | None = None) -> None:
    """Have the register of a station looked through; asked for twice, it is done once.  Raises ``Refused``."""
    require(by, station.pk, "merge")
    asked = {"asked_at": now or timezone.now(), "began_at": None, "ended_at": None, "elements": 0, "found": 0}
    PairSearch.objects.update_or_create(station=station, defaults=asked)
    enqueue(FIND_JOB, {"station": station.pk}, dedupe_key=f"{FIND_JOB}:{station.pk}", station=station.pk)


def search_pairs(station_id: int) -> int:
    """Find the pairs of a station and write them down; returns how many there are.  Not inside a transaction."""
    now = timezone.now()
    elements = Element.objects.filter(station=station_id, status="active")
    total = elements.count()
    with transaction.atomic():
        begun = {"began_at": now, "ended_at": None, "elements": total, "found": 0}
        PairSearch.objects.update_or_create(
            station_id=station_id, defaults=begun, create_defaults={**begun, "asked_at": now}
        )
    found: dict[Key, Likeness] = {}
    told = monotonic()
    for pair in find_pairs(_records(station_id)):
        a, b = sorted((int(str(pair.a)), int(str(pair.b))))
        found[a, b] = (round(pair.score * 100), list(pair.reasons))
        if monotonic() - told > _TELL_EVERY:
            told = monotonic()
            _tell(station_id, found=len(found))
    write_pairs(station_id, found)
    _tell(station_id, found=len(found), ended_at=timezone.now())
    return len(found)


def write_pairs(station_id: int, found: dict[Key, Likeness]) -> None:
    """Keep the open pairs in step with what was found: new ones come, those no longer alike go, decided ones stay."""
    rows = DuplicatePair.objects.filter(station=station_id)
    known = {(a, b): rest for a, b, *rest in rows.values_list("a", "b", "pk", "status", "score", "reasons")}
    new = [(key, likeness) for key, likeness in found.items() if key not in known]
    gone = [
        (key, pk)
        for key, (pk, status, _score, _reasons) in known.items()
        if status == DuplicatePair.Status.OPEN and key not in found
    ]
    other = [
        DuplicatePair(pk=known[key][0], score=score, reasons=reasons)
        for key, (score, reasons) in found.items()
        if key in known and known[key][1] == DuplicatePair.Status.OPEN and known[key][2:] != [score, reasons]
    ]
    for part in _parts(new):
        with transaction.atomic():
            there = _standing({pk for key, _likeness in part for pk in key})
            pairs = [
                DuplicatePair(station_id=station_id, a_id=a, b_id=b, score=score, reasons=reasons)
                for (a, b), (score, reasons) in part
                if a in there and b in there
            ]
            DuplicatePair.objects.bulk_create(pairs, ignore_conflicts=True)
            mark_duplicates(sorted({pk for pair in pairs for pk in (pair.a_id, pair.b_id)}))
    for dropped in _parts(gone):
        with transaction.atomic():
            DuplicatePair.objects.filter(pk__in=[pk for _key, pk in dropped], status=DuplicatePair.Status.OPEN).delete()
            mark_duplicates(sorted({pk for key, _pair in dropped for pk in key}))
    with transaction.atomic():
        DuplicatePair.objects.bulk_update(other, ["score", "reasons"], batch_size=CHUNK)


def _records(station_id: int) -> Iterator[Record]:
    rows = Element.objects.filter(station=station_id, status="active").order_by("pk")
    columns = ("pk", "name", "address", "lon", "lat", "category_id", "category__family")
    for row in rows.values_list(*columns).iterator(chunk_size=2_000):
        yield Record(*row)


def _standing(ids: set[int]) -> set[int]:
    return set(Element.objects.filter(pk__in=ids, status="active").values_list("pk", flat=True))


def _tell(station_id: int, **values: object) -> None:
    with transaction.atomic():
        PairSearch.objects.filter(station=station_id).update(**values)


def _parts(items: list[Item]) -> Iterable[list[Item]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
