"""What a receipt shows: where the matter stands, whose turn it is, what happened, the answer, and what may be done.

Whoever reported a duplicate is shown the matter that it was merged into, and is answered from there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from jishi.journal import queries as journal
from jishi.matters import catalogue, loop, store
from jishi.matters import timeline as matters_timeline
from jishi.matters.events import SUBJECT
from jishi.matters.loop import public
from jishi.matters.models import Evidence, Matter, Rating, Text
from jishi.matters.queries.page import names_of
from jishi.matters.queries.published import NOTHING, Published, published
from jishi.window import story
from jishi.window.models import Held, Receipt
from jishi.window.queries.receipts import Opened

#: Something that happened, and what it holds.
Event = tuple[matters_timeline.Raw, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened.  ``words`` are those that the holder of the receipt wrote, ``photos`` counts files."""

    at: datetime
    sentence: str
    words: str = ""
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the five stages.  ``state`` is ``done``, ``here`` or ``ahead``; ``at`` is when it was come to."""

    label: story.Words
    state: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The desk's answer as it wrote it; ``text`` is empty once it was purged."""

    text: str
    at: datetime
    outcome: story.Words


@dataclass(slots=True)
class Tracked:
    """What the page shows.  ``matter`` is the one that the receipt was given for, ``subject`` the one that it is answered
    from; both are None for a report in quarantine, which is ``held``.

    ``may`` names what may be done: ``add``, ``withdraw``, ``rate``, ``dispute``, ``unfollow``.  ``reopens`` says whether
    "not mended" begins a new round, and ``until`` until when it does.
    """  # noqa: E501

    receipt: Receipt
    number: str
    held: Held | None = None
    matter: Matter | None = None
    subject: Matter | None = None
    state: loop.State | None = None
    stages: list[Stage] = field(default_factory=list)
    turn: str = ""
    due: datetime | None = None
    answer_due: datetime | None = None
    category: str = ""
    lines: list[Line] = field(default_factory=list)
    answer: Answer | None = None
    published: Published = NOTHING
    rating: Rating | None = None
    may: frozenset[str] = frozenset()
    reopens: bool = False
    until: datetime | None = None

    @property
    def is_reporter(self) -> bool:
        """Whether its holder reported it."""
        return self.receipt.kind == Receipt.Kind.REPORTER

    @property
    def joined(self) -> bool:
        """Whether it was merged into another matter."""
        return self.subject is not None and self.matter is not None and self.subject.pk != self.matter.pk


def subject_of(matter: Matter) -> Matter:
    """The matter from which a matter's reporter is answered: itself, or what it was merged into."""
    while matter.root_id is not None:
        matter = Matter.objects.select_related("station", "responsible_unit").get(pk=matter.root_id)
    return matter


def tracked(opened: Opened, now: datetime) -> Tracked:
    """All that a receipt shows."""
    receipt, matter = opened.receipt, opened.matter
    if matter is None:
        held = receipt.held
        return Tracked(receipt, held.number if held else "", held)
    subject = subject_of(matter)
    state = store.state_of((getattr(subject, name) for name in store.COLUMNS), store.running_clocks(subject.pk))
    found = Tracked(receipt, matter.number, receipt.held, matter, subject, state)
    category = catalogue.categories().get(subject.category_id or "")
    found.category = category.name if category else ""
    unit = subject.responsible_unit.name if subject.responsible_unit else subject.station.name
    found.turn = str(story.TURNS[state.state]) % {"unit": unit}
    found.due = state.next_due
    clock = state.clock("answer")
    found.answer_due = clock.due if clock is not None and not clock.paused else None
    _tell(found, state, now)
    found.rating = Rating.objects.filter(matter=subject, cycle=state.cycle, by="public").first()
    found.published = published(subject) if subject.published else NOTHING
    found.may = _may(found, state)
    if state.state == "answered" and "rate" not in found.may:
        found.turn = str(story.TURN_OVER)
    rules = catalogue.rules_of(state.station)
    found.reopens = public.reopens(state, now, rules)
    since = state.answered_at or state.closed_at
    found.until = since + timedelta(days=rules.policy.limits["dispute_days"]) if since else None
    return found


def _may(it: Tracked, state: loop.State) -> frozenset[str]:
    """What the holder may do now; the one who reported has the first word on whether it is mended."""
    if it.subject is None or it.subject.purged_at is not None:
        return frozenset()
    may = set(loop.allowed(state, loop.public_actor())) & {"add", "rate", "dispute", "withdraw"}
    if not it.is_reporter or it.joined:
        may -= {"withdraw"}
    if not it.is_reporter and _has_reporter(it.subject.pk):
        may -= {"rate"}
    return frozenset(may | ({"unfollow"} if not it.is_reporter else set()))


def _has_reporter(matter_id: int) -> bool:
    return Receipt.objects.filter(matter=matter_id, kind=Receipt.Kind.REPORTER, purged_at=None).exists()


def _tell(it: Tracked, state: loop.State, now: datetime) -> None:
    """The history of both matters as one, the stages with their moments, and the answer of this round."""
    assert it.matter is not None
    assert it.subject is not None
    own = [] if not it.joined else _events(it.matter.pk)
    events = _events(it.subject.pk)
    wanted = matters_timeline.pointed_to((None, payload) for _raw, payload in (*own, *events))
    names = names_of({kind: ids for kind, ids in wanted.items() if kind != "matters"})
    moments, answered = _moments(events)
    earlier = set() if it.joined else _answers_before(events, answered, it.receipt)
    lines = _lines(it.matter.pk, own, names, it.receipt) + _lines(it.subject.pk, events, names, it.receipt, earlier)
    it.lines = sorted(lines, key=lambda line: line.at, reverse=True)
    if answered is not None and state.state in ("answered", "closed"):
        version, at = answered
        body = Text.objects.filter(matter=it.subject.pk, version=version, kind=Text.Kind.NOTE)
        text = body.values_list("body", flat=True).first() or ""
        it.answer = Answer(text, at, story.OUTCOMES.get(state.outcome, ""))
    here = list(loop.STAGES).index(loop.STAGE_OF[state.state])
    done = state.state in ("answered", "closed")
    it.stages = [
        Stage(label, "done" if place < here or done else "here" if place == here else "ahead", moments.get(stage))
        for place, (stage, label) in enumerate(story.STAGES.items())
    ]


def _events(matter_id: int) -> list[Event]:
    rows = journal.events_of(SUBJECT, matter_id).values_list(
        "subject_version", "kind", "actor_id", "occurred_at", "recorded_at", "payload"
    )
    raws = [matters_timeline.Raw(row[0], row[1].partition(".")[2], *row[2:]) for row in rows]
    return [(raw, matters_timeline.payload_of(raw)) for raw in raws]


def _answers_before(events: Sequence[Event], answered: tuple[int, datetime] | None, receipt: Receipt) -> set[int]:
    """The versions of the answers of earlier rounds that the holder of this receipt was given."""
    given = {
        raw.version for raw, _payload in events if raw.kind == "answered" and raw.recorded_at >= receipt.created_at
    }
    return given - ({answered[0]} if answered is not None else set())


def _lines(
    matter_id: int, events: Sequence[Event], names: Any, receipt: Receipt, answers: Collection[int] = ()
) -> list[Line]:
    """The lines of one matter; of what was written, only what this holder wrote and the ``answers`` to them."""
    mine = {
        raw.version
        for raw, payload in events
        if payload.get("facts", {}).get("receipt") == receipt.pk
        or (raw.kind == "reported" and matter_id == receipt.matter_id and receipt.kind == Receipt.Kind.REPORTER)
    }
    bodies: dict[int, str] = {}
    rows = Text.objects.filter(matter=matter_id, version__in=mine | set(answers)).exclude(kind=Text.Kind.TITLE)
    for version, body in rows.order_by("pk").values_list("version", "body"):
        bodies[version] = f"{bodies[version]}\n{body}" if version in bodies else body
    files: dict[int, int] = {}
    for version in Evidence.objects.filter(matter=matter_id, version__in=mine).values_list("version", flat=True):
        files[version] = files.get(version, 0) + 1
    found = []
    unit: int | None = None
    for (raw, payload), after in zip_longest(events, events[1:]):
        sets, facts = payload.get("set", {}), payload.get("facts", {})
        unit = sets.get("unit", unit)
        if after is not None and _is_one_act((raw, payload), after):
            continue  # told by what came of it
        is_mine = raw.version in mine
        said = story.sentence_of(story.Told(raw.kind, {"unit": unit, **sets}, facts, names, is_mine))
        if said:
            found.append(Line(raw.recorded_at, said, bodies.get(raw.version, ""), files.get(raw.version, 0)))
    return found


def _is_one_act(rated: Event, after: Event) -> bool:
    """Whether these two were one sending of one receipt: "not mended" with its stars, and what that led to."""
    (before, said), (raw, payload) = rated, after
    by = said.get("facts", {}).get("receipt")
    return (
        before.kind == "rated" and raw.kind in ("disputed", "appealed")
        and not said.get("set", {}).get("mended")
        and by is not None and by == payload.get("facts", {}).get("receipt")
    )  # fmt: skip


def _moments(events: Sequence[Event]) -> tuple[dict[str, datetime], tuple[int, datetime] | None]:
    """When each stage of this round was come to, and the version and moment of its answer."""
    moments: dict[str, datetime] = {}
    answered: tuple[int, datetime] | None = None
    order = list(loop.STAGES)
    for raw, payload in events:
        state = payload.get("set", {}).get("state")
        if state is None:
            continue
        stage = loop.STAGE_OF[state]
        for later in order[order.index(stage) + 1 :]:
            moments.pop(later, None)
        if stage != "feedback":
            answered = None
            moments.setdefault(stage, raw.recorded_at)
        if raw.kind == "answered":
            answered = raw.version, raw.recorded_at
            moments["feedback"] = raw.recorded_at
    return moments, answered
