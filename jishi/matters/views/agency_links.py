"""Making a link for an agency, on paper too, and taking it back."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jishi.base.errors import Refused
from jishi.base.qr import qr_of, whole_address
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.matters import catalogue
from jishi.matters.agencies import actions, links, seen
from jishi.matters.forms.agencies import MakeLinkForm
from jishi.matters.models import AgencyLink, Matter
from jishi.matters.queries.scope import get_matter
from jishi.stations.models import Staff


@login_required
@require_POST
def make(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/agency-links/``: a new link, which only this one answer shows."""
    matter, by = get_matter(request.user, number), cast(Staff, request.user)
    form = MakeLinkForm(request.POST)
    if not form.is_valid():
        toast(request, str(form.errors["days"][0]), level=messages.ERROR)
        return _back(number)
    try:
        link, token = actions.make_link(matter, by=by, days=form.cleaned_data["days"])
    except Refused as refused:
        if refused.code == "not_allowed":
            raise
        toast(request, sentence(refused), level=messages.ERROR)
        return _back(number)
    address = _address(request, token)
    context = {
        "nav_here": "matters", "matter": matter, "link": link, "token": token, "address": address, "qr": qr_of(address),
    }  # fmt: skip
    return _kept_nowhere(render(request, "matters/agency_link.html", context))


@login_required
@require_POST
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/agency-slip/``: the link that was just made, on A4 with a code to scan.  Changes nothing."""
    matter = get_matter(request.user, number)
    token = request.POST.get("token", "")
    link = links.found(token, timezone.now())
    if link is None or link.matter_id != matter.pk or links.void_by(link):
        raise Http404(number)
    [it] = seen.see(Matter.objects.filter(pk=matter.pk), link.agency_id)
    category = catalogue.categories().get(matter.category_id or "")
    address = _address(request, token)
    context: dict[str, Any] = {
        "matter": matter, "link": link, "it": it, "row": it.row, "category": category.name if category else "",
        "address": address, "qr": qr_of(address),
    }  # fmt: skip
    return _kept_nowhere(render(request, "matters/agency_slip.html", context))


@login_required
@require_POST
def revoke(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """``matters/<number>/agency-links/<link>/revoke/``: a link that opens nothing any more."""
    matter, by = get_matter(request.user, number), cast(Staff, request.user)
    link = get_object_or_404(AgencyLink, pk=pk, matter=matter)
    actions.revoke_link(link, by=by)
    toast(request, _("The link opens nothing any more."))
    return _back(number)


def _address(request: HttpRequest, token: str) -> str:
    """The whole address of a link."""
    return whole_address(request, reverse("matters:agency", args=[token]))


def _back(number: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("matters:page", args=[number]) + "#agency", status=303)


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    return response
