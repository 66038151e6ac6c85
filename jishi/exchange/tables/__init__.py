"""Reads a table of rows from CSV, TSV, XLSX or GeoJSON, plain or gzipped, one row at a time.

:func:`open_table` is the one door.  What is not a table at all is refused before the first row; a single bad row comes
out with its problem, so that nothing in the file is ever lost from sight.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from jishi.base.errors import Refused
from jishi.exchange.tables import geojson, text, workbook
from jishi.exchange.tables.common import AS_FOUND, FORMATS, FileOptions, Row, Table, start_of

__all__ = ["AS_FOUND", "FORMATS", "FileOptions", "Row", "Table", "open_table"]

_ENDINGS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".geojson": "geojson",
    ".json": "geojson",
}


@contextlib.contextmanager
def open_table(path: Path, options: FileOptions = AS_FOUND, name: str = "") -> Iterator[Table]:
    """Open the table in ``path``.  ``name`` is what the user called the file, where that differs.

    Raises Refused("no_file" | "empty_file" | "unknown_format" | "unknown_encoding" | "not_a_workbook" | …).
    """
    if not path.is_file():
        raise Refused("no_file", file=name or path.name)
    with contextlib.ExitStack() as stack:
        kind = options.format or _format_of(path, name or path.name)
        if kind == "xlsx":
            table = workbook.read(path, options, stack)
        elif kind == "geojson":
            table = geojson.read(path, options, stack)
        else:
            table = text.read(path, kind, options, stack)
        if options.skip:
            body = islice(table.rows(), options.skip, None)
            table.rows = lambda: body
        yield table


def _format_of(path: Path, name: str) -> str:
    """What the file is: by its first bytes where those are certain, else by its name's ending."""
    start = start_of(path, 512)
    if not start.strip():
        raise Refused("empty_file", file=name)
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"PK", b"Rar!", b"7z\xbc\xaf")):
        raise Refused("unknown_format", file=name, formats=", ".join(FORMATS))
    endings = [ending for ending in Path(name.lower()).suffixes[-2:] if ending != ".gz"]
    known = _ENDINGS.get(endings[-1] if endings else "")
    if known == "xlsx":
        raise Refused("not_a_workbook", file=name)
    if known is not None:
        return known
    return "geojson" if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else "csv"
