"""Brings a list of places, organisations or things into a station's register; rows of one key become its history.

The file is read through once, each row mapped and put aside on disk; only then are the rows of each key taken up in the
order of their moments and written, so that a file that must be refused writes nothing and memory does not grow with
the file.  Batches of whole keys are one transaction each: a run that was killed half-way is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from jishi.exchange.grounds import register_ground
from jishi.exchange.reading import Rejection
from jishi.exchange.register_map import RegisterMap, read_register_map
from jishi.exchange.register_rows import Place, PlaceMapper
from jishi.exchange.report import RegisterReport, Rejects, open_rejects
from jishi.exchange.running import TableRun, batches
from jishi.exchange.spool import Kept, Spool
from jishi.exchange.tables import Row, Table, open_table
from jishi.register.actions import Entry, Lister, Outcome, ask_for_pairs
from jishi.register.folding import CREATED, UNCHANGED, UPDATED, Said
from jishi.stations.models import Staff, Station

BATCH = 2_000

Progress = Callable[[int], object]
#: Hears of every row that is not taken: its number and why.
Noted = Callable[[int, Rejection], object]


def import_register(
    path: Path,
    map_path: Path | RegisterMap,
    station: Station,
    *,
    by: Staff | None,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
    noted: Noted | None = None,
    name: str = "",
    now: datetime | None = None,
) -> RegisterReport:
    """Import the elements of a file as a map says, and account for every row.

    The options are those of :func:`jishi.exchange.matters_import.import_matters`; ``progress`` hears how many rows were
    read, then how many are done.  Raises Refused when the file, the map or the station cannot be used at all; that
    includes points that cannot be degrees.
    """
    map_ = map_path if isinstance(map_path, RegisterMap) else read_register_map(map_path)
    now = now or timezone.now()
    lister = Lister(station, map_.source, by=by, now=now)
    ground = register_ground(station)
    with open_table(path, map_.file, name or path.name) as table, Spool() as spool:
        mapper = PlaceMapper(map_, table.header, ground, now, geojson=table.format == "geojson")
        run = _Run(mapper, table, station, dry_run, keep_cells=rejects is not None and not map_.ordered, noted=noted)
        with open_rejects(rejects, run.shown_header) as sink:
            for batch in batches(table.rows()):
                run.take(batch, spool, sink)
                _tell(progress, run.report.read)
            mapper.points.check_degrees()
            for entries in run.entries(spool, sink):
                run.count(entries, lister.look(entries) if dry_run else lister.write(entries))
                _tell(progress, run.done)
        if run.report.created + run.report.updated and not dry_run:
            ask_for_pairs(station, by=None)
        return run.finished()


def _tell(progress: Progress | None, done: int) -> None:
    if progress is not None:
        progress(done)


class _Run(TableRun[PlaceMapper, RegisterReport]):
    """One import: maps the rows and puts them aside, takes them up by key, counts everything."""

    def __init__(
        self, mapper: PlaceMapper, table: Table, station: Station, dry_run: bool, *, keep_cells: bool,
        noted: Noted | None,
    ) -> None:  # fmt: skip
        report = RegisterReport(source=mapper.map.source, station=station.code, dry_run=dry_run)
        super().__init__(mapper, table, station, report)
        self._keep_cells = keep_cells
        self._noted = noted
        self._flags: list[list[list[str]]] = []

    @property
    def done(self) -> int:
        """How many rows are accounted for."""
        report = self.report
        return report.created + report.updated + report.unchanged + report.rejected

    def take(self, rows: list[Row], spool: Spool, rejects: Rejects) -> None:
        """Map one batch of rows and put them aside; note what is rejected."""
        self.look_at(rows)
        for row in rows:
            found = self.reader.read(row)
            if isinstance(found, Rejection):
                self._refuse(row.number, found, self.shown_cells(row), rejects)
            else:
                cells = self.shown_cells(row) if self._keep_cells else []
                order = found.said.at.timestamp() if found.said.at else 0.0
                spool.put(Kept(found.key, order, row.number, [_packed(found), cells]))
        self.report.read += len(rows)

    def entries(self, spool: Spool, rejects: Rejects) -> Iterator[list[Entry]]:
        """The rows of each key in the order of their moments, a batch of whole keys at a time."""
        batch: list[Entry] = []
        size = 0
        for group in spool.groups():
            if not self.reader.map.ordered:
                group = self._agreeing(group, rejects)
            unpacked = [_unpacked(kept.data[0]) for kept in group]
            batch.append(Entry(group[0].key, [said for said, _, _ in unpacked], unpacked[0][1]))
            self._flags.append([flags for _, _, flags in unpacked])
            size += len(group)
            if size >= BATCH:
                yield batch
                batch, size = [], 0
                self._flags.clear()
        if batch:
            yield batch

    def count(self, entries: list[Entry], outcomes: list[Outcome]) -> None:
        """Count what became of a batch; the marks of rows that changed nothing were counted when they did."""
        report = self.report
        for flags_of_rows, outcome in zip(self._flags, outcomes, strict=True):
            report.created += outcome.rows.count(CREATED)
            report.updated += outcome.rows.count(UPDATED)
            report.unchanged += outcome.rows.count(UNCHANGED)
            report.verified += outcome.verified
            if outcome.merged:
                report.flags["merged_away"] += len(outcome.rows)
            for flags, became in zip(flags_of_rows, outcome.rows, strict=True):
                if became != UNCHANGED:
                    report.flags.update(flag for flag in flags if flag != "unnamed" or became == CREATED)

    def _agreeing(self, group: list[Kept], rejects: Rejects) -> list[Kept]:
        """Without an order, rows of one key that say different things cannot be told apart: the first one counts."""
        first = _unpacked(group[0].data[0])[0].digest
        kept = []
        for row in group:
            if _unpacked(row.data[0])[0].digest == first:
                kept.append(row)
            else:
                self._refuse(row.number, self.reader.reject("key_twice", "external_id"), row.data[1], rejects)
        return kept

    def _refuse(self, number: int, rejection: Rejection, cells: list[str], rejects: Rejects) -> None:
        self.reject(number, rejection, cells, rejects)
        if self._noted is not None:
            self._noted(number, rejection)


def _packed(place: Place) -> list[Any]:
    said = place.said
    return [
        said.at and said.at.timestamp(), said.digest, said.values, said.attributes,
        said.verified_at and said.verified_at.timestamp(), place.fallback, place.flags,
    ]  # fmt: skip


def _unpacked(data: list[Any]) -> tuple[Said, dict[str, Any], list[str]]:
    at, digest, values, attributes, verified_at, fallback, flags = data
    return Said(_moment(at), digest, values, attributes, _moment(verified_at)), fallback, flags


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
