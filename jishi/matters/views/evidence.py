"""Files of evidence, to those who see the matter."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from jishi.files.serving import serve
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
    return serve(piece.attachment if piece else None, f"{matter.number}-{pk}", small=small)
