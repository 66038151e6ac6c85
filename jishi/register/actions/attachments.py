"""Photos and papers of an element: kept clean of where they were taken, and taken away for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.files import actions as files
from jishi.files.models import Attachment
from jishi.register.history import SUBJECT
from jishi.register.models import Element
from jishi.register.roles import require
from jishi.stations.models import Staff


@transaction.atomic
def attach_files(element: Element, uploads: Iterable[Any], *, by: Staff) -> list[Attachment]:
    """Keep photos or PDF files with an element.  Raises ``Refused("not_allowed" | "not_standing" | "missing")`` or about a file."""  # noqa: E501
    require(by, element.station_id, "attach")
    if not Element.objects.select_for_update().filter(pk=element.pk, status="active").exists():
        raise Refused("not_standing")
    kept = [files.store(each, subject=(SUBJECT, element.pk), station_id=element.station_id, by=by) for each in uploads]
    if not kept:
        raise Refused("missing", field="files")
    return kept


@transaction.atomic
def drop_attachment(element: Element, pk: int, *, by: Staff, now: datetime | None = None) -> None:
    """Delete a photo or paper of an element for good.  Raises ``Refused("not_allowed" | "not_found" | "purged")``."""
    require(by, element.station_id, "detach")
    found = Attachment.objects.filter(pk=pk, subject_kind=SUBJECT, subject_id=element.pk).first()
    if found is None:
        raise Refused("not_found")
    if not files.purge_attachments([found], now or timezone.now()):
        raise Refused("purged")
