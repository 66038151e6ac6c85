"""What an outside agency is shown of a matter: no title, no words of the report, no party.

It reads what the desk wrote to it when it referred the matter, where and how grave it is, what is owed by when, and
what it said itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from jishi.journal.models import Event
from jishi.matters import loop
from jishi.matters.events import SUBJECT
from jishi.matters.loop.agencies import ANSWERS
from jishi.matters.models import Evidence, Matter, Text
from jishi.stations.models import Agency

_ROW = (
    "pk", "number", "version", "category_id", "category__name_zh", "category__name_en", "grade", "place_name",
    "area__name", "area__code", "station_id", "station__name", "station__code", "station__time_zone", "unit__name",
    "state", "next_due", "clock_started", "agency_state",
)  # fmt: skip
_KINDS = frozenset({"matter.referred", *(f"matter.{loop.COMMANDS[verb].event}" for verb in ANSWERS)})


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that the agency said: ``kind`` is ``agency_accepted``, ``agency_returned`` or ``agency_reported``."""

    kind: str
    at: datetime
    words: str = ""
    files: int = 0


@dataclass(slots=True)
class Seen:
    """A matter as its agency sees it.  ``asked`` is what the desk wrote to the agency, ``referred_at`` when."""

    row: Mapping[str, Any]
    referred_at: datetime | None = None
    asked: str = ""
    answers: list[Answer] = field(default_factory=list)

    def allowed(self, agency_id: int) -> list[str]:
        """The answers that may be given now: ``accept``, ``return``, ``report``."""
        state = loop.State(
            station=self.row["station_id"], state=self.row["state"], agency=agency_id,
            agency_state=self.row["agency_state"],
        )  # fmt: skip
        return [verb.partition("_")[2] for verb in loop.allowed(state, loop.agency_actor(agency_id))]


def matters_of(agency: Agency) -> QuerySet[Matter]:
    """The open matters that stand with an agency.  All that an agency reads starts here."""
    return Matter.objects.filter(agency_id=agency.pk, station__bureau_id=agency.bureau_id, state__in=sorted(loop.OPEN))


def see(matters: QuerySet[Matter], agency_id: int) -> list[Seen]:
    """These matters as their agency sees them, in their order, in four queries however many they are."""
    seen = {row["pk"]: Seen(row) for row in matters.values(*_ROW)}
    events = _events(seen, agency_id)
    versions = {(pk, version) for pk, version, *_rest in events}
    words = _words(seen, {version for _pk, version in versions})
    files = Counter(Evidence.objects.filter(matter__in=seen).values_list("matter", "version"))
    for pk, version, kind, at in events:
        said = words.get((pk, version), "")
        if kind == "referred":
            seen[pk].asked, seen[pk].referred_at = said, at
        else:
            seen[pk].answers.append(Answer(kind, at, said, files[pk, version]))
    return list(seen.values())


def _events(seen: Mapping[int, Seen], agency_id: int) -> list[tuple[int, int, str, datetime]]:
    """What was asked of this agency and what it said: matter, version, kind and moment, oldest first."""
    rows = Event.objects.filter(subject_kind=SUBJECT, subject_id__in=list(seen), kind__in=_KINDS).order_by(
        "subject_id", "subject_version"
    )
    found = []
    for pk, version, kind, at, text in rows.values_list(
        "subject_id", "subject_version", "kind", "recorded_at", "payload"
    ):
        payload = json.loads(text)
        about = payload.get("facts", {}).get("agency") or payload.get("set", {}).get("agency")
        if about == agency_id:
            found.append((pk, version, kind.partition(".")[2], at))
    return found


def _words(matters: Mapping[int, Seen], versions: Sequence[int] | set[int]) -> dict[tuple[int, int], str]:
    rows = Text.objects.filter(matter__in=matters, version__in=versions, kind__in=(Text.Kind.REASON, Text.Kind.NOTE))
    return {(matter, version): body for matter, version, body in rows.values_list("matter", "version", "body")}
