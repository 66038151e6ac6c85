"""Who is told for a unit, a station, a bureau: who works there, who leads, and who is on duty at a moment.

Read on every push, so it is remembered for a few seconds; who is on duty now is looked up in what is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from jishi.stations.models import Post, Role, Shift, Station
from jishi.stations.remember import Remembered

#: For so long a post or a shift that another process changed may go unnoticed.
SECONDS = 15
#: Roles that only look on: they are never told that something is to be done.
LOOK_ON = frozenset({Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR})
#: Bureau posts that are told when a station does not act.
BUREAU_DUTY = (Role.CHIEF, Role.DEPUTY, Role.DESK)
_AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift: whose, in which unit (None: for the whole station), from when until when."""

    staff: int
    unit: int | None
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Crew:
    """The people of one station, by unit and by role, and those of the bureau above it."""

    members: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    leads: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    by_role: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    bureau: tuple[int, ...] = ()
    turns: tuple[Turn, ...] = ()
    bureau_turns: tuple[Turn, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)

    def of_unit(self, unit_id: int, at: datetime) -> tuple[int, ...]:
        """Who is told for a unit: its members on duty, else all its members, else the leaders of the station."""
        members = self.members.get(unit_id, ())
        return self._on(members, at, unit_id) or members or self.leaders()

    def leads_of(self, unit_id: int) -> tuple[int, ...]:
        """Who leads a unit; the deputies where nobody does, the chief where there is no deputy."""
        return self.leads.get(unit_id, ()) or self.with_role(Role.DEPUTY) or self.with_role(Role.CHIEF)

    def with_role(self, role: str) -> tuple[int, ...]:
        """Everybody of the station with a role."""
        return self.by_role.get(role, ())

    def leaders(self) -> tuple[int, ...]:
        """The chief and the deputies."""
        return self.with_role(Role.CHIEF) + self.with_role(Role.DEPUTY)

    def bureau_duty(self, at: datetime) -> tuple[int, ...]:
        """The bureau's people on duty, else all of them who take such calls."""
        on = tuple(dict.fromkeys(turn.staff for turn in self.bureau_turns if turn.starts <= at < turn.ends))
        return on or self.bureau

    def on_duty(self, at: datetime, unit_id: int | None = None) -> tuple[int, ...]:
        """Who is on duty: in one unit (or for the whole station), or anywhere in the station."""
        return tuple(
            dict.fromkeys(
                turn.staff
                for turn in self.turns
                if turn.starts <= at < turn.ends and (unit_id is None or turn.unit in (None, unit_id))
            )
        )

    def _on(self, members: tuple[int, ...], at: datetime, unit_id: int) -> tuple[int, ...]:
        on = set(self.on_duty(at, unit_id))
        return tuple(staff for staff in members if staff in on)


def crew_of(station_id: int) -> Crew:
    """The people of a station, at most some seconds old."""
    return _crews.get(station_id)


def forget() -> None:
    """Look again from now on."""
    _crews.forget()


def _load(station_id: int) -> Crew:
    bureau_id = Station.objects.values_list("bureau_id", flat=True).get(pk=station_id)
    members: dict[int, list[int]] = {}
    leads: dict[int, list[int]] = {}
    by_role: dict[str, list[int]] = {}
    names: dict[int, str] = {}
    posts = Post.objects.filter(station_id=station_id, staff__is_active=True).order_by("pk")
    rows: Iterable[tuple[int, str, str, int | None, bool]] = posts.values_list(
        "staff_id", "staff__name", "role", "unit_id", "lead"
    )
    for staff, name, role, unit, lead in rows:
        names[staff] = name
        by_role.setdefault(role, []).append(staff)
        if unit is not None and role not in LOOK_ON:
            members.setdefault(unit, []).append(staff)
            if lead:
                leads.setdefault(unit, []).append(staff)
    at_bureau = Post.objects.filter(bureau_id=bureau_id, staff__is_active=True, role__in=BUREAU_DUTY).order_by("pk")
    bureau = dict(at_bureau.values_list("staff_id", "staff__name"))
    return Crew(
        _tuples(members),
        _tuples(leads),
        _tuples(by_role),
        tuple(bureau),
        _turns(station_id=station_id),
        _turns(bureau_id=bureau_id),
        {**bureau, **names},
    )


def _turns(**where: int) -> tuple[Turn, ...]:
    now = timezone.now()
    rows = Shift.objects.filter(**where, ends__gt=now - _AHEAD, starts__lt=now + _AHEAD, staff__is_active=True)
    return tuple(Turn(*row) for row in rows.order_by("starts").values_list("staff_id", "unit_id", "starts", "ends"))


def _tuples(found: Mapping[Any, Iterable[int]]) -> dict[Any, tuple[int, ...]]:
    return {key: tuple(dict.fromkeys(values)) for key, values in found.items()}


_crews: Remembered[int, Crew] = Remembered(_load, SECONDS)
