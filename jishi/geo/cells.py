"""Hexagonal cells (Uber's H3) as integers that fit a signed 64-bit column."""

from __future__ import annotations

import h3.api.basic_int as h3

#: Resolution of the cell that stands on each row: hexagons of about 0.1 km².
RESOLUTION = 9


def cell_of(lon: float, lat: float, resolution: int = RESOLUTION) -> int:
    """The cell that holds a point, given in degrees WGS-84."""
    return int(h3.latlng_to_cell(lat, lon, resolution))


def parent(cell: int, resolution: int) -> int:
    """The cell of a coarser resolution around ``cell``; the same arithmetic works in SQL."""
    return (cell & ~(15 << 52)) | (resolution << 52) | ((1 << (3 * (15 - resolution))) - 1)


def around(cell: int, rings: int = 1) -> list[int]:
    """The cell and its neighbours, out to ``rings`` cells."""
    return [int(found) for found in h3.grid_disk(cell, rings)]
