"""What the readers of all formats share."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, cast

from jishi.base.errors import Refused

FORMATS = ("csv", "tsv", "xlsx", "geojson")
#: A file may unpack to this many bytes: more is a mistake or a trap.
MOST_BYTES = 4 * 1024**3
MOST_COLUMNS = 2_000
CHUNK = 1 << 20
#: What reading a damaged or cut off gzip file raises.
BROKEN = (OSError, EOFError, zlib.error)


class Row(NamedTuple):
    """One row as the user sees it: its number in the file, its cells, and what makes it unusable, if anything."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class FileOptions:
    """What a map says about the file itself; the empty string means: find out.  ``skip`` rows follow the header."""

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 1
    skip: int = 0


#: Nothing is said about the file: find everything out.
AS_FOUND = FileOptions()


@dataclass
class Table:
    """An open table.  ``header`` may grow while a GeoJSON file is read, since each feature may bring new properties."""

    format: str
    header: list[str]
    rows: Callable[[], Iterator[Row]]
    encoding: str = ""
    delimiter: str = ""


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file for reading bytes, unpacking gzip if it is gzip, whatever its name."""
    stream = path.open("rb")
    if stream.read(2) != b"\x1f\x8b":
        stream.seek(0)
        return stream
    stream.close()
    return cast("IO[bytes]", gzip.open(path, "rb"))


def start_of(path: Path, size: int) -> bytes:
    """The first bytes of a file, unpacked.  Raises Refused("broken_gzip")."""
    with open_bytes(path) as stream:
        try:
            return stream.read(size)
        except BROKEN as error:
            raise Refused("broken_gzip") from error


def find_encoding(path: Path, given: str) -> str:
    """Return the encoding of a text file: the given one, or by its mark, or UTF-8, or GB18030 (which covers GBK).

    The whole file is tried, so that a wrong guess never breaks off an import half-way.
    """
    marked = _encoding_by_mark(start_of(path, 4))
    tried = [given] if given else [marked] if marked else ["utf-8", "gb18030"]
    for encoding in tried:
        name = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
        if _decodes(path, name):
            return name
    raise Refused("unknown_encoding", tried=", ".join(tried))


def _encoding_by_mark(start: bytes) -> str:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return ""


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    size = 0
    with open_bytes(path) as stream:
        try:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > MOST_BYTES:
                    raise Refused("too_large", most=MOST_BYTES // 1024**2)
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
        except BROKEN as error:
            raise Refused("broken_gzip") from error
    return True


def clean_header(names: list[str]) -> list[str]:
    """Trim the column names; name the nameless; tell columns of the same name apart with #2, #3 …"""
    if not any(name.strip() for name in names):
        raise Refused("no_header")
    if len(names) > MOST_COLUMNS:
        raise Refused("too_many_columns", most=MOST_COLUMNS)
    seen: dict[str, int] = {}
    header = []
    for place, raw in enumerate(names, 1):
        name = " ".join(raw.replace("\ufeff", "").replace("\x00", "").split()) or f"#{place}"
        seen[name] = seen.get(name, 0) + 1
        header.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return header
