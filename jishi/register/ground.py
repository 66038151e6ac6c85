"""Answers with a file of the base map, whole or in the parts that a map asks for: to staff, and to the public."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import quote_etag

from jishi.register import basemap as base

CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


def sheet_response(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the base map, or the ranges that an archive of tiles needs.  Raises ``Http404``."""
    sheet = base.sheet(name)
    if sheet is None:
        raise Http404(name)
    tag = quote_etag(sheet.mark)
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponseBase = HttpResponse(status=304)
    elif sheet.packed:
        response = _packed(sheet.path, "gzip" in request.headers.get("Accept-Encoding", ""))
    else:
        response = _part(sheet.path, request.headers.get("Range", ""), sheet.kind)
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _packed(path: Path, takes_gzip: bool) -> HttpResponse:
    content = path.read_bytes()
    response = HttpResponse(content if takes_gzip else gzip.decompress(content), content_type="application/geo+json")
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    return response


def _part(path: Path, asked: str, kind: str) -> HttpResponseBase:
    media_type = "application/vnd.pmtiles" if kind == "pmtiles" else "application/geo+json"
    size = path.stat().st_size
    found = _RANGE.match(asked) if asked else None
    if found is None or found.groups() == ("", ""):
        whole = FileResponse(path.open("rb"), content_type=media_type)
        whole["Accept-Ranges"] = "bytes"
        return whole
    first, last = found.groups()
    begin = int(first) if first else max(0, size - int(last))
    end = min(size - 1, int(last) if first and last else size - 1)
    if begin > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(_read(path, begin, end), status=206, content_type=media_type)
    response["Content-Range"] = f"bytes {begin}-{end}/{size}"
    response["Content-Length"] = str(end - begin + 1)
    response["Accept-Ranges"] = "bytes"
    return response


def _read(path: Path, begin: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(begin)
        left = end - begin + 1
        while left > 0 and (content := file.read(min(CHUNK, left))):
            left -= len(content)
            yield content
