"""Reports in quarantine, for the desk of their station."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jishi.base.errors import Refused
from jishi.files.models import Attachment
from jishi.matters import catalogue
from jishi.privacy import Unreadable
from jishi.stations.models import Staff
from jishi.stations.queries import access_of
from jishi.window.actions.held import SUBJECT, UNDO_FOR, said_in
from jishi.window.models import Held
from jishi.window.navigation import WINDOW_ROLES

#: Why a report is held, by the code of the doubt.
DOUBTS = {
    "trap": _("a field that people do not see was filled in"),
    "quick": _("it was sent faster than anybody types"),
    "often": _("very many came from the same connection"),
    "links": _("it holds many addresses of web pages"),
}
SHOWN = 50


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A held report as the desk sees it: its words, and no contact."""

    id: int
    number: str
    words: str
    category: str
    place: str
    doubts: list[str]
    files: list[Attachment]
    received_at: datetime
    release_at: datetime
    decided_at: datetime | None
    undo_until: datetime | None


def held_at(user: Staff | AnonymousUser, station_id: int) -> QuerySet[Held]:
    """The held reports of a station where this person works behind the window.  Every read starts here."""
    if not access_of(user).roles(station_id) & WINDOW_ROLES:
        return Held.objects.none()
    return Held.objects.filter(station_id=station_id)


def get_held(user: Staff, pk: int) -> Held:
    """One held report.  Raises ``Refused("not_found" | "not_allowed")``: another station's, or not theirs to decide."""
    held = Held.objects.filter(pk=pk).first()
    roles = access_of(user).roles(held.station_id) if held else frozenset()
    if held is None or not roles:
        raise Refused("not_found")
    if not roles & WINDOW_ROLES:
        raise Refused("not_allowed", command="held")
    return held


def files_of(held: Sequence[Held]) -> QuerySet[Attachment]:
    """The files of held reports that are there, in the order in which they came."""
    return Attachment.objects.filter(
        subject_kind=SUBJECT, subject_id__in=[each.pk for each in held], purged_at=None
    ).order_by("pk")


def waiting_at(user: Staff | AnonymousUser, station_id: int) -> list[HeldRow]:
    """Those that wait, the next to be released first."""
    rows = held_at(user, station_id).filter(state=Held.State.WAITING).order_by("release_at", "pk")
    return _rows(rows[:SHOWN])


def thrown_at(user: Staff | AnonymousUser, station_id: int) -> list[HeldRow]:
    """Those that were thrown away and can still be taken back, the latest first."""
    rows = held_at(user, station_id).filter(state=Held.State.THROWN, purged_at=None)
    return _rows(rows.order_by("-decided_at", "-pk")[:SHOWN])


def count_waiting(user: Staff | AnonymousUser, station_id: int) -> int:
    """How many wait."""
    return held_at(user, station_id).filter(state=Held.State.WAITING).count()


def _rows(found: QuerySet[Held]) -> list[HeldRow]:
    """As the desk sees them; their files are asked for once."""
    held, files = list(found), defaultdict(list)
    for file in files_of(held):
        files[file.subject_id].append(file)
    return [_row(each, files[each.pk]) for each in held]


def _row(held: Held, files: list[Attachment]) -> HeldRow:
    try:
        words = said_in(held).words
    except Unreadable:
        words = ""
    category = catalogue.categories().get(held.category)
    undo = held.decided_at + UNDO_FOR if held.decided_at else None
    return HeldRow(
        held.pk, held.number, words, category.name if category else "", held.place_name,
        [str(DOUBTS[code]) for code in held.doubts if code in DOUBTS], files, held.received_at, held.release_at,
        held.decided_at, undo,
    )  # fmt: skip
