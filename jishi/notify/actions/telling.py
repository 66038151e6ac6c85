"""Telling: the notice and its deliveries, in the transaction of what happened and with few statements."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from jishi.base.moments import stored, whole
from jishi.base.sql import run
from jishi.jobs.actions import enqueue, refuse_words
from jishi.notify import kinds, ways
from jishi.notify.models import Channel, DeliveryState

#: Within so long the same thing is told once.
FOLD = timedelta(minutes=1)
DRAIN_JOB = "notify.drain"
#: Why an endpoint is told, where no person is.
BY_ENDPOINT, BY_AGENCY = "endpoint", "endpoint_agency"
RED = 1

_COLUMNS = (
    "notice_id, thread, staff_id, endpoint_id, channel, rule, state, key, due, attempts, error, created_at, sent_at,"
    " given_up_why"
)
_ROW = "(" + ", ".join(["%s"] * 14) + ")"
_ROWS_AT_ONCE = 500
_EARLIER = (
    "SELECT d.staff_id, d.endpoint_id, d.channel, d.id, d.state, d.due, d.read_at FROM notify_notice n"
    " JOIN notify_delivery d ON d.notice_id = n.id"
    " WHERE n.thread = %s AND n.created_at > %s AND n.kind = %s AND d.state IN ('queued', 'sent')"
)


@dataclass(frozen=True, slots=True)
class To:
    """A member of staff who is told, and the code of the rule that says so."""

    staff: int
    rule: str


@dataclass(slots=True)
class _Row:
    """A delivery that is about to be written."""

    staff: int | None
    endpoint: int | None
    channel: str
    rule: str
    due: datetime
    state: str = DeliveryState.QUEUED.value

    @property
    def recipient(self) -> tuple[int | None, int | None, str]:
        return self.staff, self.endpoint, self.channel


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
    first: bool = False,
) -> int | None:
    """Tell people something, in the caller's transaction: it is told if and only if it happened.

    ``subject`` is the kind and id of what it is about; its deliveries keep their order.  The first rule counts for who
    is named twice.  Endpoints of the station are told too, and those of ``agency``; ``inside_only`` (drills) tells
    nobody outside the application.  ``first`` says that nothing can have been told of the subject before, as it is new.
    Returns the notice's id, None when there was nobody to tell.
    """
    what = kinds.kind_of(kind)
    refuse_words(facts or {})
    rules: dict[int, str] = {}
    for each in to:
        rules.setdefault(each.staff, each.rule)
    rows = [_Row(staff, None, Channel.APP.value, rule, now, DeliveryState.SENT.value) for staff, rule in rules.items()]
    if not inside_only:
        house = ways.house_of(station)
        rows += _to_persons(what, rules, house, grade, now)
        rows += _to_endpoints(what, house, grade, agency, now)
    if not rows:
        return None
    thread = f"{subject[0]}:{subject[1]}"
    if not first:
        _fold(rows, thread, kind, now)
    notice_id = _write_notice(station, kind, thread, subject[1], grade, facts or {}, now)
    _write_deliveries(rows, notice_id, thread, now)
    waiting = [row.due for row in rows if row.state == DeliveryState.QUEUED]
    if waiting:
        drain_later(thread, station, min(waiting))
    return notice_id


def drain_later(thread: str, station: int, due: datetime) -> None:
    """See that the deliveries of a thread are looked at when the first of them may go out."""
    enqueue(DRAIN_JOB, {"thread": thread}, due=due, dedupe_key=f"drain:{thread}", station=station)


def disturbs(kind: kinds.Kind, grade: int) -> bool:
    """Whether a notice goes out in quiet hours too."""
    return grade == RED or kind.urgent


def _to_persons(
    kind: kinds.Kind, rules: Mapping[int, str], house: ways.House, grade: int, now: datetime
) -> Iterable[_Row]:
    group = kinds.group_of(kind)
    for staff, rule in rules.items():
        person = ways.person_of(staff, house)
        wait = person.quiet is not None and not disturbs(kind, grade)
        due = person.quiet.over_at(now, house.zone) if person.quiet and wait else now
        for channel in person.channels(group, house.ready):
            yield _Row(staff, None, channel, rule, due)


def _to_endpoints(kind: kinds.Kind, house: ways.House, grade: int, agency: int | None, now: datetime) -> Iterable[_Row]:
    if kind.personal:
        return
    for way in house.ways:
        if way.wants(kind, grade, agency):
            yield _Row(None, way.id, way.channel, BY_AGENCY if way.agency else BY_ENDPOINT, now)


def _fold(rows: list[_Row], thread: str, kind: str, now: datetime) -> None:
    """Tell nobody the same twice within a minute.

    In the application the older item that is still unread gives way to the new one.  Outside, the new one is folded
    into one that was sent, or that goes out no later: something urgent never waits for what waits for the morning.
    """
    earlier = run(_EARLIER, [thread, stored(now - FOLD), kind])
    if not earlier:
        return
    new = {row.recipient: row for row in rows}
    gives_way = []
    for staff, endpoint, channel, pk, state, due, read_at in earlier:
        row = new.get((staff, endpoint, channel))
        if row is None:
            continue
        if channel == Channel.APP:
            gives_way += [pk] if read_at is None else []
        elif state == DeliveryState.SENT or whole(due) <= row.due:
            row.state = DeliveryState.FOLDED.value
    if gives_way:
        marks = ", ".join(["%s"] * len(gives_way))
        run(
            f"UPDATE notify_delivery SET state = 'folded', read_at = %s WHERE id IN ({marks}) AND read_at IS NULL",
            [stored(now), *gives_way],
        )


def _write_notice(
    station: int, kind: str, thread: str, subject: int, grade: int, facts: Mapping[str, Any], now: datetime
) -> int:
    encoded = connection.ops.adapt_json_value(dict(facts), None)
    [(made,)] = run(
        "INSERT INTO notify_notice (station_id, kind, thread, subject_id, grade, facts, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [station, kind, thread, subject, grade, encoded, stored(now)],
    )
    return int(made)


def _write_deliveries(rows: list[_Row], notice_id: int, thread: str, now: datetime) -> None:
    native = connection.features.has_native_uuid_field
    at = stored(now)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        params: list[Any] = []
        for row in some:
            key = uuid.uuid4()
            sent = at if row.state == DeliveryState.SENT else None
            due = at if row.due is now else stored(row.due)
            params += [notice_id, thread, row.staff, row.endpoint, row.channel, row.rule, row.state,
                       key if native else key.hex, due, 0, "", at, sent, ""]  # fmt: skip
        run(f"INSERT INTO notify_delivery ({_COLUMNS}) VALUES {', '.join([_ROW] * len(some))}", params)
