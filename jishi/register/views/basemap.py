"""The files of the base map, for staff."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from jishi.register.ground import sheet_response


@login_required
@require_safe
def basemap(request: HttpRequest, name: str) -> HttpResponseBase:
    """``register/basemap/<name>``: a file of the base map, or the ranges that an archive of tiles needs."""
    return sheet_response(request, name)
