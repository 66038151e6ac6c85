"""The screens of endpoints: which there are, one of them, and a test with the real answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.notify.channels.parcel import Failed
from jishi.notify.channels.sms import number_of
from jishi.notify.channels.words import says
from jishi.notify.endpoints import actions, queries
from jishi.notify.endpoints.forms import FORMS, EndpointForm, ToForm
from jishi.notify.endpoints.present import PURPOSES, rows_by_kind
from jishi.notify.endpoints.testing import try_out
from jishi.notify.models import Endpoint, EndpointKind
from jishi.stations.models import Agency, Bureau, Staff, Station

TO_PERSONS = (EndpointKind.SMTP, EndpointKind.SMS)


@never_cache
@login_required
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """``notices/channels/``: by which ways messages leave, and whether they work."""
    user, here = _who_and_where(request)
    queries.check_administrator(user, here)
    mine, above = list(queries.managed_by(user)), list(queries.used_by(user))
    live = [each for each in (*mine, *above) if each.active]
    context = {
        "nav_here": "channels",
        "sections": rows_by_kind(mine, above),
        "working": sum(1 for each in live if not each.last_error),
        "failing": sum(1 for each in live if each.last_error),
    }
    return render(request, "notify/channels.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """``notices/channels/add/<kind>/``: set one up; a signing secret is shown once, in the answer."""
    user, here = _who_and_where(request)
    owners = queries.check_administrator(user, here)
    if kind not in FORMS:
        raise Http404
    agencies = _agencies([owner.bureau for owner in owners])
    form = FORMS[kind](request.POST if request.method == "POST" else None, owners=owners, agencies=agencies)
    made = _kept(form, lambda: _add(form, user)) if request.method == "POST" and form.is_valid() else None
    if made is None:
        context = {
            "nav_here": "channels",
            "form": form,
            "kind": EndpointKind(kind),
            "purpose": PURPOSES[EndpointKind(kind)],
        }
        return render(request, "notify/channel_add.html", context, status=422 if form.errors else 200)
    endpoint, secret = made
    if secret:
        return _page(request, endpoint, secret=secret)
    toast(request, _("It is set up. Send a test."))
    return HttpResponseRedirect(reverse("notify:channel", args=[endpoint.pk]), status=303)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """``notices/channels/<channel>/``: one of them; a POST changes it."""
    endpoint = _managed(request, pk)
    if request.method != "POST":
        return _page(request, endpoint)
    form = _form(request, endpoint, request.POST)
    by = cast(Staff, request.user)

    def change() -> Endpoint:
        return actions.change_endpoint(endpoint, config=form.config(), by=by, **form.rest())

    if not form.is_valid() or _kept(form, change) is None:
        return _page(request, endpoint, form=form, status=422)
    toast(request, _("It is changed. Send a test."))
    return HttpResponseRedirect(reverse("notify:channel", args=[pk]), status=303)


@never_cache
@login_required
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """``notices/channels/<channel>/test/``: send a real message, and show what was really answered."""
    endpoint = _managed(request, pk)
    station = endpoint.station or _who_and_where(request)[1] or Station.objects.filter(bureau=endpoint.bureau)[0]
    to_form = _to_form(request, endpoint, request.POST)
    if to_form is not None and not to_form.is_valid():
        return _page(request, endpoint, to_form=to_form, status=422)
    to = to_form.cleaned_data["to"] if to_form is not None else ""
    if endpoint.kind == EndpointKind.SMS and to == KEPT_NUMBER:
        to = _own_number(cast(Staff, request.user))
    link = request.build_absolute_uri(reverse("notify:channel", args=[pk]))
    return _page(request, endpoint, to_form=to_form, tested=try_out(endpoint, station, link, to))


@login_required
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """``notices/channels/<channel>/switch/``: send nothing there from now on, or send there again."""
    endpoint = _managed(request, pk)
    on = request.POST.get("on") == "1"
    actions.switch(endpoint, on=on, by=cast(Staff, request.user))
    words = _("“%(label)s” is on.") if on else _("“%(label)s” is off: nothing is sent there.")
    toast(request, words % {"label": endpoint.label})
    return HttpResponseRedirect(reverse("notify:channel", args=[pk]))


@never_cache
@login_required
@require_POST
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """``notices/channels/<channel>/secret/``: a new signing secret, which only this one answer shows."""
    endpoint = _managed(request, pk)
    return _page(request, endpoint, secret=actions.renew_secret(endpoint, by=cast(Staff, request.user)))


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """``notices/channels/<channel>/delete/``: forget one that is off, with its secrets."""
    endpoint = _managed(request, pk)
    label = endpoint.label
    actions.delete_endpoint(endpoint, by=cast(Staff, request.user))
    toast(request, _("“%(label)s” is deleted.") % {"label": label})
    return HttpResponseRedirect(reverse("notify:channels"))


#: What the field for a number holds for the number that one keeps in one's own settings, which is not shown.
KEPT_NUMBER = "●●●"


def _who_and_where(request: HttpRequest) -> tuple[Staff, Station | None]:
    return cast(Staff, request.user), cast("Station | None", getattr(request, "station", None))


def _managed(request: HttpRequest, pk: int) -> Endpoint:
    return get_object_or_404(queries.managed_by(cast(Staff, request.user)), pk=pk)


def _agencies(bureaux: list[Bureau]) -> list[Agency]:
    return list(Agency.objects.filter(bureau__in=bureaux, active=True).order_by("code"))


def _add(form: EndpointForm, by: Staff) -> tuple[Endpoint, str]:
    owner = form.chosen_owner
    rest = form.rest()
    agency = rest.get("agency")
    if agency is not None and agency.bureau_id != owner.bureau.pk:
        raise Refused("agency_elsewhere")
    return actions.add_endpoint(
        bureau=owner.bureau, station=owner.station, kind=form.kind.value, config=form.config(), by=by, **rest
    )


def _kept(form: EndpointForm, act: Callable[[], Any]) -> Any:
    """What ``act`` returns; None where it is refused, the sentence in the form."""
    try:
        return act()
    except Refused as refused:
        form.add_error("label" if refused.facts.get("field") == "label" else None, sentence(refused))
        return None


def _form(request: HttpRequest, endpoint: Endpoint, data: Any = None) -> EndpointForm:
    initial = {
        "label": endpoint.label, "kinds": endpoint.kinds, "least_grade": endpoint.least_grade,
        "agency": endpoint.agency_id,
    }  # fmt: skip
    owner = queries.Owner(endpoint.bureau, endpoint.station)
    return FORMS[endpoint.kind](
        data, owners=[owner], agencies=_agencies([endpoint.bureau]), shown=queries.shown_config(endpoint),
        changing=True, initial=initial,
    )  # fmt: skip


def _to_form(request: HttpRequest, endpoint: Endpoint, data: Any = None) -> ToForm | None:
    """To whom a test goes: one's own address or number, unless another is given."""
    if endpoint.kind not in TO_PERSONS:
        return None
    user = cast(Staff, request.user)
    own = user.email if endpoint.kind == EndpointKind.SMTP else (KEPT_NUMBER if _own_number(user) else "")
    return ToForm(data, initial={"to": own})


def _own_number(user: Staff) -> str:
    try:
        return number_of(user.pk)
    except Failed:
        return ""


def _page(
    request: HttpRequest,
    endpoint: Endpoint,
    *,
    form: EndpointForm | None = None,
    to_form: ToForm | None = None,
    secret: str = "",
    tested: Any = None,
    status: int = 200,
) -> HttpResponse:
    endpoint.refresh_from_db(fields=["active", "last_ok_at", "last_error", "last_error_at"])
    context = {
        "nav_here": "channels",
        "endpoint": endpoint,
        "form": form or _form(request, endpoint),
        "to_form": to_form or _to_form(request, endpoint),
        "secret": secret,
        "tested": tested,
        "purpose": PURPOSES[EndpointKind(endpoint.kind)],
        "error": says(endpoint.last_error) if endpoint.last_error else "",
        "signed": endpoint.kind in actions.SIGNED,
    }
    return render(request, "notify/channel.html", context, status=status)
