"""H3 cells as integers that fit a signed 64-bit column."""

from __future__ import annotations

import h3.api.basic_int as h3

RESOLUTION = 9  # about 0.1 km², a few blocks


def cell_of(lon: float, lat: float, resolution: int = RESOLUTION) -> int:
    """The cell that holds the point."""
    return int(h3.latlng_to_cell(lat, lon, resolution))


def parent(cell: int, resolution: int) -> int:
    """The coarser cell around a cell."""
    return (cell & ~(15 << 52)) | (resolution << 52) | ((1 << 3 * (15 - resolution)) - 1)


def parent_sql(column: str, resolution: int) -> str:
    """The same in SQL for SQLite and PostgreSQL; ``column`` is a name from code, never from outside."""
    return f"(({column} & ~{15 << 52}) | {resolution << 52} | {(1 << 3 * (15 - resolution)) - 1})"


def around(cell: int, rings: int = 1) -> list[int]:
    """The cell and its neighbours, out to ``rings`` cells."""
    return [int(found) for found in h3.grid_disk(cell, rings)]


def centre(cell: int) -> tuple[float, float]:
    """The middle of a cell: longitude and latitude in degrees."""
    lat, lon = h3.cell_to_latlng(cell)
    return float(lon), float(lat)
