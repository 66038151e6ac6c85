"""CSV and TSV."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from jishi.base.errors import Refused
from jishi.exchange.tables.common import FileOptions, Row, Table, clean_header, find_encoding, open_bytes

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 30


def read(path: Path, kind: str, options: FileOptions, stack: contextlib.ExitStack) -> Table:
    """Open a text table; its delimiter is the given one, a tab for TSV, or found from the first rows."""
    encoding = find_encoding(path, options.encoding)
    delimiter = options.delimiter or ("\t" if kind == "tsv" else _find_delimiter(path, encoding, options.header_row))
    stream = stack.enter_context(io.TextIOWrapper(open_bytes(path), encoding=encoding, newline=""))
    lines = _Lines(stream)
    first = _header_of(csv.reader(lines, delimiter=delimiter), options.header_row)
    header = clean_header(first)
    rows = _rows(lines, delimiter, options.header_row, len(header))
    return Table(
        format=kind, header=header, rows=lambda: rows, encoding=encoding.removesuffix("-sig"), delimiter=delimiter
    )


def _header_of(reader: Iterator[list[str]], header_row: int) -> list[str]:
    try:
        return next(itertools.islice(reader, header_row - 1, None))
    except StopIteration:
        raise Refused("no_header") from None
    except csv.Error as error:
        raise Refused("not_a_table", detail=str(error)) from error


def _rows(lines: _Lines, delimiter: str, header_row: int, width: int) -> Iterator[Row]:
    """Number the rows as a spreadsheet would: a quoted line break stays inside its row, a blank line takes a number.

    A quotation mark that is never closed swallows line after line.  Only its own line is lost: the others are given
    back and read again as the rows that they are.
    """
    number = header_row
    reader: Iterator[list[str]] = csv.reader(lines, delimiter=delimiter)
    while True:
        number += 1
        lines.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(number, [], "broken_quotes" if len(lines.taken) > 1 else "long_cell")
            reader = lines.give_back(delimiter)
            continue
        if len(cells) != width and len(lines.taken) > 1 and lines.ended and _is_unclosed(lines.taken):
            yield Row(number, [], "broken_quotes")
            reader = lines.give_back(delimiter)
        elif not cells or (len(cells) == 1 and width > 1 and not cells[0].strip()):
            continue
        elif len(cells) != width:
            yield Row(number, cells, "too_few_cells" if len(cells) < width else "too_many_cells")
        elif not any(cells):
            yield Row(number, cells, "empty_row")
        else:
            yield Row(number, cells)


def _is_unclosed(taken: list[str]) -> bool:
    return sum(line.count('"') for line in taken) % 2 == 1


class _Lines:
    """The lines of a stream, remembering those that went into the row at hand, so that they can be read again."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._lines = iter(stream)
        self._again: list[str] = []
        self.taken: list[str] = []
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.pop()
        else:
            try:
                line = next(self._lines)
            except StopIteration:
                self.ended = True
                raise
        self.taken.append(line)
        return line

    def give_back(self, delimiter: str) -> Iterator[list[str]]:
        """Let all lines of the row at hand but its first be read again, by a reader that knows nothing of them."""
        self._again += reversed(self.taken[1:])
        self.ended = False
        return csv.reader(self, delimiter=delimiter)


def _find_delimiter(path: Path, encoding: str, header_row: int) -> str:
    """Choose the delimiter under which the first rows have the most columns and agree on how many."""
    with io.TextIOWrapper(open_bytes(path), encoding=encoding, newline="") as stream:
        lines = list(itertools.islice(stream, header_row - 1, header_row - 1 + _SAMPLE))
    best = (0.0, 0, _DELIMITERS[0])
    for delimiter in _DELIMITERS:
        try:
            sample = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            continue
        widths = Counter(len(row) for row in sample)
        width = len(sample[0]) if sample else 0
        if width > 1:
            agreed = widths[width] / len(sample)
            if (round(agreed, 1), width) > best[:2]:
                best = (round(agreed, 1), width, delimiter)
    return best[2]
