"""The deliveries that wait in a thread, in plain SQL, since every message that goes out passes here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from jishi.base.moments import stored, whole
from jishi.base.writes import write_alone
from jishi.notify import ways
from jishi.notify.channels.parcel import Parcel
from jishi.notify.models import Delivery, Notice

_DELIVERY = (
    "id", "notice_id", "thread", "staff_id", "endpoint_id", "channel", "rule", "state", "key", "due", "attempts",
    "error", "created_at",
)  # fmt: skip
_NOTICE = ("id", "station_id", "kind", "thread", "subject_id", "grade", "facts", "created_at")
_WAITING = (
    f"SELECT {', '.join(f'd.{name}' for name in _DELIVERY)}, {', '.join(f'n.{name}' for name in _NOTICE)},"
    " s.is_active, s.language FROM notify_delivery d JOIN notify_notice n ON n.id = d.notice_id"
    " LEFT JOIN stations_staff s ON s.id = d.staff_id"
    " WHERE d.thread IN ({marks}) AND d.state = 'queued' ORDER BY d.id"
)
_CLAIM = "attempts = attempts + 1, due = %s, error = ''"
_SENT = "UPDATE notify_delivery SET state = %s, sent_at = %s WHERE id = %s AND state = 'queued'"
_FIRST, _LAST = len(_DELIVERY), len(_DELIVERY) + len(_NOTICE)
_FACTS = _NOTICE.index("facts")


@dataclass(eq=False, slots=True)
class Waiting:
    """A delivery that waits: its notice, its reader's language, whether the account is open (of an endpoint: yes).

    ``parcel`` is what goes out, where it was made together with others; None where that is still to be done.
    """

    delivery: Delivery
    notice: Notice
    language: str
    account_open: bool
    parcel: Parcel | None = None

    @property
    def recipient(self) -> tuple[int | None, int | None, str]:
        """To whom, and by which channel."""
        return self.delivery.staff_id, self.delivery.endpoint_id, self.delivery.channel


def waiting_in(*threads: str) -> list[Waiting]:
    """The deliveries that wait in these threads, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING.replace("{marks}", ", ".join(["%s"] * len(threads))), threads)
        return [_read(row) for row in cursor.fetchall()]


def claim(some: Sequence[Waiting], until: datetime) -> bool:
    """Take all of these until a moment, or none where another worker has touched one of them since it was read."""
    if len(some) == 1:
        taken = _update(some, _CLAIM, stored(until))
    else:
        with transaction.atomic():
            taken = _update(some, _CLAIM, stored(until))
            if taken != len(some):
                transaction.set_rollback(True)
    if taken != len(some):
        return False
    for each in some:
        each.delivery.attempts += 1
    return True


def mark_sent(last: Waiting, folded: Sequence[Waiting], now: datetime) -> None:
    """It has arrived, whoever else has claimed it meanwhile; those that it stood for were told with it."""
    if not folded:
        write_alone(_SENT, ["sent", stored(now), last.delivery.pk])
        return
    with transaction.atomic():
        for state, each in (("sent", last), *(("folded", each) for each in folded)):
            write_alone(_SENT, [state, stored(now), each.delivery.pk])


def put_off(some: Sequence[Waiting], due: datetime, error: str | None = None) -> None:
    """Try again at a moment, unless another worker has claimed it meanwhile; ``error`` where an attempt failed."""
    if error is None:
        _update(some, "due = %s", stored(due))
    else:
        _update(some, "due = %s, error = %s", stored(due), error)


def end(some: Sequence[Waiting], state: str, error: str = "", why: str = "") -> None:
    """End these without having delivered them, unless another worker has claimed them meanwhile."""
    _update(some, "state = %s, error = %s, given_up_why = %s", state, error, why)


def _update(some: Sequence[Waiting], changes: str, *values: Any) -> int:
    """Change the rows that nobody has claimed since they were read, or since this worker claimed them."""
    seen = " OR ".join(["(id = %s AND attempts = %s)"] * len(some))
    params = [*values, *(value for each in some for value in (each.delivery.pk, each.delivery.attempts))]
    return write_alone(f"UPDATE notify_delivery SET {changes} WHERE state = 'queued' AND ({seen})", params)


def _read(row: Sequence[Any]) -> Waiting:
    values = [whole(value) for value in row]
    key, facts = _DELIVERY.index("key"), _FIRST + _FACTS
    values[key] = values[key] if isinstance(values[key], UUID) else UUID(values[key])
    values[facts] = json.loads(values[facts]) if isinstance(values[facts], str) else values[facts]
    delivery = Delivery.from_db(connection.alias, _DELIVERY, values[:_FIRST])
    notice = Notice.from_db(connection.alias, _NOTICE, values[_FIRST:_LAST])
    delivery.notice = notice
    if delivery.endpoint_id is not None:
        delivery.endpoint = ways.endpoint_of(delivery.endpoint_id)
    is_active, language = values[_LAST:]
    account_open = delivery.staff_id is None or bool(is_active)
    return Waiting(delivery, notice, language or settings.LANGUAGE_CODE, account_open)
