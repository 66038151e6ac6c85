"""The tables: what was counted, and what of it is shown outside the station."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

MEASURES = ("households", "long_term", "temporary")

LEAST = 5
"""The least count that is shown.  Less, and zero too, is withheld under the one mark."""

HELP_LEAST = 5
"""The least help count (80 and over living alone, and the like) that stands anywhere, inside the station too."""


def help_count(value: int) -> int | None:
    """The count of those who may need help in one area, or None when it is too small to be kept or shown.

    Help counts stand at area level only, and no total is ever made of them, so that nothing can be subtracted.
    """
    return value if value >= HELP_LEAST else None


@dataclass(frozen=True, slots=True)
class Row:
    """One building's count.  An area counted as a whole, or its remainder, is a row of its own within that area."""

    area: str
    place: str
    households: int
    long_term: int
    temporary: int


@dataclass(frozen=True)
class Release:
    """The latest counts of a station's buildings as they stood on one date, as the station itself knows them."""

    on: date
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if len({row.place for row in self.rows}) != len(self.rows):
            raise ValueError("A place stands twice in one release")
        if any(getattr(row, measure) < 0 for row in self.rows for measure in MEASURES):
            raise ValueError("A count is less than zero")

    @cached_property
    def totals(self) -> dict[str, dict[str, int]]:
        """Each measure's sum by area."""
        sums: dict[str, dict[str, int]] = {measure: {} for measure in MEASURES}
        for row in self.rows:
            for measure, by_area in sums.items():
                by_area[row.area] = by_area.get(row.area, 0) + getattr(row, measure)
        return sums


@dataclass(frozen=True, slots=True)
class Withheld:
    """What of one measure is not shown: places, totals of areas, the total of the station."""

    places: frozenset[str]
    areas: frozenset[str]
    station: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line as an outsider sees it; None is the mark.  A total names no place, the station's no area either."""

    area: str | None
    place: str | None
    households: int | None
    long_term: int | None
    temporary: int | None

    @property
    def residents(self) -> int | None:
        """Long-term and temporary together; withheld when either is, so that it never says more than they do."""
        if self.long_term is None or self.temporary is None:
            return None
        return self.long_term + self.temporary


@dataclass(frozen=True)
class Published:
    """A release with what is withheld of it: kept whole inside the station, shown outside by ``lines`` alone."""

    release: Release
    withheld: Mapping[str, Withheld]

    def lines(self) -> Iterator[Line]:
        """The table for outsiders and for every export: the station's total, then each area's total and places."""
        by_area: dict[str, list[Row]] = {}
        for row in self.release.rows:
            by_area.setdefault(row.area, []).append(row)
        totals = self.release.totals
        yield Line(
            None, None, *(None if self.withheld[name].station else sum(totals[name].values()) for name in MEASURES)
        )
        for area, rows in sorted(by_area.items()):
            yield Line(
                area, None, *(None if area in self.withheld[name].areas else totals[name][area] for name in MEASURES)
            )
            for row in sorted(rows, key=lambda row: row.place):
                shown = (None if row.place in self.withheld[name].places else getattr(row, name) for name in MEASURES)
                yield Line(area, row.place, *shown)

    def as_data(self) -> dict[str, Any]:
        """Plain data to keep; ``from_data`` reads it back.  It holds what is withheld: never send it out."""
        return {
            "on": self.release.on.isoformat(),
            "rows": [[row.area, row.place, *(getattr(row, name) for name in MEASURES)] for row in self.release.rows],
            "withheld": {
                name: {"places": sorted(one.places), "areas": sorted(one.areas), "station": one.station}
                for name, one in self.withheld.items()
            },
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Published:
        """What ``as_data`` wrote."""
        release = Release(date.fromisoformat(data["on"]), tuple(Row(*row) for row in data["rows"]))
        return cls(
            release,
            {
                name: Withheld(frozenset(one["places"]), frozenset(one["areas"]), bool(one["station"]))
                for name, one in data["withheld"].items()
            },
        )
