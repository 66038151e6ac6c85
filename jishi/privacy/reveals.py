"""The log of sealed values that were opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jishi.base.errors import Refused
from jishi.privacy.keys import Subject

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jishi.privacy.models import Reveal


def reveal(subject: Subject, slot: str, *, reason: str, by: int) -> None:
    """Log that the member of staff ``by`` opens one value, in the transaction that opens it.

    Whether they may is for the caller to say.  Raises ``Refused("reveal_reason")`` for a reason not on the list.
    """
    from jishi.privacy.models import Reveal

    if reason not in Reveal.Reason.values:
        raise Refused("reveal_reason")
    Reveal.objects.create(subject_kind=subject[0], subject_id=subject[1], slot=slot, staff_id=by, reason=reason)


def reveals_of(subject: Subject) -> QuerySet[Reveal]:
    """What was opened of one subject, the newest first."""
    from jishi.privacy.models import Reveal

    log = Reveal.objects.filter(subject_kind=subject[0], subject_id=subject[1])
    return log.order_by("-at", "-pk")
