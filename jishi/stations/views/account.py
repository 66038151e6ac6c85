"""The account page of a member of staff, and the choice of the station to work at."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from jishi.base.navigation import link
from jishi.base.toasts import toast
from jishi.stations import actions, queries
from jishi.stations.forms import TokenForm
from jishi.stations.models import Staff


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """``station/``: work at another of the stations that one sees, from here on."""
    pk = request.POST.get("station", "")
    station = get_object_or_404(queries.visible_to(_reader(request)), pk=int(pk) if pk.isdecimal() else 0)
    request.session["station"] = station.pk
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
        after = link("home") or "/"
    return HttpResponseRedirect(after)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """``account/language/``: speak another language: in this browser, and to this member of staff everywhere."""
    response = set_language(request)
    if request.user.is_authenticated:
        actions.choose_language(_reader(request), request.POST.get("language", ""))
    return response


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """``account/``: who I am here, my posts, my language, and my keys to the API."""
    return _page(request, TokenForm())


@never_cache
@login_required
@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """``account/tokens/``: a new key, which only this one answer shows."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    token, raw = actions.make_token(_reader(request), **form.cleaned_data)
    return _page(request, TokenForm(), made=token.label, raw=raw)


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """``account/tokens/<token>/revoke/``: a key that opens nothing any more."""
    token = get_object_or_404(queries.tokens_of(_reader(request)), pk=pk)
    actions.revoke_token(token)
    toast(request, _("“%(label)s” opens nothing any more.") % {"label": token.label})
    return HttpResponseRedirect(link("profile"))


def _reader(request: HttpRequest) -> Staff:
    return cast(Staff, request.user)


def _page(request: HttpRequest, form: TokenForm, made: str = "", raw: str = "", status: int = 200) -> HttpResponse:
    reader = _reader(request)
    posts = list(queries.posts_of(reader))
    context = {
        "form": form,
        "made": made,
        "raw": raw,
        "tokens": queries.tokens_of(reader),
        "posts": posts,
        "leads": queries.leads_of([post.unit_id for post in posts if post.unit_id]),
        "is_administrator": queries.access_of(reader).is_administrator,
        "now": timezone.now(),
    }
    return render(request, "stations/account.html", context, status=status)
