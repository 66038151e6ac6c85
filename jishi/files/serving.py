"""Answering with what was kept, to somebody of whom the caller knows that they may see it."""

from __future__ import annotations

from django.http import FileResponse, Http404

from jishi.files.models import Attachment
from jishi.files.queries import open_file, open_thumbnail


def serve(attachment: Attachment | None, name: str, *, small: bool = False) -> FileResponse:
    """The file, or a small picture of it, shown in the browser and called ``name``.  Raises ``Http404``: it is gone."""
    opened = None
    if attachment is not None:
        opened = open_thumbnail(attachment) if small else open_file(attachment)
    if attachment is None or opened is None:
        raise Http404(name)
    media_type = "image/jpeg" if small else attachment.media_type
    response = FileResponse(opened, content_type=media_type, as_attachment=False, filename=name)
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; object-src 'self'; sandbox"
    return response
