"""What is done to the content of a matter stands in the journal beside the loop: it raises no version of the matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from jishi.journal import actions as journal
from jishi.journal.models import Event

#: The subject of these events; its id is the matter's.
SUBJECT = "keeping"


def note(matter_id: int, station: int, kind: str, by: int | None, now: datetime, facts: Mapping[str, Any]) -> None:
    """Write one event, ``keeping.<kind>``; the caller has locked the matter."""
    note_many([matter_id], station, kind, by, now, {matter_id: facts})


def note_many(
    matter_ids: Iterable[int], station: int, kind: str, by: int | None, now: datetime,
    facts: Mapping[int, Mapping[str, Any]],
) -> None:  # fmt: skip
    """The same for many matters of one station, which the caller has locked."""
    ids = list(matter_ids)
    last = dict(
        Event.objects.filter(subject_kind=SUBJECT, subject_id__in=ids)
        .values_list("subject_id")
        .annotate(last=Max("subject_version"))
    )
    drafts = [
        journal.Draft((SUBJECT, pk, last.get(pk, 0) + 1), f"keeping.{kind}", by, now, {"facts": dict(facts[pk])})
        for pk in ids
    ]
    if drafts:
        journal.append(station, drafts, now)
