"""Small before big (防小变大): for which reasons a matter deserves a look before it grows.  Pure; the limits are data."""  # noqa: E501

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on: times within days for places and kinds, days open by grade, times returned and opened again."""

    place_times: int
    place_days: int
    kind_times: int
    kind_days: int
    ageing: Mapping[int, int]
    returned: int
    reopened: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A matter as it is weighed.

    ``open_since`` is None where it is closed; ``here`` counts the matters at its place and ``alike`` those of its
    category nearby, itself among them, where it is the newest of them.
    """

    grade: int = 0
    open_since: datetime | None = None
    returned: int = 0
    reopened: int = 0
    here: int = 0
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason and its figures: the code of a sentence, no words."""

    code: str
    facts: Mapping[str, int]


def reasons_of(seen: Seen, limits: Limits, now: datetime) -> list[Reason]:
    """All reasons to look at this matter now, the one about its place first."""
    found = []
    if seen.here >= limits.place_times:
        found.append(Reason("same_place", {"count": seen.here, "days": limits.place_days}))
    if seen.alike >= limits.kind_times:
        found.append(Reason("same_kind", {"count": seen.alike, "days": limits.kind_days}))
    if seen.open_since is None:
        return found
    if seen.returned >= limits.returned:
        found.append(Reason("returned", {"count": seen.returned}))
    if seen.reopened >= limits.reopened:
        found.append(Reason("reopened", {"count": seen.reopened}))
    days = limits.ageing.get(seen.grade)
    if days is not None and now - seen.open_since >= timedelta(days=days):
        found.append(Reason("ageing", {"days": (now - seen.open_since).days}))
    return found


@cache
def limits() -> Limits:
    """The limits of the catalogue."""
    text = resources.files("jishi.matters").joinpath("catalog", "small.toml").read_text(encoding="utf-8")
    return read_limits(tomllib.loads(text))


def read_limits(data: Mapping[str, Any]) -> Limits:
    """The limits as the catalogue's file gives them."""
    place, kind = data["same_place"], data["same_kind"]
    return Limits(
        place["times"], place["days"], kind["times"], kind["days"],
        {int(grade): days for grade, days in data["ageing"].items()},
        data["returned"]["times"], data["reopened"]["times"],
    )  # fmt: skip
