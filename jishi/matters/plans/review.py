"""The review of a run: what happened, what was late, what was skipped and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from jishi.journal import queries as journal
from jishi.matters.events import SUBJECT
from jishi.matters.models import Matter, Text
from jishi.matters.plans.queries import Board, Card, board_of
from jishi.matters.queries.page import matter_page
from jishi.matters.timeline import Entry
from jishi.stations.models import Staff


@dataclass(frozen=True, slots=True)
class Review:
    """A run looked at afterwards."""

    board: Board
    entries: Sequence[Entry]
    late: Sequence[Card]
    skipped: Sequence[tuple[Card, str]]

    @property
    def took(self) -> timedelta | None:
        """How long it ran."""
        run = self.board.run
        return run.ended_at - run.started_at if run.ended_at else None


def review_of(user: Staff, matter: Matter, number: int | None = None) -> Review | None:
    """The review of a run; None where no plan ran."""
    board = board_of(user, matter, number)
    if board is None:
        return None
    run = board.run
    page = matter_page(user, matter.number)
    entries = [
        entry for entry in page.entries
        if entry.at >= run.started_at and (run.ended_at is None or entry.at <= run.ended_at)
        and entry.kind.startswith(("plan_", "task_", "logged"))
    ]  # fmt: skip
    why = _reasons(matter, run.number)
    skipped = [(card, why.get(card.row.code, "")) for card in board.cards if card.row.state == "skipped"]
    return Review(board, entries, [card for card in board.cards if card.late], skipped)


def _reasons(matter: Matter, number: int) -> dict[str, str]:
    """Why each task of a run was skipped, by its code."""
    rows = journal.events_of(SUBJECT, matter.pk).filter(
        kind__in=("matter.plan_started", "matter.task_skipped", "matter.plan_ended")
    )
    bodies = dict(Text.objects.filter(matter=matter, kind=Text.Kind.REASON).values_list("version", "body"))
    found: dict[str, str] = {}
    at = 0
    for event in rows.order_by("subject_version"):
        payload = json.loads(event.payload)
        at = payload["set"]["run"] if event.kind == "matter.plan_started" else at
        if at != number or event.kind == "matter.plan_started":
            continue
        codes = [task["code"] for task in payload.get("tasks", ()) if task["state"] == "skipped"]
        found |= dict.fromkeys(codes, bodies.get(event.subject_version, ""))
    return found
