"""CSV and TSV."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
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
    reader = csv.reader(stream, delimiter=delimiter)
    first = _header_of(reader, options.header_row)
    header = clean_header(first)
    rows = _rows(reader, options.header_row, len(header))
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


def _rows(reader: Iterator[list[str]], header_row: int, width: int) -> Iterator[Row]:
    """Number the rows as a spreadsheet would: a quoted line break stays inside its row, a blank line takes a number."""
    number = header_row
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(number, [], "broken_quotes")
            continue
        if not cells or (len(cells) == 1 and width > 1 and not cells[0].strip()):
            continue
        if len(cells) != width:
            yield Row(number, cells, "too_few_cells" if len(cells) < width else "too_many_cells")
        elif not any(cells):
            yield Row(number, cells, "empty_row")
        else:
            yield Row(number, cells)


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
