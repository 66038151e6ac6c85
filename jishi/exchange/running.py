"""What every import does with the rows of its table: it judges the columns, counts, and notes what is rejected."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Generic, TypeVar

from jishi.exchange.reading import Rejection, RowReader, safe_cells
from jishi.exchange.report import Rejects, Report
from jishi.exchange.tables import Row, Table
from jishi.privacy import looks_personal_column
from jishi.stations.models import Station

BATCH = 1_000
_SAMPLE = 200

Reader = TypeVar("Reader", bound=RowReader)
Told = TypeVar("Told", bound=Report)


def batches(rows: Iterator[Row], most: int = 0, size: int = BATCH) -> Iterator[list[Row]]:
    """The rows, so many at once; only the first ``most`` where that is given."""
    rows = islice(rows, most or None)
    while batch := list(islice(rows, size)):
        yield batch


class TableRun(Generic[Reader, Told]):
    """One run over a table: what it knows of the columns, and its report."""

    def __init__(self, reader: Reader, table: Table, station: Station, report: Told) -> None:
        self.reader = reader
        self.columns = reader.columns
        self.table = table
        self.station = station
        self.report = report
        self._judged = len(table.header)
        self._sampled = False
        self._shown: list[int] = []
        about = reader.table_map.about
        report.format, report.encoding = table.format, table.encoding
        report.attribution, report.licence = about.get("attribution", ""), about.get("licence", "")

    def shown_header(self) -> list[str]:
        """The columns that the rejects file shows."""
        return [name for place, name in enumerate(self.table.header) if self.columns.may_show(place)]

    def look_at(self, rows: list[Row]) -> None:
        """Learn from a batch of rows about its columns, before the rows are read."""
        if not self._sampled:
            self._sampled = True
            self._find_personal(rows[:_SAMPLE])
            self._shown = [place for place in range(len(self.table.header)) if self.columns.may_show(place)]
        if len(self.table.header) > self._judged:
            self.columns.learn(self._judged)
            self._judged = len(self.table.header)

    def shown_cells(self, row: Row) -> list[str]:
        """The cells of a row as the rejects file may show them; none where they do not stand under the header."""
        ragged = len(row.cells) != len(self.table.header) and self.table.format != "geojson"
        cells = [] if ragged else [row.cells[place] if place < len(row.cells) else "" for place in self._shown]
        return safe_cells(cells)

    def reject(self, number: int, rejection: Rejection, cells: list[str], rejects: Rejects) -> None:
        """Count a row that is not taken, and note it in the rejects file."""
        self.report.rejected += 1
        self.report.rejected_by[rejection.reason] += 1
        rejects.add(number, rejection.column, rejection.reason, cells)

    def finished(self) -> Told:
        """The report, once the last row was taken."""
        report = self.report
        report.dropped_columns = dict(self.columns.dropped)
        report.party_columns = [self.table.header[place] for place in self.columns.party_columns.values()]
        if not report.balanced:
            raise AssertionError(f"rows went missing: {report.as_dict()}")
        return report

    def _find_personal(self, rows: list[Row]) -> None:
        """Look for columns whose cells identify people although their names do not say so."""
        for place in range(len(self.table.header)):
            cells = [row.cells[place] for row in rows if place < len(row.cells)]
            kind = None if self.columns.is_private(place) else looks_personal_column("", cells)
            if kind:
                self.columns.mark_personal(place, kind)
