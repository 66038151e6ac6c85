"""Saved views: a filter of the list under a name of one's own."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jishi.base.errors import Refused
from jishi.base.toasts import toast
from jishi.matters import actions
from jishi.stations.models import Staff


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filter that is on under a name."""
    name = request.POST.get("name", "").strip()
    asked = QueryDict(request.POST.get("asked", "")).urlencode()
    if not name:
        raise Refused("view_without_name")
    view = actions.save_view(cast(Staff, request.user), name, asked)
    toast(request, _("“%(name)s” is saved.") % {"name": view.name})
    return HttpResponseRedirect(f"{reverse('matters:list')}?{view.query}")


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a saved view; for ten seconds it can be had back."""
    view = actions.drop_view(cast(Staff, request.user), pk)
    if view:
        back = {"name": view.name, "asked": view.query}
        toast(request, _("The view is dropped."), undo=reverse("matters:save_view"), fields=back)
    return HttpResponseRedirect(reverse("matters:list"))
