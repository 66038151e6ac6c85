"""Tables that leave the house as CSV or as a workbook: streamed, and no cell is taken for a formula."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone, translation

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A spreadsheet reads a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Part = TypeVar("Part", str, bytes)


def defused(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def csv_file(lines: Iterator[Sequence[Any]], name: str) -> StreamingHttpResponse:
    """A CSV file, sent line by line, that spreadsheets take for UTF-8."""
    return streamed(_csv(lines), name, "text/csv; charset=utf-8")


def workbook(lines: Iterable[Sequence[Any]], name: str, widths: Sequence[int] = ()) -> FileResponse:
    """A workbook of one sheet, whose first line is its head."""
    import xlsxwriter

    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 1)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    bold = book.add_format({"bold": True})
    for number, line in enumerate(lines):
        for place, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(number, place, defused(value), bold if number == 0 else None)
            elif value is not None:
                sheet.write_number(number, place, value)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def streamed(parts: Iterator[str], name: str, content_type: str) -> StreamingHttpResponse:
    """A file that is sent as it is made, in the language and zone of the request."""
    response = StreamingHttpResponse(_kept_here(parts), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(lines: Iterator[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for line in lines:
        yield writer.writerow([defused(value) for value in line])


def _kept_here(parts: Iterator[Part]) -> Iterator[Part]:
    """The parts in the language and zone of the request, which have ended when the answer is streamed."""
    language: str = translation.get_language() or "zh-hans"
    zone: dt.tzinfo = timezone.get_current_timezone()

    def kept() -> Iterator[Part]:
        while True:
            with translation.override(language), timezone.override(zone):
                part = next(parts, None)
            if part is None:
                return
            yield part

    return kept()


class _Echo:
    """A file for the csv module that hands each line straight back."""

    def write(self, value: str) -> str:
        """The line itself."""
        return value
