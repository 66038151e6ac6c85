"""What an import says when it is done: every row accounted for, every reason counted."""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.exchange.reasons import DROPPED, FLAG_WORDS, REASONS, reason_sentence

_FORMULA = ("=", "@", "+", "-", "\t")


@dataclass
class Report(ABC):
    """The figures of one import, whatever it brings in.  Every row that was read is in exactly one of its counts."""

    source: str
    station: str
    dry_run: bool = False
    format: str = ""
    encoding: str = ""
    read: int = 0
    rejected: int = 0
    rejected_by: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    dropped_columns: dict[str, str] = field(default_factory=dict)
    party_columns: list[str] = field(default_factory=list)
    attribution: str = ""
    licence: str = ""

    @abstractmethod
    def told(self) -> list[str]:
        """The first lines of the report: what became of the rows."""

    @property
    @abstractmethod
    def balanced(self) -> bool:
        """Whether no row went missing."""

    def in_words(self) -> str:
        """The report as a person reads it, in the active language."""
        lines = self.told()
        if self.dry_run:
            lines.insert(0, _("Nothing was written: this is what would happen."))
        for title, counts, words in (
            (_("Rejected:"), self.rejected_by, REASONS),
            (_("Taken in, and marked:"), self.flags, FLAG_WORDS),
        ):
            lines += [title] * bool(counts)
            lines += [f"  {n:>9,}  {words.get(code, code)}" for code, n in counts.most_common()]
        if self.dropped_columns:
            lines.append(_("Columns left out:"))
            lines += [f"  {name}: {DROPPED.get(code, code)}" for name, code in self.dropped_columns.items()]
        if self.party_columns:
            columns = ", ".join(self.party_columns)
            sealed = _("Sealed, for the parties of open matters only: %(columns)s")
            lines.append(sealed % {"columns": columns})
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """The figures for ``--json`` and for the screens; the reasons by how often they came up."""
        values = dict(self.__dict__)
        values["rejected_by"] = dict(self.rejected_by.most_common())
        values["flags"] = dict(self.flags.most_common())
        return values


@dataclass
class ImportReport(Report):
    """The figures of an import of matters.  ``read`` is always ``imported + already_there + rejected``."""

    imported: int = 0
    already_there: int = 0
    history: int = 0
    inherited: int = 0
    parties: int = 0

    def told(self) -> list[str]:
        """What became of the rows."""
        return [
            _("Read {read} rows: {imported} imported, {there} already there, {rejected} rejected.").format(
                read=f"{self.read:,}",
                imported=f"{self.imported:,}",
                there=f"{self.already_there:,}",
                rejected=f"{self.rejected:,}",
            ),
            _("{history} finished, as history; {inherited} open, into the backlog.").format(
                history=f"{self.history:,}", inherited=f"{self.inherited:,}"
            ),
        ]

    @property
    def balanced(self) -> bool:
        """Whether no row went missing."""
        return self.read == self.imported + self.already_there + self.rejected


@dataclass
class RegisterReport(Report):
    """The figures of an import of elements.  ``read`` is always ``created + updated + unchanged + rejected``.

    ``created`` counts the first rows of keys that were new, ``updated`` rows that changed or verified an element.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    verified: int = 0

    def told(self) -> list[str]:
        """What became of the rows."""
        return [
            _(
                "Read {read} rows: {created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected."
            ).format(
                read=f"{self.read:,}",
                created=f"{self.created:,}",
                updated=f"{self.updated:,}",
                unchanged=f"{self.unchanged:,}",
                rejected=f"{self.rejected:,}",
            ),
            _("{verified} verifications among them.").format(verified=f"{self.verified:,}"),
        ]

    @property
    def balanced(self) -> bool:
        """Whether no row went missing."""
        return self.read == self.created + self.updated + self.unchanged + self.rejected


class Rejects(Protocol):
    """Takes the rows that were not imported."""

    def add(self, row: int, column: str, reason: str, cells: Sequence[str]) -> None:
        """Note one rejected row."""


class NoRejects:
    """Keeps nothing."""

    def add(self, row: int, column: str, reason: str, cells: Sequence[str]) -> None:
        """Note nothing."""


class RejectsFile:
    """A CSV file of the rejected rows: where, why, and the cells that may be shown."""

    def __init__(self, stream: Any, header: Sequence[str]) -> None:
        self._writer = csv.writer(stream)
        self._width = len(header)
        self._writer.writerow(["row", "column", "reason", "sentence", *(_plain(name) for name in header)])

    def add(self, row: int, column: str, reason: str, cells: Sequence[str]) -> None:
        """Note one rejected row."""
        shown = [_plain(cell) for cell in cells[: self._width]]
        self._writer.writerow([row, column, reason, reason_sentence(reason), *shown])


@contextmanager
def open_rejects(path: Path | None, header: Callable[[], Sequence[str]]) -> Iterator[Rejects]:
    """Open the rejects file, or nothing where no path is given.  Raises Refused("cannot_write")."""
    if path is None:
        yield NoRejects()
        return
    try:
        stream = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise Refused("cannot_write", file=str(path), detail=error.strerror) from error
    with stream:
        yield RejectsFile(stream, header())


def _plain(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula."""
    if cell.startswith(_FORMULA) and not cell.lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdigit():
        return "'" + cell
    return cell
