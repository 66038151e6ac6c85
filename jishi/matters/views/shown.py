"""A row as it is shown: names for its ids, its place in the loop, its clock, and the command that is likely next."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jishi.matters import catalogue, labels
from jishi.matters.loop import STAGE_OF, STAGES, Actor, State, allowed
from jishi.matters.models import MatterState, Outcome
from jishi.matters.queries.desk import Worker

_POSITION = {stage: place for place, stage in enumerate(STAGES, start=1)}
#: Commands that need nothing filled in, so that the row gives them with one click.
_ONE_CLICK = frozenset({"accept", "close", "resume"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a list, ready to draw.  ``verb`` is empty where this person has no likely command."""

    row: Mapping[str, Any]
    category: str
    area: str
    unit: str
    position: int
    closed: bool
    back: bool
    asked: bool
    state: str
    outcome: str
    urgent: Any = ""
    verb: str = ""
    label: Any = ""
    key: str = ""

    @property
    def one_click(self) -> bool:
        """Whether the likely command needs nothing filled in."""
        return self.verb in _ONE_CLICK

    @property
    def state_said(self) -> bool:
        """Whether the stage alone says too little: a stage of several states."""
        return not self.closed and self.row["state"] in ("suspended", "submitted", "checked", "answered")

    @property
    def inherited(self) -> bool:
        """Whether it stands in the backlog, where no clock presses yet."""
        return bool(self.row["state"] == "inherited")

    @property
    def pick(self) -> str:
        """What a tick box sends: the matter in the version that is shown."""
        return f"{self.row['number']}:{self.row['version']}"

    @property
    def closed_at(self) -> dt.datetime | None:
        """When it was closed."""
        return self.row["closed_at"]  # type: ignore[no-any-return]


def shown(rows: Iterable[Mapping[str, Any]], worker: Worker) -> list[Shown]:
    """The rows of one station as they are shown to this person."""
    ground, categories = catalogue.ground(worker.station), catalogue.categories()
    actor = Actor(worker.id, worker.roles, worker.units)
    found = []
    for row in rows:
        verb = _likely(row, actor)
        category = categories.get(row["category_id"] or "")
        found.append(
            Shown(
                row=row,
                category=category.name if category else "",
                area=ground.area_names.get(row["area_id"] or 0, ""),
                unit=ground.unit_names.get(row["responsible_unit_id"] or row["unit_id"] or 0, ""),
                position=_POSITION[STAGE_OF[row["state"]]],
                closed=row["state"] == "closed",
                asked=bool(row["asked"]),
                back=bool(row["returned"] or row["reworked"] or row["reopened"]),
                state=str(MatterState(row["state"]).label),
                outcome=str(Outcome(row["outcome"]).label) if row["outcome"] else "",
                urgent=labels.URGENT.get(row["urgent"], ""),
                verb=verb,
                label=labels.VERBS.get(verb, ""),
                key=uuid.uuid4().hex if verb in _ONE_CLICK else "",
            )
        )
    return found


def _likely(row: Mapping[str, Any], actor: Actor) -> str:
    """The command that moves the matter on, if this person may give it; a closed one rests."""
    if row["state"] == "closed":
        return ""
    state = State(
        station=row["station_id"], state=row["state"], outcome=row["outcome"], mended=row["mended"],
        responsible_unit=row["responsible_unit_id"], assignee=row["assignee_id"], submitter=row["submitter_id"],
        open_tasks=row["open_tasks"], run=row["run"],
    )  # fmt: skip
    may = allowed(state, actor)
    verb = labels.likely_of(row["state"], row["asked"], may)
    return verb if verb in may else ""
