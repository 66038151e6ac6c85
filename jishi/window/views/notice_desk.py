"""公告 at the desk: writing them, looking at them as the public will, changing and withdrawing them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.listing import page_of
from jishi.base.toasts import toast
from jishi.stations.models import Staff
from jishi.window import doors
from jishi.window.actions import notices as actions
from jishi.window.desk import desk_place
from jishi.window.forms.station import NoticeForm
from jishi.window.models import Notice
from jishi.window.queries.notices import get_notice, notices_at

PAGE = 30


@never_cache
@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """``desk/window/notices/``: all notices, the newest first, each with how it stands."""
    user, station = desk_place(request)
    now = timezone.now()
    page = page_of(notices_at(user, station.pk), order="-starts", query=request.GET, size=PAGE)
    context = {
        "nav_here": "window", "tabs": doors.desk_tabs(request, "notices"), "station": station, "page": page,
        "rows": [(each, each.state_at(now)) for each in page.rows],
    }  # fmt: skip
    return render(request, "window/desk_notices.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """``desk/window/notices/new/``: a new notice; first as the public will read it, where that is asked for."""
    user, station = desk_place(request)
    if request.method != "POST":
        return _form(request, NoticeForm())
    form, now = NoticeForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            if request.POST.get("step") == "look":
                actions.check_notice(form.said(now))
                return _form(request, form, looked=form.said(now))
            actions.write_notice(station, form.said(now), by=user, now=now)
        except Refused as refused:
            form.refuse(refused)
        else:
            toast(request, _("The notice is written. The public reads it from its beginning on."))
            return _back()
    return _form(request, form, status=422)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """``desk/window/notices/<notice>/``: a notice, to be written anew or withdrawn."""
    user, found = _found(request, pk)
    if request.method != "POST":
        return _form(request, NoticeForm(initial=NoticeForm.of(found)), it=found)
    form, now = NoticeForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            if request.POST.get("step") == "look":
                actions.check_notice(form.said(now))
                return _form(request, form, it=found, looked=form.said(now))
            actions.change_notice(pk, form.said(now), by=user, now=now, version=form.cleaned_data["version"] or 0)
        except Refused as refused:
            form.refuse(refused)
            return _form(request, form, it=found, status=refused.status)
        toast(request, _("The notice says what you wrote now."))
        return _back()
    return _form(request, form, it=found, status=422)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a notice back from the public."""
    user, _notice = _found(request, pk)
    seen = request.POST.get("version", "")
    actions.withdraw_notice(pk, by=user, now=timezone.now(), version=int(seen) if seen.isdecimal() else 0)
    toast(request, _("The notice is withdrawn. The public does not see it any more."))
    return _back()


def _found(request: HttpRequest, pk: int) -> tuple[Staff, Notice]:
    assert isinstance(request.user, Staff)
    return request.user, get_notice(request.user, pk)


def _form(
    request: HttpRequest, form: NoticeForm, *, it: Notice | None = None, looked: actions.Said | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {
        "nav_here": "window", "tabs": doors.desk_tabs(request, "notices"), "form": form, "it": it, "looked": looked,
        "state": it.state_at(timezone.now()) if it else "",
        "english_open": any(form[name].value() or form[name].errors for name in NoticeForm.ENGLISH),
    }  # fmt: skip
    return render(request, "window/desk_notice.html", context, status=status)


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("window:desk_notices"), status=303)
