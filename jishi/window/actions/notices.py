"""Writing, changing and withdrawing notices.  Each of these is noted in the station's journal, without its words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from jishi.base.errors import Refused
from jishi.journal import actions as journal
from jishi.privacy import refuse_personal
from jishi.stations.models import Staff, Station
from jishi.stations.queries import access_of
from jishi.window.models import Notice
from jishi.window.navigation import WINDOW_ROLES

SUBJECT = "window_notice"


@dataclass(frozen=True, slots=True)
class Said:
    """A notice as it is written."""

    title_zh: str
    text_zh: str
    starts: datetime
    title_en: str = ""
    text_en: str = ""
    ends: datetime | None = None
    pinned: bool = False


def check_notice(said: Said) -> None:
    """Raise ``Refused``: ``missing``, ``notice_half_english``, ``notice_ends_first``, ``personal``."""
    for field in ("title_zh", "text_zh"):
        if not getattr(said, field).strip():
            raise Refused("missing", field=field, command="notice")
    if bool(said.title_en.strip()) != bool(said.text_en.strip()):
        raise Refused("notice_half_english", field="text_en" if said.title_en.strip() else "title_en")
    if said.ends is not None and said.ends <= said.starts:
        raise Refused("notice_ends_first", field="ends")
    for field in ("title_zh", "text_zh", "title_en", "text_en"):
        refuse_personal(getattr(said, field), field)


def write_notice(station: Station, said: Said, *, by: Staff, now: datetime) -> Notice:
    """Give out a notice.  Raises what ``check_notice`` raises, and ``not_allowed``."""
    _require(by, station.pk)
    check_notice(said)
    with transaction.atomic():
        made = Notice.objects.create(station=station, **asdict(said), written_by=by, written_at=now)
        _note(made, "published", by, now)
    return made


def change_notice(pk: int, said: Said, *, by: Staff, now: datetime, version: int) -> Notice:
    """Put other words in its place.  Raises what ``write_notice`` raises, and ``stale``, ``notice_withdrawn``."""
    check_notice(said)
    with transaction.atomic():
        found = _locked(pk, by, version)
        for name, value in {**asdict(said), "written_by": by, "written_at": now}.items():
            setattr(found, name, value)
        found.version += 1
        found.save()
        _note(found, "changed", by, now)
    return found


def withdraw_notice(pk: int, *, by: Staff, now: datetime, version: int) -> Notice:
    """Take it back from the public.  Raises ``not_allowed``, ``stale``, ``notice_withdrawn``."""
    with transaction.atomic():
        found = _locked(pk, by, version)
        found.withdrawn_at, found.version = now, found.version + 1
        found.save(update_fields=["withdrawn_at", "version"])
        _note(found, "withdrawn", by, now)
    return found


def _locked(pk: int, by: Staff, version: int) -> Notice:
    found = Notice.objects.select_for_update().filter(pk=pk).first()
    if found is None or not access_of(by).sees(found.station_id):
        raise Refused("not_found")
    _require(by, found.station_id)
    if found.version != version:
        raise Refused("stale", version=found.version)
    if found.withdrawn_at is not None:
        raise Refused("notice_withdrawn")
    return found


def _require(by: Staff, station_id: int) -> None:
    if not access_of(by).roles(station_id) & WINDOW_ROLES:
        raise Refused("not_allowed", command="notice")


def _note(notice: Notice, what: str, by: Staff, now: datetime) -> None:
    subject = (SUBJECT, notice.pk, notice.version)
    journal.append(notice.station_id, [journal.Draft(subject, f"window.notice_{what}", by.pk, now, {"facts": {}})], now)
