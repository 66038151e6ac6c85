"""Brings a table of matters into a station: finished ones as history, open ones as its inherited backlog.

Rows go in batches, each one transaction that writes matters and journal together.  Every row is looked up by its
source and external id first, so a run that was killed half-way is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.mapping import MatterMap, read_map
from jishi.exchange.points import Ground
from jishi.exchange.report import ImportReport, Rejects, open_rejects
from jishi.exchange.rows import Mapped, Mapper, Rejection, safe_cells
from jishi.exchange.sources import normal
from jishi.exchange.tables import Row, Table, open_table
from jishi.exchange.writer import Writer
from jishi.journal import actions as journal
from jishi.matters import catalogue
from jishi.matters.models import Matter
from jishi.privacy import looks_personal_column
from jishi.stations import queries as stations
from jishi.stations.models import Area, Staff, Station, Unit

BATCH = 1_000
_SAMPLE = 200

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
    ground = ground_of(station)
    with open_table(path, map_.file, name or path.name) as table:
        mapper = Mapper(map_, table.header, ground, now, geojson=table.format == "geojson")
        run = _Run(mapper, table, station, by, now, dry_run)
        with open_rejects(rejects, run.shown_header) as sink:
            for batch in _batches(table.rows(), most):
                run.take(batch, sink)
                if progress is not None:
                    progress(run.report.read)
        return run.finished()


def ground_of(station: Station) -> Ground:
    """What the rows are set against: the catalogue, the station's units and areas, its outline and its zone."""
    catalogue.forget()
    catalogue.ground(station.pk)
    categories, names = {}, {}
    for code, category in catalogue.categories().items():
        if category.active:
            names[code] = category.name_zh
            for word in (category.name_en, category.name_zh, code):
                categories[normal(word)] = code
    units = _by_word(Unit.objects.filter(station=station, active=True).values_list("pk", "code", "name"))
    areas = _by_word(Area.objects.filter(station=station).values_list("pk", "code", "name"))
    return Ground(
        zone=stations.zone_of(station),
        categories=categories,
        names=names,
        units=units,
        areas=areas,
        area_at=lambda lon, lat: stations.area_at(station.pk, lon, lat),
        bounds=_bounds(station),
    )


def _by_word(rows: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """Name or code → id; where a name is another's code, the code wins."""
    known = list(rows)
    return {normal(name): pk for pk, _, name in known} | {normal(code): pk for pk, code, _ in known}


def _bounds(station: Station) -> tuple[float, float, float, float] | None:
    boxes = list(Area.objects.filter(station=station, west__isnull=False).values_list("west", "south", "east", "north"))
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _batches(rows: Iterator[Row], most: int) -> Iterator[list[Row]]:
    rows = islice(rows, most or None)
    while batch := list(islice(rows, BATCH)):
        yield batch


class _Run:
    """One import: maps batch after batch, writes what is new, counts everything."""

    def __init__(
        self, mapper: Mapper, table: Table, station: Station, by: Staff | None, now: datetime, dry_run: bool
    ) -> None:
        self._mapper = mapper
        self._columns = mapper.columns
        self._station = station
        self._table = table
        self._judged = len(table.header)
        self._dry_run = dry_run
        self._seen: dict[str, str] = {}
        self._sampled = False
        self._shown: list[int] = []
        self._writer = Writer(station, mapper.map, by, now)
        about = mapper.map.about
        self.report = ImportReport(
            source=mapper.map.source,
            station=station.code,
            dry_run=dry_run,
            format=table.format,
            encoding=table.encoding,
            attribution=about.get("attribution", ""),
            licence=about.get("licence", ""),
        )

    def shown_header(self) -> list[str]:
        """The columns that the rejects file shows."""
        return [name for place, name in enumerate(self._table.header) if self._columns.may_show(place)]

    def take(self, rows: list[Row], rejects: Rejects) -> None:
        """Map one batch of rows, write it, note what was rejected in the order of the file."""
        if not self._sampled:
            self._sampled = True
            self._find_personal(rows[:_SAMPLE])
            self._shown = [place for place in range(len(self._table.header)) if self._columns.may_show(place)]
        if len(self._table.header) > self._judged:
            self._columns.learn(self._judged)
            self._judged = len(self._table.header)
        entries: list[Entry] = [(row, self._mapper.read(row)) for row in rows]
        judged = self._judge_dry(entries) if self._dry_run else self._write(entries)
        self.report.read += len(rows)
        for row, result in judged:
            if isinstance(result, Rejection):
                self._reject(row, result, rejects)

    def finished(self) -> ImportReport:
        """The report, once the last row was taken."""
        report = self.report
        report.dropped_columns = dict(self._columns.dropped)
        report.party_columns = [self._table.header[place] for place in self._columns.party_columns.values()]
        if not report.balanced:
            raise AssertionError(f"rows went missing: {report.as_dict()}")
        return report

    def _find_personal(self, rows: list[Row]) -> None:
        """Look for columns whose cells identify people although their names do not say so."""
        for place in range(len(self._table.header)):
            cells = [row.cells[place] for row in rows if place < len(row.cells)]
            kind = None if self._columns.is_private(place) else looks_personal_column("", cells)
            if kind:
                self._columns.mark_personal(place, kind)

    def _reject(self, row: Row, rejection: Rejection, rejects: Rejects) -> None:
        self.report.rejected += 1
        self.report.rejected_by[rejection.reason] += 1
        ragged = len(row.cells) != len(self._table.header) and self._table.format != "geojson"
        cells = [] if ragged else [row.cells[place] if place < len(row.cells) else "" for place in self._shown]
        rejects.add(row.number, rejection.column, rejection.reason, safe_cells(cells))

    def _write(self, entries: list[Entry]) -> list[Entry]:
        """Write what is new in one transaction; the figures move only once it is committed."""
        if not any(isinstance(result, Mapped) for _, result in entries):
            return entries
        with transaction.atomic():
            head = journal.lock_head(self._station.pk)
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
        rows = Matter.objects.filter(station=self._station, source=self._mapper.map.source, external_id__in=ids)
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
