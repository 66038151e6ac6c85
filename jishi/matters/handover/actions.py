"""Every write of the handover: the one who leaves signs, the one who comes confirms, and what was chosen moves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from jishi.base.errors import Refused
from jishi.journal import actions as journal
from jishi.journal.chain import canonical, instant
from jishi.matters import commands, store, telling
from jishi.matters.actions import actor_of, apply
from jishi.matters.handover import draft
from jishi.matters.handover.draft import Scope, Snapshot
from jishi.matters.models import Handover, HandoverState
from jishi.notify.actions import To, tell
from jishi.privacy import refuse_personal
from jishi.stations.crew import LOOK_ON
from jishi.stations.models import Staff
from jishi.stations.queries import access_of

SUBJECT = "handover"
KIND = "matter.shift"
RULE = "shift_next"
LONGEST_NOTE, LONGEST_REMARK = 500, 2000


@transaction.atomic
def hand_over(
    scope: Scope, *, by: Staff, to: Staff, chosen: Collection[int], notes: Mapping[int, str], note: str, key: str,
    now: datetime,
) -> Handover:  # fmt: skip
    """Sign the page of the shift that ends, as the one who leaves, and tell the one who comes.

    ``chosen`` are the matters that are to move, ``notes`` words for single matters (kept with the matter), ``note``
    remarks of all kinds.  The same ``key`` again gives the same page.  Raises ``Refused``.
    """
    list(Staff.objects.select_for_update(no_key=True).filter(pk=by.pk).values_list("pk"))  # sent twice at once: in turn
    kept = Handover.objects.filter(key=_scoped(by, key)).first()
    if kept is not None:
        return kept
    _check(scope, by, to)
    note = note.strip()
    notes = {pk: words.strip() for pk, words in notes.items() if words.strip()}
    _check_words(note, notes)
    since = draft.beginning(scope, by.pk, now)
    snapshot = draft.take(scope, by, since, now)
    snapshot["chosen"] = [row[0] for row in snapshot["moves"] if row[0] in chosen and row[-1] != "wrong_state"]
    snapshot["counts"]["moves"] = len(snapshot["chosen"])
    listed = {row[0] for row in (*snapshot["moves"], *snapshot["red"])}
    snapshot["notes"] = [
        [pk, apply(pk, commands.Log(text=words), by=by, key=f"handover:{key}:{pk}", now=now).version]
        for pk, words in notes.items()
        if pk in listed
    ]
    handover = Handover.objects.create(
        station_id=scope.station, unit_id=scope.unit, from_staff=by, to_staff=to, since=since, until=now, note=note,
        snapshot=snapshot, signed_from_at=now, key=_scoped(by, key),
    )  # fmt: skip
    _record(handover, 1, "signed", by, now)
    facts = {"from": by.pk, "unit": scope.unit, "counts": snapshot["counts"]}
    tell(KIND, station=scope.station, subject=(SUBJECT, handover.pk), to=[To(to.pk, RULE)], now=now, facts=facts)
    return handover


@transaction.atomic
def take_over(handover: Handover, *, by: Staff, now: datetime) -> Handover:
    """Confirm the page as the one who comes: it is frozen, and what was chosen moves.

    What cannot move stays where it is, and the page says why.  Signing again changes nothing.  Raises ``Refused``.
    """
    locked = _lock(handover.pk)
    if locked.state == HandoverState.SIGNED and by.pk == locked.to_staff_id:
        return locked
    _check_waiting(locked)
    if by.pk == locked.from_staff_id:
        raise Refused("handover_same_person")
    if by.pk != locked.to_staff_id:
        raise Refused("handover_not_yours")
    if not access_of(by).roles(locked.station_id) - LOOK_ON:
        raise Refused("handover_elsewhere", name=by.name)
    given = [[pk, _give(locked, pk, by, now)] for pk in locked.snapshot["chosen"]]
    locked.snapshot = {**locked.snapshot, "given": given}
    locked.state, locked.signed_to_at = HandoverState.SIGNED, now
    locked.save(update_fields=["snapshot", "state", "signed_to_at"])
    _record(locked, 2, "confirmed", by, now)
    return locked


@transaction.atomic
def take_back(handover: Handover, *, by: Staff, now: datetime) -> Handover:
    """Take back a page that nobody confirmed yet, as the one who signed it.  Raises ``Refused``."""
    locked = _lock(handover.pk)
    if locked.state == HandoverState.WITHDRAWN and by.pk == locked.from_staff_id:
        return locked
    _check_waiting(locked)
    if by.pk != locked.from_staff_id:
        raise Refused("handover_not_yours")
    locked.state = HandoverState.WITHDRAWN
    locked.save(update_fields=["state"])
    _record(locked, 2, "withdrawn", by, now)
    return locked


def _scoped(by: Staff, key: str) -> str:
    return journal.scoped_key(by.pk, key) or ""


def _lock(pk: int) -> Handover:
    return Handover.objects.select_for_update().get(pk=pk)


def _check(scope: Scope, by: Staff, to: Staff) -> None:
    """Refuse who may not hand this over, and who cannot take it over."""
    scopes = draft.scopes_of(by, scope.station)
    if not scopes:
        raise Refused("not_allowed")
    if scope not in scopes:
        raise Refused("handover_wrong_unit")
    if by.pk == to.pk:
        raise Refused("handover_same_person")
    if not to.is_active or not access_of(to).roles(scope.station) - LOOK_ON:
        raise Refused("handover_elsewhere", name=to.name)
    waiting = Handover.objects.filter(
        station=scope.station, unit=scope.unit, from_staff=by, state=HandoverState.WAITING
    ).select_related("to_staff")  # fmt: skip
    for other in waiting[:1]:
        raise Refused("handover_waiting", name=other.to_staff.name)


def _check_words(note: str, notes: Mapping[int, str]) -> None:
    """Refuse words that are too long or that identify a person; the refusal names the field of the page."""
    for field, words, most in (
        ("note", note, LONGEST_REMARK), *((f"note-{pk}", words, LONGEST_NOTE) for pk, words in notes.items())
    ):  # fmt: skip
        if len(words) > most:
            raise Refused("too_long", field=field, most=most)
        refuse_personal(words, field)


def _check_waiting(handover: Handover) -> None:
    if handover.state == HandoverState.SIGNED:
        raise Refused("handover_signed")
    if handover.state == HandoverState.WITHDRAWN:
        raise Refused("handover_withdrawn")


def _give(handover: Handover, matter_id: int, to: Staff, now: datetime) -> str:
    """Assign one matter to the one who comes, and say what kept it where it is: a code, or nothing.

    It is the one who leaves that gives it, as their signature says; where their post does not allow it, the one who
    comes takes it.
    """
    state = store.lock(matter_id)
    if state.station != handover.station_id or state.assignee != handover.from_staff_id:
        return "moved_on"
    leaver = handover.from_staff
    why = draft.why_not(state, actor_of(leaver, state.station))
    if why == "wrong_state":
        return why
    giver, told = (to, now) if why else (leaver, handover.signed_from_at)
    try:
        with telling.silent():  # both have just read it on the page
            apply(
                matter_id, commands.Assign(person=to.pk), by=giver, version=state.version,
                key=f"{SUBJECT}:{handover.pk}:{matter_id}", now=now, occurred_at=told,
            )  # fmt: skip
    except Refused as refused:
        return refused.code
    return ""


def _record(handover: Handover, version: int, kind: str, by: Staff, now: datetime) -> None:
    """Write the step into the station's chain: who, when, how many, and a hash of the page as it stands."""
    snapshot: Snapshot = handover.snapshot
    payload: dict[str, Any] = {
        "from": handover.from_staff_id,
        "to": handover.to_staff_id,
        "unit": handover.unit_id,
        "since": instant(handover.since),
        "until": instant(handover.until),
        "counts": snapshot["counts"],
        "chosen": snapshot["chosen"],
        "page": sha256(canonical(snapshot).encode()).hexdigest(),
    }
    if "given" in snapshot:
        payload["given"] = snapshot["given"]
    draft_of_event = journal.Draft((SUBJECT, handover.pk, version), f"handover.{kind}", by.pk, now, payload)
    journal.append(handover.station_id, [draft_of_event], now)
