"""Setting up an agency that speaks Open311, and switching it on and off; each is in the station's journal, in codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.open311.client import There
from jishi.exchange.open311.models import Counterpart
from jishi.journal import actions as journal
from jishi.journal.queries import events_of
from jishi.notify.channels.guard import check_url
from jishi.notify.channels.parcel import Failed
from jishi.privacy import Unreadable, open_sealed, seal
from jishi.stations.models import Agency, Staff, Station
from jishi.stations.queries import administered_by

SUBJECT = "counterpart"
_SLOT = "key"


@transaction.atomic
def save_counterpart(
    station: Station, agency: Agency, *, url: str, services: Mapping[str, str], by: Staff, jurisdiction: str = "",
    key: str = "", now: datetime | None = None,
) -> Counterpart:  # fmt: skip
    """Set up how a station reaches an agency; an empty key stays what it was.

    Raises ``Refused``: ``not_allowed``, ``agency_unknown``, ``counterpart_url``, ``counterpart_services``.
    """
    _require(by, station)
    if agency.bureau_id != station.bureau_id:
        raise Refused("agency_unknown", agency=agency.pk)
    url = url.strip().rstrip("/")
    try:
        check_url(url)
    except Failed as problem:
        raise Refused("counterpart_url", field="url", why=problem.code) from problem
    kept = {code.strip(): theirs.strip() for code, theirs in services.items() if theirs.strip()}
    if not kept or any(len(theirs) > 100 for theirs in kept.values()):
        raise Refused("counterpart_services", field="services")
    found = Counterpart.objects.select_for_update().filter(station=station, agency=agency).first()
    row = found or Counterpart(station=station, agency=agency)
    where = (row.url, row.jurisdiction)
    row.url, row.jurisdiction, row.services = url, jurisdiction.strip()[:80], kept
    row.error, row.error_at = "", None
    row.save()
    if key.strip():
        row.key_sealed = seal((SUBJECT, row.pk), _SLOT, key.strip())
        row.save(update_fields=["key_sealed"])
    facts = {"agency": agency.pk, "where": where != (row.url, row.jurisdiction), "key": bool(key.strip())}
    _record(row, "changed" if found else "made", by, now or timezone.now(), facts)
    return row


@transaction.atomic
def switch_counterpart(row: Counterpart, *, on: bool, by: Staff, now: datetime | None = None) -> None:
    """Ask this agency by Open311, or no more.  Raises ``Refused("not_allowed")``."""
    _require(by, row.station)
    if Counterpart.objects.filter(pk=row.pk, active=not on).update(active=on):
        _record(row, "on" if on else "off", by, now or timezone.now(), {"agency": row.agency_id})


def note_answer(row: Counterpart, error: str, now: datetime) -> None:
    """Keep whether the agency's system answered as it should."""
    told = {"error": error, "error_at": now} if error else {"ok_at": now, "error": "", "error_at": None}
    Counterpart.objects.filter(pk=row.pk).update(**told)


def there(row: Counterpart) -> There:
    """How its system is spoken to, with the key opened.  Raises ``Failed``."""
    if row.key_sealed is None:
        return There(row.url, row.jurisdiction)
    try:
        key = open_sealed((SUBJECT, row.pk), _SLOT, bytes(row.key_sealed))
    except Unreadable as error:
        raise Failed("unreadable", retry=False) from error
    return There(row.url, row.jurisdiction, key)


def _require(by: Staff, station: Station) -> None:
    if not administered_by(by).filter(pk=station.pk).exists():
        raise Refused("not_allowed", command="open311")


def _record(row: Counterpart, what: str, by: Staff, now: datetime, facts: Mapping[str, int | bool]) -> None:
    last = events_of(SUBJECT, row.pk).aggregate(last=Max("subject_version"))["last"] or 0
    draft = journal.Draft((SUBJECT, row.pk, last + 1), f"{SUBJECT}.{what}", by.pk, now, facts)
    journal.append(row.station_id, [draft], now)
