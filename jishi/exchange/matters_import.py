"""Brings a table of matters into a station: finished ones as history, open ones as its inherited backlog.

Rows go in batches, each one transaction that writes matters and journal together.  Every row is looked up by its
source and external id first, so a run that was killed half-way is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.grounds import matters_ground
from jishi.exchange.mapping import MatterMap, read_map
from jishi.exchange.reading import Rejection
from jishi.exchange.report import ImportReport, Rejects, open_rejects
from jishi.exchange.rows import Mapped, Mapper
from jishi.exchange.running import BATCH, TableRun, batches
from jishi.exchange.tables import Row, Table, open_table
from jishi.exchange.writer import Writer
from jishi.journal import actions as journal
from jishi.matters.models import Matter
from jishi.stations.models import Staff, Station

Progress = Callable[[int], object]
Entry = tuple[Row, Mapped | Rejection]


def import_matters(
    path: Path,
    map_path: Path | MatterMap,
    station: Station,
    *,
    by: Staff | None,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
    name: str = "",
    most: int = 0,
    now: datetime | None = None,
) -> ImportReport:
    """Import the matters of a file as a map says, and account for every row.

    ``dry_run`` gives the same figures and writes nothing; ``rejects`` takes the rejected rows as CSV; ``progress``
    hears after each batch how many rows were read; ``name`` is the file's name where ``path`` is a temporary one;
    ``most`` stops after so many rows (a preview).  Raises Refused when the file, the map or the station cannot be used
    at all; once rows are being read, a row's trouble is in the report.
    """
    map_ = map_path if isinstance(map_path, MatterMap) else read_map(map_path)
    now = now or timezone.now()
    ground = matters_ground(station)
    with open_table(path, map_.file, name or path.name) as table:
        mapper = Mapper(map_, table.header, ground, now, geojson=table.format == "geojson")
        run = _Run(mapper, table, station, by, now, dry_run)
        with open_rejects(rejects, run.shown_header) as sink:
            for batch in batches(table.rows(), most, BATCH):
                run.take(batch, sink)
                if progress is not None:
                    progress(run.report.read)
        return run.finished()


class _Run(TableRun[Mapper, ImportReport]):
    """One import: maps batch after batch, writes what is new, counts everything."""

    def __init__(
        self, mapper: Mapper, table: Table, station: Station, by: Staff | None, now: datetime, dry_run: bool
    ) -> None:
        report = ImportReport(source=mapper.map.source, station=station.code, dry_run=dry_run)
        super().__init__(mapper, table, station, report)
        self._seen: dict[str, str] = {}
        self._writer = Writer(station, mapper.map, by, now)

    def take(self, rows: list[Row], rejects: Rejects) -> None:
        """Map one batch of rows, write it, note what was rejected in the order of the file."""
        self.look_at(rows)
        entries: list[Entry] = [(row, self.reader.read(row)) for row in rows]
        judged = self._judge_dry(entries) if self.report.dry_run else self._write(entries)
        self.report.read += len(rows)
        for row, result in judged:
            if isinstance(result, Rejection):
                self.reject(row.number, result, self.shown_cells(row), rejects)

    def _write(self, entries: list[Entry]) -> list[Entry]:
        """Write what is new in one transaction; the figures move only once it is committed."""
        if not any(isinstance(result, Mapped) for _, result in entries):
            return entries
        with transaction.atomic():
            head = journal.lock_head(self.station.pk)
            known = self._known(entries)
            judged, new, there = _judge(entries, known)
            parties = self._writer.write(new, head)
        self._count(new, there)
        self.report.parties += parties
        return judged

    def _judge_dry(self, entries: list[Entry]) -> list[Entry]:
        known = self._known(entries)
        for _, result in entries:
            if isinstance(result, Mapped) and result.external_id in self._seen:
                known.setdefault(result.external_id, self._seen[result.external_id])
        judged, new, there = _judge(entries, known)
        self._seen.update((mapped.external_id, mapped.digest) for mapped in new)
        self._count(new, there)
        self.report.parties += sum(bool(mapped.party_name or mapped.party_contact) for mapped in new)
        return judged

    def _known(self, entries: list[Entry]) -> dict[str, str]:
        """External id → digest of the rows of this batch that are in the database already."""
        ids = [result.external_id for _, result in entries if isinstance(result, Mapped)]
        rows = Matter.objects.filter(station=self.station, source=self.reader.map.source, external_id__in=ids)
        return {str(external_id): digest for external_id, digest in rows.values_list("external_id", "content_digest")}

    def _count(self, new: list[Mapped], there: int) -> None:
        report = self.report
        report.imported += len(new)
        report.already_there += there
        history = sum(mapped.closed for mapped in new)
        report.history += history
        report.inherited += len(new) - history
        for mapped in new:
            report.flags.update(mapped.flags)


def _judge(entries: list[Entry], known: dict[str, str]) -> tuple[list[Entry], list[Mapped], int]:
    """Tell new rows from those already there and those in conflict with what is there under the same id."""
    judged: list[Entry] = []
    new: list[Mapped] = []
    there = 0
    for row, result in entries:
        if isinstance(result, Mapped):
            digest = known.get(result.external_id)
            if digest is None:
                known[result.external_id] = result.digest
                new.append(result)
            elif digest == result.digest:
                there += 1
            else:
                result = Rejection("conflict")
        judged.append((row, result))
    return judged, new, there


__all__ = ["ImportReport", "Refused", "import_matters"]
