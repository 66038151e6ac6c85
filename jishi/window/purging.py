"""What the window keeps for a time only: receipts go with their matter, what was thrown away after its days, and the
appointments of days that are over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from jishi.privacy import destroy_keys
from jishi.privacy.purge import Part, Shredder, register, register_part
from jishi.window.actions.appointments import days_over, forget_days
from jishi.window.actions.held import purge_thrown, thrown_before
from jishi.window.models import Appointment, Held, Letter, Receipt

Ids = Sequence[int]


def _count_receipts(ids: Ids) -> Counter[int]:
    rows = Receipt.objects.filter(matter__in=ids, purged_at=None)
    return Counter(rows.values_list("matter_id", flat=True))


def _shred_receipts(ids: Ids, now: datetime) -> None:
    """What is left opens nothing: that there was a receipt, of which kind, and since when."""
    rows = Receipt.objects.filter(matter__in=ids, purged_at=None)
    destroy_keys(("receipt", pk) for pk in rows.values_list("pk", flat=True))
    rows.update(secret_hash="", party=None, reach_sealed=None, consent="", purged_at=now)


def _count_letters(ids: Ids) -> Counter[int]:
    rows = Letter.objects.filter(receipt__matter__in=ids)
    return Counter(rows.values_list("receipt__matter_id", flat=True))


def _shred_letters(ids: Ids, _now: datetime) -> None:
    rows = Letter.objects.filter(receipt__matter__in=ids)
    destroy_keys(("letter", pk) for pk in rows.values_list("pk", flat=True))
    rows.delete()


def _find_thrown(now: datetime) -> Iterator[tuple[int, int]]:
    return thrown_before(now).values_list("pk", "station").iterator()


def _lock_thrown(ids: Ids, now: datetime) -> list[int]:
    rows: list[Held] = list(thrown_before(now).select_for_update().filter(pk__in=ids).order_by("pk"))
    return [row.pk for row in rows]


def _shred_thrown(_ids: Ids, now: datetime) -> None:
    purge_thrown(now)


def _find_appointments(now: datetime) -> Iterator[tuple[int, int]]:
    for station, days in days_over(now):
        rows = Appointment.objects.filter(station=station, day__in=days)
        yield from ((pk, station.pk) for pk in rows.values_list("pk", flat=True))


def _lock_appointments(ids: Ids, _now: datetime) -> list[int]:
    return list(Appointment.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))


def _shred_days(_ids: Ids, now: datetime) -> None:
    forget_days(now)


register_part(Part("matter", "receipt", _("receipts"), _count_receipts, _shred_receipts))
register_part(Part("matter", "letter", _("letters to holders of receipts"), _count_letters, _shred_letters))
register(Shredder("held", _("reports that were thrown away"), _find_thrown, _lock_thrown, _shred_thrown))
register(
    Shredder(
        "appointment", _("appointments of days that are over"), _find_appointments, _lock_appointments, _shred_days
    )
)
