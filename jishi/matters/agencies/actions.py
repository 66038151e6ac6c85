"""Every write about the links of agencies: making and revoking one, noting that it was opened, and what the agency says."""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.journal import actions as journal
from jishi.matters import commands, loop, store
from jishi.matters.actions.apply import Applied, actor_of, apply
from jishi.matters.actions.door import Door
from jishi.matters.agencies.links import void_by
from jishi.matters.agencies.tokens import SUBJECT, digest_of, new_token
from jishi.matters.models import AgencyLink, Matter
from jishi.stations.models import Staff

USUAL_DAYS, MOST_DAYS = 14, 90


def may_hand_out(state: loop.State, actor: loop.Actor) -> bool:
    """Whether this person makes and revokes links of the matter: the desk, a leader, an officer of its unit."""
    of_unit = bool({state.unit, state.responsible_unit} & actor.units) and "officer" in actor.roles
    return bool(actor.roles & (loop.LEADERS | {"desk"})) or of_unit


@transaction.atomic
def make_link(
    matter: Matter | int, *, by: Staff, days: int = USUAL_DAYS, now: datetime | None = None
) -> tuple[AgencyLink, str]:
    """Make a link for the agency that the matter stands with; the text is the token, kept nowhere and shown once.

    Raises ``Refused``: ``not_allowed``, ``no_agency``, ``link_days``.
    """
    now = now or timezone.now()
    matter_id = matter if isinstance(matter, int) else matter.pk
    state = store.lock(matter_id)
    if not may_hand_out(state, actor_of(by, state.station)):
        raise Refused("not_allowed", command="agency_link")
    if state.agency is None or state.state == "closed":
        raise Refused("no_agency")
    if not 1 <= days <= MOST_DAYS:
        raise Refused("link_days", field="days", most=MOST_DAYS)
    token = new_token(matter_id, state.agency)
    link = AgencyLink.objects.create(
        matter_id=matter_id, agency_id=state.agency, version=state.version, cycle=state.cycle,
        digest=digest_of(token), made_by=by, made_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    _note(link, state.station, "link_made", by.pk, now)
    return link, token


@transaction.atomic
def revoke_link(link: AgencyLink, *, by: Staff, now: datetime | None = None) -> None:
    """Let this link open nothing any more; one that was revoked before stays as it is.  Raises ``Refused("not_allowed")``."""  # noqa: E501
    now = now or timezone.now()
    state = store.lock(link.matter_id)
    if not may_hand_out(state, actor_of(by, state.station)):
        raise Refused("not_allowed", command="agency_link")
    if AgencyLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now, revoked_by=by):
        _note(link, state.station, "link_revoked", by.pk, now)


@transaction.atomic
def note_opened(link: AgencyLink, *, now: datetime | None = None) -> None:
    """Write into the journal that the link was used."""
    station = Matter.objects.values_list("station_id", flat=True).get(pk=link.matter_id)
    _note(link, station, "link_opened", None, now or timezone.now())


def answer(
    matter_id: int, verb: str, words: Mapping[str, str], *, door: Door, key: str | None, version: int | None = None,
    uploads: Sequence[Any] = (), now: datetime | None = None,
) -> Applied:  # fmt: skip
    """What the agency says of a matter, through the one door: ``accept``, ``return`` or ``report``.  Raises ``Refused``."""  # noqa: E501
    command = commands.BY_VERB[f"agency_{verb}"](**words)
    return apply(matter_id, command, by=None, version=version, key=key, uploads=uploads, now=now, door=door)


def answer_by_link(
    link: AgencyLink, verb: str, words: Mapping[str, str], *, key: str, uploads: Sequence[Any] = (),
    now: datetime | None = None,
) -> Applied:  # fmt: skip
    """What the agency says through its link, as long as the link stands.  Raises ``Refused("agency_other")`` and others."""  # noqa: E501
    with transaction.atomic():
        store.lock(link.matter_id)
        if void_by(link) or AgencyLink.objects.filter(pk=link.pk).exclude(revoked_at=None).exists():
            raise Refused("agency_other")
        door = Door(link.agency_id, link=link.pk)
        return answer(link.matter_id, verb, words, door=door, key=key, uploads=uploads, now=now)


def _note(link: AgencyLink, station: int, kind: str, actor_id: int | None, now: datetime) -> None:
    facts = {"matter": link.matter_id, "agency": link.agency_id}
    draft = journal.Draft((SUBJECT, link.pk, link.version), f"agency.{kind}", actor_id, now, {"facts": facts})
    journal.append(station, [draft], now)
