"""Every write of an alert: drafting, changing and dropping a draft, approving, and marking what has ended.

Approving gives it out in the same transaction, and nothing takes that back: what follows is an update or a
cancellation, which is drafted and approved like an alert.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.cap import notices
from jishi.exchange.cap.codes import LIVE, MsgType, State, Status
from jishi.exchange.cap.content import Content, Words, check_times, checked, columns_of, content_of
from jishi.exchange.cap.models import Alert
from jishi.exchange.cap.rendering import document_of, earlier, sender_of
from jishi.exchange.cap.roles import require
from jishi.journal import actions as journal
from jishi.journal import queries as journal_queries
from jishi.matters.models import Matter
from jishi.stations.models import Staff, Station
from jishi.stations.queries import zone_of

SUBJECT = "alert"
_SECOND = timedelta(seconds=1)


@transaction.atomic
def draft_alert(
    station: Station, content: Content, *, by: Staff, matter: Matter | None = None, key: str | None = None,
    now: datetime | None = None,
) -> Alert:  # fmt: skip
    """Write an alert that waits for the chief.

    Raises ``Refused``: ``not_allowed``, ``not_found`` (a matter of another station), ``alert_of_drill`` (a real alert
    about a matter that is a drill), ``key_reused``, and what :func:`jishi.exchange.cap.content.checked` refuses.
    """
    now = now or timezone.now()
    require(by, station.pk, "draft")
    if matter is not None and matter.station_id != station.pk:
        raise Refused("not_found")
    made = Alert(station=station, matter=matter, msg_type=MsgType.ALERT)
    return _drafted(made, checked(content, station.pk, now), by, key, now)


@transaction.atomic
def draft_update(
    alert: Alert, content: Content, *, by: Staff, key: str | None = None, now: datetime | None = None
) -> Alert:
    """Write an update of an alert that is in force.  It is about the same event, and as real or not as what it follows.

    Raises ``Refused``: as :func:`draft_alert`, and ``alert_over``, ``alert_follower_waits``.
    """
    return _follow(alert, MsgType.UPDATE, content, by, key, now or timezone.now())


@transaction.atomic
def draft_cancel(
    alert: Alert, zh: Words, en: Words, *, by: Staff, key: str | None = None, now: datetime | None = None
) -> Alert:
    """Write the cancellation of an alert that is in force: the same event and area, over, until the alert would have
    ended.  Of the words, headline, description and instruction count.

    Raises ``Refused``: as :func:`draft_update`.
    """
    content = replace(content_of(alert), zh=zh, en=en)
    return _follow(alert, MsgType.CANCEL, content, by, key, now or timezone.now())


@transaction.atomic
def change_draft(
    alert: Alert, content: Content, *, by: Staff, version: int | None = None, now: datetime | None = None
) -> Alert:
    """Write a draft anew; whoever does so is its drafter from then on, and cannot approve it.

    Raises ``Refused``: ``stale``, ``alert_not_draft``, and as :func:`draft_alert`.
    """
    now = now or timezone.now()
    require(by, alert.station_id, "draft")
    found = _draft(alert, version)
    if found.replaces is not None:
        content = _following(found.replaces, MsgType(found.msg_type), content)
    content = checked(content, found.station_id, now)
    _check_drill(found.matter, content.status)
    for name, value in columns_of(content).items():
        setattr(found, name, value)
    found.drafted_by, found.drafted_at = by, now
    found.version += 1
    found.save()
    found.areas.set(content.areas)
    _record(found, "changed", by, now)
    notices.to_approve(found, now)
    return found


def change_cancel(
    alert: Alert, zh: Words, en: Words, *, by: Staff, version: int | None = None, now: datetime | None = None
) -> Alert:
    """Write the draft of a cancellation anew.  Raises ``Refused``: as :func:`change_draft`."""
    return change_draft(alert, replace(content_of(alert), zh=zh, en=en), by=by, version=version, now=now)


@transaction.atomic
def drop_draft(alert: Alert, *, by: Staff, version: int | None = None, now: datetime | None = None) -> Alert:
    """Put a draft away; it was never given out.  Raises ``Refused``: ``stale``, ``alert_not_draft``, ``not_allowed``."""  # noqa: E501
    now = now or timezone.now()
    require(by, alert.station_id, "draft")
    found = _draft(alert, version)
    _move(found, State.DROPPED, now)
    _record(found, "dropped", by, now)
    notices.decided(found, "dropped", by, now)
    return found


@transaction.atomic
def approve_alert(alert: Alert, *, by: Staff, version: int | None = None, now: datetime | None = None) -> Alert:
    """Give an alert out, or, where it is a drill, let it stand inside.  This cannot be taken back.

    Raises ``Refused``: ``not_allowed`` for all but the chief, ``alert_own_draft``, ``stale``, ``alert_not_draft``,
    ``alert_past`` and ``alert_over`` where its time, or what it follows, has ended meanwhile.
    """
    now = now or timezone.now()
    require(by, alert.station_id, "approve")
    found = _draft(alert, version)
    if found.drafted_by_id == by.pk:
        raise Refused("alert_own_draft")
    before = found.replaces
    if before is not None and before.state_at(now) not in LIVE:
        raise Refused("alert_over")
    check_times(found.onset, found.expires, now)
    chain = earlier(found)
    station = found.station
    found.sender = chain[0].sender if chain else sender_of(station)
    found.sent = now.replace(microsecond=0)
    if chain and chain[-1].sent is not None:
        found.sent = max(found.sent, chain[-1].sent + _SECOND)  # whoever reads them has to tell them apart by it
    found.effective, found.approved_by = found.sent, by
    found.document = document_of(found, station, chain, sent=found.sent, status=found.status)
    found.sha256 = sha256(found.document).hexdigest()
    found.state = State.PUBLISHED if found.status == Status.ACTUAL else State.APPROVED
    found.version += 1
    found.save()
    facts = {
        "sha256": found.sha256, "sent": found.sent.isoformat(), "expires": found.expires.isoformat(),
        "type": found.msg_type.lower(), "status": found.status.lower(), "replaces": found.replaces_id,
    }  # fmt: skip
    _record(found, str(found.state), by, now, facts)
    if before is not None:
        ended = State.CANCELLED if found.msg_type == MsgType.CANCEL else State.SUPERSEDED
        _move(before, ended, now)
        _record(before, str(ended), by, now, {"by": found.pk})
    notices.decided(found, str(found.state), by, now)
    return found


def mark_ended(now: datetime | None = None) -> int:
    """Mark the alerts whose time is over; they left the feed by their time already."""
    now = now or timezone.now()
    over = Alert.objects.filter(state__in=LIVE, expires__lte=now)
    marked = 0
    for station_id in sorted(set(over.order_by().values_list("station_id", flat=True))):
        with transaction.atomic():
            for alert in over.filter(station_id=station_id).select_for_update().order_by("pk"):
                _move(alert, State.EXPIRED, alert.expires)
                _record(alert, "expired", None, now)
                marked += 1
    return marked


def _follow(alert: Alert, kind: MsgType, content: Content, by: Staff, key: str | None, now: datetime) -> Alert:
    """Draft what follows an alert that is in force."""
    require(by, alert.station_id, "draft")
    before = Alert.objects.select_for_update(of=("self",)).select_related("station").get(pk=alert.pk)
    if (known := _made_before(by, key)) is not None:
        return known
    if before.state_at(now) not in LIVE or before.msg_type == MsgType.CANCEL:
        raise Refused("alert_over")
    if Alert.objects.filter(replaces=before, state=State.DRAFTED).exists():
        raise Refused("alert_follower_waits")
    made = Alert(
        station=before.station, matter_id=before.matter_id, msg_type=kind, replaces=before,
        root_id=before.root_id or before.pk,
    )  # fmt: skip
    return _drafted(made, checked(_following(before, kind, content), before.station_id, now), by, key, now)


def _following(before: Alert, kind: MsgType, content: Content) -> Content:
    """What an update or a cancellation says: of the event before it, and a cancellation that it is over."""
    was = content_of(before)
    zh = replace(content.zh, event=was.zh.event)
    en = replace(content.en, event=was.en.event or content.en.event)
    if kind == MsgType.UPDATE:
        return replace(content, status=before.status, zh=zh, en=en)
    return replace(
        was, zh=replace(zh, area=was.zh.area), en=replace(en, area=was.en.area), urgency="Past",
        responses=("AllClear",), onset=None,
    )  # fmt: skip


def _drafted(made: Alert, content: Content, by: Staff, key: str | None, now: datetime) -> Alert:
    """Keep a new draft under the next number, and tell the chief; a draft of the same key is given instead."""
    station = made.station
    journal.lock_head(station.pk)  # numbers are given out one after the other
    if (known := _made_before(by, key)) is not None:
        return known
    _check_drill(made.matter, content.status)
    year = now.astimezone(ZoneInfo(zone_of(station))).year
    last = Alert.objects.filter(station=station, year=year).aggregate(last=Max("serial"))["last"] or 0
    made.year, made.serial = year, last + 1
    made.identifier = f"{station.code}.{year}.{made.serial:04d}"
    for name, value in columns_of(content).items():
        setattr(made, name, value)
    made.drafted_by, made.drafted_at = by, now
    made.save()
    made.areas.set(content.areas)
    facts = {"type": made.msg_type.lower(), "matter": made.matter_id, "replaces": made.replaces_id}
    _record(made, "drafted", by, now, facts, key)
    notices.to_approve(made, now)
    return made


def _check_drill(matter: Matter | None, status: str) -> None:
    """What is only practised alarms nobody outside.  Raises ``Refused("alert_of_drill")``."""
    if matter is not None and matter.drill and status == Status.ACTUAL:
        raise Refused("alert_of_drill", field="status")


def _made_before(by: Staff, key: str | None) -> Alert | None:
    """The alert that the same person's same key drafted before.  Raises ``Refused("key_reused")``."""
    scoped = journal.scoped_key(by.pk, key)
    event = journal_queries.event_with_key(scoped) if scoped else None
    if event is None:
        return None
    if event.subject_kind != SUBJECT:
        raise Refused("key_reused")
    return Alert.objects.get(pk=event.subject_id)


def _draft(alert: Alert, version: int | None) -> Alert:
    """The draft and what it follows, locked, the older row first.  Raises ``Refused``."""
    ids = [pk for pk in (alert.replaces_id, alert.pk) if pk]
    rows = (
        Alert.objects.select_for_update(of=("self",))
        .select_related("station", "matter")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    found = {row.pk: row for row in rows}
    draft = found[alert.pk]
    if version is not None and draft.version != version:
        raise Refused("stale", yours=version, current=draft.version)
    if draft.state != State.DRAFTED:
        raise Refused("alert_not_draft")
    if draft.replaces_id:
        draft.replaces = found[draft.replaces_id]
    return draft


def _move(alert: Alert, state: State, at: datetime) -> None:
    alert.state, alert.ended_at = state, at
    alert.version += 1
    alert.save(update_fields=["state", "ended_at", "version"])


def _record(
    alert: Alert, word: str, by: Staff | None, now: datetime, facts: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> None:  # fmt: skip
    """Write the event: codes, ids, hashes and moments, never the words."""
    actor = by.pk if by else None
    draft = journal.Draft(
        (SUBJECT, alert.pk, alert.version), f"alert.{word}", actor, now,
        {name: value for name, value in (facts or {}).items() if value is not None}, journal.scoped_key(actor, key),
    )  # fmt: skip
    journal.append(alert.station_id, [draft], now)
