"""Reading links: which one a token stands for, whether it still opens anything, and why not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jishi.journal.models import Event
from jishi.journal.queries import events_of
from jishi.matters.agencies.tokens import SUBJECT, bound_to, digest_of
from jishi.matters.events import SUBJECT as MATTER
from jishi.matters.models import AgencyLink

#: Why a link is void, by the event that took the matter from the agency.
VOID: Mapping[str, str | Promise] = {
    "recalled": _("the station recalled the matter"),
    "returned": _("the unit returned the matter to the desk"),
    "referred": _("the matter was referred to another agency"),
    "transferred": _("the matter went to another station"),
    "withdrawn": _("the report was withdrawn"),
    "merged": _("the matter was merged into another one"),
    "closed": _("the matter is closed"),
    "reopened": _("the matter began a new round"),
}
TAKEN = _("the matter is no longer with the agency")


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link as the matter's page shows it.  ``state`` is ``good``, ``expired``, ``revoked`` or ``void``."""

    id: int
    agency: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    state: str
    why: str | Promise
    uses: int
    used_at: datetime | None


def found(token: str, now: datetime) -> AgencyLink | None:
    """The link of a token that is ours, neither expired nor revoked; the work is the same whatever is wrong."""
    named, digest = bound_to(token), digest_of(token)
    link = AgencyLink.objects.select_related("agency").filter(digest=digest).first()
    held = (link.matter_id, link.agency_id) if link else (0, 0)
    good = link is not None and compare_digest(link.digest, digest) and named == held
    lives = link is not None and link.revoked_at is None and link.expires_at > now and link.agency.active
    return link if good and lives else None


def void_by(link: AgencyLink) -> str:
    """The event that took the matter from the agency after the link was made; empty while it is still there."""
    rows = events_of(MATTER, link.matter_id).filter(subject_version__gt=link.version)
    return _taken(link, ((kind, json.loads(payload)) for kind, payload in rows.values_list("kind", "payload")))


def links_of(matter_id: int, now: datetime) -> list[LinkRow]:
    """The links of a matter, the newest first, each with how often it was used."""
    links = list(AgencyLink.objects.filter(matter=matter_id).select_related("agency", "made_by").order_by("-pk"))
    if not links:
        return []
    opened = Event.objects.filter(subject_kind=SUBJECT, subject_id__in=[link.pk for link in links])
    looks = opened.filter(kind="agency.link_opened").order_by("pk").values_list("subject_id", "recorded_at")
    history = [
        (version, kind, recorded, json.loads(payload))
        for version, kind, recorded, payload in events_of(MATTER, matter_id)
        .filter(subject_version__gt=min(link.version for link in links))
        .values_list("subject_version", "kind", "recorded_at", "payload")
    ]
    uses: dict[int, list[datetime]] = {}
    for pk, at in (*looks, *((told.get("facts", {}).get("link"), at) for _version, _kind, at, told in history)):
        uses.setdefault(pk, []).append(at)
    rows = []
    for link in links:
        after = ((kind, told) for version, kind, _at, told in history if version > link.version)
        state, why = _state(link, _taken(link, after), now)
        moments = uses.get(link.pk, [])
        rows.append(
            LinkRow(
                link.pk, link.agency.name, link.made_by.name, link.made_at, link.expires_at, link.revoked_at, state,
                why, len(moments), max(moments, default=None),
            )
        )  # fmt: skip
    return rows


def why_void(kind: str) -> str | Promise:
    """The words for the event that made a link void."""
    return VOID.get(kind, TAKEN)


def _state(link: AgencyLink, taken: str, now: datetime) -> tuple[str, str | Promise]:
    if link.revoked_at is not None:
        return "revoked", ""
    if taken:
        return "void", why_void(taken)
    return ("expired", "") if link.expires_at <= now else ("good", "")


def _taken(link: AgencyLink, events: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    for kind, payload in events:
        sets = payload.get("set", {})
        if sets.get("agency", link.agency_id) != link.agency_id or sets.get("state") == "closed" or "station" in sets:
            return kind.partition(".")[2]
    return ""
