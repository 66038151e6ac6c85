"""Cells fit the column, and the parent by bits is the parent by h3."""

import sqlite3

import h3.api.basic_int as h3
from hypothesis import given
from hypothesis import strategies as st

from jishi.geo import cells

points = st.tuples(st.floats(-180, 180), st.floats(-85, 85))


@given(points, st.integers(0, 9))
def test_parent(point, resolution):
    cell = cells.cell_of(*point)
    assert 0 < cell < 2**63
    assert cells.parent(cell, resolution) == h3.cell_to_parent(cell, resolution)


def test_parent_in_sql():
    cell = cells.cell_of(116.4, 39.9)
    found = sqlite3.connect(":memory:").execute(f"SELECT {cells.parent_sql('cell', 7)} FROM (SELECT ? AS cell)", [cell])
    assert found.fetchone() == (cells.parent(cell, 7),)


def test_around_is_the_cell_and_its_six_neighbours():
    cell = cells.cell_of(116.4, 39.9)
    assert len(cells.around(cell)) == 7
    assert cell in cells.around(cell)
    assert cells.around(cell, 0) == [cell]
