"""What of the window goes with a matter whose time is over: its receipts open nothing any more, their letters are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from jishi import privacy
from jishi.privacy.purge import Part, register_part
from jishi.window.actions import own
from jishi.window.models import Letter, Receipt


def count_receipts(matter_ids: Sequence[int]) -> Counter[int]:
    """How many receipts of each of these matters still open something."""
    return Counter(Receipt.objects.filter(matter__in=matter_ids, purged_at=None).values_list("matter", flat=True))


def shred_receipts(matter_ids: Sequence[int], now: datetime) -> None:
    """Let the receipts of these matters open nothing, and delete what was left with them."""
    rows = Receipt.objects.filter(matter__in=matter_ids)
    ids = list(rows.values_list("pk", flat=True))
    Letter.objects.filter(receipt__in=ids).delete()
    rows.update(reach_sealed=None, consent="")
    rows.filter(purged_at=None).update(secret_hash="", purged_at=now)
    privacy.destroy_keys([(own.SUBJECT, pk) for pk in ids])


register_part(Part("matter", "receipt", _("receipts and letters"), count_receipts, shred_receipts))
