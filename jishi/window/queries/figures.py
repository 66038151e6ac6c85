"""The figures that were given out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jishi.matters import catalogue
from jishi.window.models import FiguresRelease
from jishi.window.quarters import Quarter


def quarters_at(station_id: int) -> list[Quarter]:
    """The quarters whose figures were given out, the newest first."""
    rows = FiguresRelease.objects.filter(station=station_id).order_by("-quarter")
    return [Quarter(day) for day in rows.values_list("quarter", flat=True)]


def figures_of(station_id: int, quarter: Quarter) -> dict[str, Any] | None:
    """The tables of a quarter, each line with its name in the reader's language; None where none were given out."""
    found = FiguresRelease.objects.filter(station=station_id, quarter=quarter.first).defer("rows").first()
    if found is None:
        return None
    known = catalogue.categories()
    kinds = [
        {**line, "name": known[line["kind"]].name if line["kind"] in known else ""} for line in found.tables["kinds"]
    ]
    return {**found.tables, "kinds": kinds, "made_at": found.made_at}


def open_rows(station_id: int, year: int) -> Iterator[list[Any]]:
    """The lines of the open data of one year, quarter by quarter."""
    rows = FiguresRelease.objects.filter(station=station_id, quarter__year=year).order_by("quarter")
    for release in rows.values_list("rows", flat=True).iterator(chunk_size=1):
        yield from release


def years_at(station_id: int) -> list[int]:
    """The years of which there is open data, the newest first."""
    return sorted({quarter.first.year for quarter in quarters_at(station_id)}, reverse=True)
