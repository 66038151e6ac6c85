"""对账: the screens under ``register/reconcile/``: a list comes in, is compared, its rows are decided."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.listing import page_of
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.exchange.forms import ListForm
from jishi.exchange.models import ReconcileList, ReconcileRow, RowKind
from jishi.exchange.reasons import REASONS
from jishi.exchange.reconcile import actions, labels, queries
from jishi.register.catalogue import sorts
from jishi.register.roles import require
from jishi.stations.models import Area, Staff, Station

PAGE = 20
#: The most rows that are decided at once; each is a transaction of its own.
MOST = 500


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """``register/reconcile/``: the form for a list, and the latest lists with their progress."""
    user, station = _who_and_where(request)
    areas = queries.areas_at(user, station)
    choices = queries.maps_at(user, station), [(area.pk, area.name) for area in areas]
    form = ListForm(*choices, request.POST, request.FILES) if request.method == "POST" else ListForm(*choices)
    if request.method == "POST" and form.is_valid():
        try:
            made = _begin(user, station, form.cleaned_data, areas)
        except Refused as refused:
            form.add_error("date" if refused.code == "future" else None, sentence(refused))
        else:
            return HttpResponseRedirect(reverse("exchange:reconcile_list", args=[made.pk]), status=303)
    context = {"nav_here": "register", "form": form, "lists": queries.lists_at(user, station)}
    return render(request, "exchange/reconcile.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def one_list(request: HttpRequest, pk: int) -> HttpResponse:
    """``register/reconcile/<list>/?tab=…``: what the list and the register say, tab by tab."""
    user, found = cast(Staff, request.user), _list(request, pk)
    counts = queries.counts_of(found)
    context: dict[str, Any] = {"nav_here": "register", "list": found, "counts": counts, "figures": found.figures}
    context["waiting"] = found.state == "reading"
    if found.state == "refused":
        context["refused"] = sentence(Refused(found.refusal["code"], **found.refusal.get("facts", {})))
    if found.state == "open":
        context |= _tab(request, user, found, counts)
    if request.headers.get("HX-Request") != "true":
        return render(request, "exchange/reconcile_list.html", context)
    response = render(request, "exchange/_reconcile.html", context)
    if not context["waiting"]:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision on one row (``only``) or on all marked ones (``pick``), and tell how they fared."""
    user, found = cast(Staff, request.user), _list(request, pk)
    decision, picks, reason = _asked(request)
    seen = dict(filter(None, map(_picked, picks)))
    done: list[ReconcileRow] = []
    refusals: list[str] = []
    for row in queries.some_rows(found, list(seen)):
        try:
            actions.decide(row, decision, by=user, version=seen[row.pk] or None, reason=reason)
        except Refused as refused:
            refusals.append(f"{labels.shown(row, {}).title}: {sentence(refused)}")
        else:
            done.append(row)
    _tell(request, found, decision, done, refusals)
    tab = request.POST.get("tab", "")
    return HttpResponseRedirect(f"{reverse('exchange:reconcile_list', args=[pk])}?tab={tab[:10]}", status=303)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take decisions back, as far as they can be."""
    user, found = cast(Staff, request.user), _list(request, pk)
    ids = [int(each) for each in request.POST.get("rows", "").split(",") if each.isdecimal()][:MOST]
    rows = queries.some_rows(found, ids)
    for row in rows:
        actions.undo(row, by=user)
    toast(request, ngettext("%(num)s row waits again.", "%(num)s rows wait again.", len(rows)) % {"num": len(rows)})
    tab = request.POST.get("tab", "")
    return HttpResponseRedirect(f"{reverse('exchange:reconcile_list', args=[pk])}?tab={tab[:10]}", status=303)


@login_required
@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a list with its rows."""
    actions.put_away(_list(request, pk), by=cast(Staff, request.user))
    toast(request, _("The list is put away. What was decided stays in the register."))
    return HttpResponseRedirect(reverse("exchange:reconcile"), status=303)


def _tab(request: HttpRequest, user: Staff, found: ReconcileList, counts: queries.Counts) -> dict[str, Any]:
    """What one tab shows."""
    usual = next((kind for kind in RowKind.values if counts.open[kind]), queries.DONE)
    tab = request.GET.get("tab", "")
    tab = tab if tab in labels.TABS else usual
    order = "-decided_at" if tab == queries.DONE else "-score" if tab == RowKind.ALIKE else "pk"
    page = page_of(queries.rows_of(found, tab).order_by(), order=order, query=request.GET, size=PAGE)
    areas = {area.pk: area.name for area in queries.areas_at(user, found.station)}
    numbers = {**counts.open, queries.DONE: counts.decided}
    known = sorts()
    return {
        "tab": tab,
        "tabs": [
            {"label": words, "url": f"?tab={name}", "current": name == tab, "count": numbers[name]}
            for name, words in labels.TABS.items()
        ],
        "page": page,
        "rows": [labels.shown(row, areas) for row in page.rows],
        "decisions": [(each, labels.decision_word(tab, each)) for each in actions.DECISIONS.get(tab, ())],
        "asides": labels.ASIDE,
        "done_words": labels.DONE,
        "nothing": labels.EMPTY[tab],
        "categories": [known[code].category.name for code in found.categories if code in known],
        "reasons": [(str(REASONS.get(code, code)), n) for code, n in found.figures.get("rejected_by", {}).items()],
        "rejects": [
            {**each, "words": str(REASONS.get(each["reason"], each["reason"]))}
            for each in found.figures.get("rejects", [])
        ],
    }


def _tell(
    request: HttpRequest, found: ReconcileList, decision: str, done: list[ReconcileRow], refusals: list[str]
) -> None:
    """Say what was done, with the way back where there is one, and what was refused and why."""
    if done:
        back = decision in ("aside", "close", "split")
        fields = {"rows": ",".join(str(row.pk) for row in done), "tab": request.POST.get("tab", "")}
        said = ngettext("%(num)s row: %(what)s.", "%(num)s rows: %(what)s.", len(done))
        words = said % {"num": len(done), "what": labels.TOLD[decision]}
        undone = reverse("exchange:undo_reconciled", args=[found.pk]) if back else ""
        toast(request, words, undo=undone, fields=fields)
    if not done and not refusals:
        toast(request, _("Mark the rows first."))
    for words in refusals[:3]:
        toast(request, words)
    if len(refusals) > 3:
        rest = len(refusals) - 3
        toast(request, ngettext("%(num)s more was refused.", "%(num)s more were refused.", rest) % {"num": rest})


def _asked(request: HttpRequest) -> tuple[str, list[str], str]:
    """The decision, the rows that it is for, and the reason: of one button (``only``), or of all marked rows."""
    only = request.POST.get("only", "")
    if not only:
        picks = request.POST.getlist("pick")[:MOST]
        return request.POST.get("decision", ""), picks, request.POST.get("reason", "")
    decision, _colon, rest = only.partition(":")
    row, version, reason = [*rest.split(":"), "", "", ""][:3]
    return decision, [f"{row}:{version}"], reason


def _picked(pick: str) -> tuple[int, int] | None:
    row, _colon, version = pick.partition(":")
    return (int(row), int(version)) if row.isdecimal() and version.isdecimal() and len(pick) < 30 else None


def _begin(user: Staff, station: Station, values: dict[str, Any], areas: list[Area]) -> ReconcileList:
    given, known = values.get("map"), values.get("known")
    if given is not None:
        text, name = given.read(), given.name
    else:
        earlier = get_object_or_404(queries.visible_lists(user), pk=known)
        text, name = earlier.map_text.encode(), earlier.map_name
    return actions.begin_list(
        station, values["table"], text, name, authority=values["authority"], on=values["date"], by=user,
        area=next((area for area in areas if area.pk == values.get("area")), None),
    )  # fmt: skip


def _who_and_where(request: HttpRequest) -> tuple[Staff, Station]:
    """The person and the active station.  Raises ``Refused("no_station" | "not_allowed")``."""
    user, station = cast(Staff, request.user), cast("Station | None", getattr(request, "station", None))
    if station is None:
        raise Refused("no_station")
    require(user, station.pk, "reconcile")
    return user, station


def _list(request: HttpRequest, pk: int) -> ReconcileList:
    found = queries.visible_lists(cast(Staff, request.user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
