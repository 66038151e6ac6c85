"""Errands: a matter that was referred to an agency is posted to its system, and followed there.

What the agency's system says is the agency's word: it takes the matter on once it has a number there, and reports it done
once it is closed there.  The matter's state, its owner and its clocks stay as they are: the station looks for itself.

An errand waits in a row, so a crash loses none; it is posted again under the same key after a failure, later each time.
"""  # noqa: E501

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.exchange.open311 import client, notices
from jishi.exchange.open311.actions.counterparts import note_answer, there
from jishi.exchange.open311.models import Counterpart, Errand, ErrandState
from jishi.journal.models import Event
from jishi.matters import store
from jishi.matters.actions import Door
from jishi.matters.actions.apply import actor_of
from jishi.matters.agencies import actions as agencies
from jishi.matters.events import SUBJECT
from jishi.matters.loop.agencies import WAITED_FOR
from jishi.matters.models import Matter, Text
from jishi.matters.outside import place_outside
from jishi.notify.channels.parcel import Failed
from jishi.privacy import mask_personal
from jishi.stations.models import Staff

#: In these states an agency may answer.
_STANDS = ("handling", "suspended")
_POLL, _POLL_CLOSED = timedelta(minutes=15), timedelta(hours=6)
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=6)
#: After so many failures in a row the desk is told, and somebody has to press "try again".
MOST_TRIES = 10
#: So many are done in one go.
_BATCH = 40
#: Failures that are the server's as a whole: its other errands wait for the next round.
_DOWN = frozenset({"dns", "unreachable", "timeout", "tls", "broken_off"})


def begin_errands(now: datetime) -> int:
    """Make an errand of every matter that an agency with a system of this kind was asked for; returns how many."""
    made = 0
    for each in Counterpart.objects.filter(active=True, agency__active=True):
        asked = Matter.objects.filter(
            station_id=each.station_id, agency_id=each.agency_id, state__in=_STANDS, agency_state="asked", drill=False
        )
        for matter, version in _referrals(asked.values_list("pk", flat=True)).items():
            _errand, new = Errand.objects.get_or_create(
                matter_id=matter, version=version,
                defaults={"counterpart": each, "idempotency": uuid.uuid4(), "made_at": now, "next_at": now},
            )  # fmt: skip
            made += new
    return made


def run_errands(now: datetime) -> int:
    """Post, resolve and follow what is due; returns how many were looked at."""
    rows = Errand.objects.filter(next_at__lte=now, counterpart__active=True).order_by("next_at", "pk")
    down: set[int] = set()
    done = 0
    for errand in rows.select_related("counterpart__station", "matter__category")[:_BATCH]:
        if errand.counterpart_id in down:
            continue
        done += 1
        if run_errand(errand, now) in _DOWN:
            down.add(errand.counterpart_id)
    return done


def run_errand(errand: Errand, now: datetime) -> str:
    """Take an errand one step further; returns the code of what failed, or nothing."""
    if not _stands(errand):
        _keep(errand, state=ErrandState.OVER, next_at=None, error="")
        return ""
    try:
        with translation.override("zh-hans"):
            if errand.remote:
                _follow(errand, now)
            elif errand.token:
                _resolve(errand, now)
            else:
                _post(errand, now)
    except Failed as problem:
        _failed(errand, problem, now)
        return problem.code
    note_answer(errand.counterpart, "", now)
    return ""


@transaction.atomic
def retry_errand(errand: Errand, *, by: Staff, now: datetime | None = None) -> None:
    """Try again at once.  Raises ``Refused``: ``not_allowed``, ``errand_over``."""
    state = store.lock(errand.matter_id)
    if not agencies.may_hand_out(state, actor_of(by, state.station)):
        raise Refused("not_allowed", command="errand")
    if not _stands(errand):
        raise Refused("errand_over")
    state_now = ErrandState.OPEN if errand.remote else ErrandState.TOKEN if errand.token else ErrandState.WAITING
    _keep(errand, state=state_now, next_at=now or timezone.now(), tries=0, error="")


def _post(errand: Errand, now: datetime) -> None:
    matter, counterpart = errand.matter, errand.counterpart
    service = counterpart.services.get(matter.category_id or "") or counterpart.services.get("")
    if not service:
        raise Failed("open311_no_service", retry=False)
    place = place_outside(matter.place_name)
    asked = Text.objects.filter(matter=matter, version=errand.version, kind=Text.Kind.REASON).values_list(
        "body", flat=True
    )
    category = matter.category.name_zh if matter.category else ""
    lines = [
        *asked,
        " · ".join(part for part in (category, place) if part),
        f"{counterpart.station.name} {matter.number}",
    ]
    point = (
        {"lat": round(matter.lat, 5), "long": round(matter.lon, 5)}
        if matter.lat is not None and matter.lon is not None
        else {}
    )
    where = {"address_string": place or counterpart.station.name}
    fields = {"service_code": service, "description": "\n".join(lines), **point, **where}
    sent = client.post_request(there(counterpart), fields, str(errand.idempotency))
    state = ErrandState.OPEN if sent.remote else ErrandState.TOKEN
    _keep(
        errand, state=state, remote=sent.remote, token=sent.token, sent_at=now, tries=0, error="", next_at=now + _POLL
    )
    if sent.remote:
        _say(errand, "accept", {}, now)


def _resolve(errand: Errand, now: datetime) -> None:
    remote = client.resolve_token(there(errand.counterpart), errand.token)
    if not remote:
        _keep(errand, seen_at=now, tries=0, error="", next_at=now + _POLL)
        return
    _keep(errand, state=ErrandState.OPEN, remote=remote, seen_at=now, tries=0, error="", next_at=now + _POLL)
    _say(errand, "accept", {}, now)


def _follow(errand: Errand, now: datetime) -> None:
    stands = client.read_request(there(errand.counterpart), errand.remote)
    if not stands.closed:
        _keep(errand, state=ErrandState.OPEN, seen_at=now, tries=0, error="", next_at=now + _POLL)
        return
    was = errand.state
    _keep(errand, state=ErrandState.CLOSED, seen_at=now, tries=0, error="", next_at=now + _POLL_CLOSED)
    if was != ErrandState.CLOSED:
        words = mask_personal(stands.notes) or _("Closed in the agency's system, without a word.")
        _say(errand, "report", {"text": words}, now)


def _say(errand: Errand, verb: str, words: dict[str, str], now: datetime) -> None:
    """Let the agency answer through the loop's one door; where it has answered already or was let go, that stands."""
    door = Door(errand.counterpart.agency_id)
    key = f"errand:{errand.pk}:{verb}:{errand.seen_at.isoformat() if verb == 'report' and errand.seen_at else ''}"
    try:
        agencies.answer(errand.matter_id, verb, words, door=door, key=key, now=now)
    except Refused as refused:
        if refused.code not in ("agency_answered", "agency_other", "wrong_state"):
            raise


def _failed(errand: Errand, problem: Failed, now: datetime) -> None:
    """Keep what failed, and when it is tried again: later each time; in the end the desk is told."""
    note_answer(errand.counterpart, problem.code[:40], now)
    tries = errand.tries + 1
    if problem.retry and tries < MOST_TRIES:
        wait = max(min(_FIRST * 2 ** (tries - 1), _LONGEST), timedelta(seconds=problem.after or 0))
        _keep(errand, tries=tries, error=problem.code[:40], next_at=now + wait)
        return
    with transaction.atomic():
        state = errand.state if errand.remote or errand.token else ErrandState.FAILED
        _keep(errand, state=state, tries=tries, error=problem.code[:40], next_at=None)
        notices.failed(errand, now)


def _stands(errand: Errand) -> bool:
    """Whether the agency still has the matter by the referral that this errand is of."""
    matter = Matter.objects.filter(pk=errand.matter_id, state__in=_STANDS, agency_id=errand.counterpart.agency_id)
    waited = matter.filter(agency_state__in=[*WAITED_FOR, "done"]).values_list("pk", flat=True)
    return _referrals(waited).get(errand.matter_id) == errand.version


def _referrals(matters: Iterable[int]) -> dict[int, int]:
    """The version at which each of these matters was last referred."""
    rows = Event.objects.filter(subject_kind=SUBJECT, subject_id__in=list(matters), kind="matter.referred")
    return dict(rows.values_list("subject_id").annotate(last=Max("subject_version")).order_by())


def _keep(errand: Errand, **values: object) -> None:
    for name, value in values.items():
        setattr(errand, name, value)
    Errand.objects.filter(pk=errand.pk).update(**values)
