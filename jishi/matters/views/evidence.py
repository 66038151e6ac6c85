"""Files of evidence, to those who see the matter."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from jishi.files import queries as files
from jishi.matters.models import Evidence
from jishi.matters.queries.scope import get_matter


@login_required
@require_safe
def evidence(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """``matters/<number>/evidence/<id>/``: the file itself."""
    return _serve(request, number, pk, small=False)


@login_required
@require_safe
def thumbnail(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """``matters/<number>/evidence/<id>/small/``: a small picture of it."""
    return _serve(request, number, pk, small=True)


def _serve(request: HttpRequest, number: str, pk: int, *, small: bool) -> HttpResponseBase:
    matter = get_matter(request.user, number)
    piece = Evidence.objects.select_related("attachment").filter(pk=pk, matter=matter).first()
    opened = (
        files.open_thumbnail(piece.attachment)
        if piece and small
        else files.open_file(piece.attachment)
        if piece
        else None
    )
    if piece is None or opened is None:
        raise Http404(pk)
    media_type = "image/jpeg" if small else piece.attachment.media_type
    response = FileResponse(opened, content_type=media_type, as_attachment=False, filename=f"{matter.number}-{pk}")
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; object-src 'self'; sandbox"
    return response
