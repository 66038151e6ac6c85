"""Every write of this room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jishi.notify.kinds import kind_of
from jishi.notify.models import Channel, Delivery, DeliveryState, Notice


@dataclass(frozen=True, slots=True)
class To:
    """A member of staff who is told, and the code of the rule that says so."""

    staff: int
    rule: str


def tell(
    kind: str,
    *,
    station: int,
    subject: tuple[str, int],
    to: Iterable[To],
    now: datetime,
    grade: int = 0,
    facts: Mapping[str, Any] | None = None,
    agency: int | None = None,
    inside_only: bool = False,
) -> int | None:
    """Tell people something, in the caller's transaction: it is told if and only if it happened.

    ``subject`` is the kind and id of what it is about; its deliveries keep their order.  The first rule counts for who
    is named twice.  Endpoints of the station are told too, and those of ``agency``; ``inside_only`` (drills) tells
    nobody outside the application.  Returns the notice's id, None when there was nobody to tell.
    """
    kind_of(kind)
    rules: dict[int, str] = {}
    for each in to:
        rules.setdefault(each.staff, each.rule)
    if not rules:
        return None
    thread = f"{subject[0]}:{subject[1]}"
    notice = Notice.objects.create(
        station_id=station, kind=kind, thread=thread, subject_id=subject[1], grade=grade, facts=dict(facts or {}),
        created_at=now,
    )  # fmt: skip
    Delivery.objects.bulk_create(
        Delivery(
            notice=notice, thread=thread, staff_id=staff, channel=Channel.APP, rule=rule, state=DeliveryState.SENT,
            due=now, created_at=now, sent_at=now,
        )
        for staff, rule in rules.items()
    )  # fmt: skip
    return notice.pk
