"""XLSX workbooks: one sheet is the table."""

from __future__ import annotations

import contextlib
import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import python_calamine

from jishi.base.errors import Refused
from jishi.exchange.tables.common import BROKEN, MOST_BYTES, FileOptions, Row, Table, clean_header, open_bytes


def read(path: Path, options: FileOptions, stack: contextlib.ExitStack) -> Table:
    """Open one sheet of a workbook: the named one, or the first."""
    try:
        with open_bytes(path) as stream:
            packed = stream.read(MOST_BYTES // 16 + 1)
        if len(packed) > MOST_BYTES // 16:
            raise Refused("too_large", most=MOST_BYTES // 16 // 1024**2)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(packed))
        if options.sheet and options.sheet not in book.sheet_names:
            raise Refused("no_such_sheet", sheet=options.sheet, sheets=", ".join(book.sheet_names))
        sheet = book.get_sheet_by_name(options.sheet) if options.sheet else book.get_sheet_by_index(0)
        rows = sheet.iter_rows()
    except (python_calamine.CalamineError, IndexError, *BROKEN) as error:
        raise Refused("not_a_workbook") from error
    # calamine gives every row from the sheet's first, whatever its first used cell is
    header: list[str] = []
    number = 0
    for cells in rows:
        number += 1
        if number >= options.header_row and any(cell != "" for cell in cells):
            header = [_text(cell) for cell in cells]
            break
    while header and not header[-1].strip():
        header.pop()
    header = clean_header(header)
    body = _rows(rows, number, len(header))
    return Table(format="xlsx", header=header, rows=lambda: body)


def _rows(rows: Iterator[list[Any]], number: int, width: int) -> Iterator[Row]:
    for raw in rows:
        number += 1
        cells = [_text(cell) for cell in raw]
        if not any(cells):
            continue
        if any(cells[width:]):
            yield Row(number, cells, "too_many_cells")
            continue
        yield Row(number, cells[:width] + [""] * (width - len(cells)))


def _text(cell: Any) -> str:
    """Write a cell as text: whole numbers without ".0", moments in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        # a spreadsheet counts days in binary fractions, so its seconds come a little off
        return (cell + datetime.timedelta(microseconds=500)).replace(microsecond=0).isoformat()
    return str(cell)
