"""Holds the documents that were given out against the journal, for ``jishi verify``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

from jishi.exchange.cap.actions import SUBJECT
from jishi.exchange.cap.models import Alert
from jishi.journal.models import Event
from jishi.journal.problems import Problem

_GIVEN_OUT = ("alert.published", "alert.approved")


def problems() -> Iterator[Problem]:
    """Each document whose bytes are not those whose hash the journal holds, and each that the journal does not know."""
    events = Event.objects.filter(subject_kind=SUBJECT, kind__in=_GIVEN_OUT).values_list("subject_id", "payload")
    journalled = {subject: json.loads(payload)["sha256"] for subject, payload in events}
    rows = Alert.objects.filter(document__isnull=False).order_by("pk").values_list("pk", "identifier", "document")
    for pk, identifier, document in rows.iterator(chunk_size=200):
        known = journalled.pop(pk, None)
        if known is None:
            yield Problem("alert_unjournalled", identifier)
        elif document is None or sha256(bytes(document)).hexdigest() != known:
            yield Problem("alert_changed", identifier)
    for pk in sorted(journalled):
        yield Problem("alert_missing", str(pk))
