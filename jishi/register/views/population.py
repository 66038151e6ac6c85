"""Population as counts: exact inside the station, and what the outside sees."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.register import actions, queries
from jishi.register.forms.counts import CountForm, HelpForm, ReleaseForm
from jishi.register.models import HelpCount
from jishi.register.models.counts import HELP_LEAST
from jishi.register.queries.population import Outside
from jishi.register.roles import may, require
from jishi.register.suppression import LEAST
from jishi.register.views.going import address
from jishi.register.views.place import station_of, user_of
from jishi.register.views.words import places
from jishi.stations.queries import areas_of

#: What stands where a count is withheld.
MARK = "*"
TABS = ("counts", "help", "outside")


@never_cache
@login_required
@require_safe
def population(request: HttpRequest) -> HttpResponse:
    """Counts by area and building, help counts, and the table that was given out; outside the station only that one."""
    station, user = station_of(request), user_of(request)
    inside = queries.is_inside(user, station.pk)
    tab = request.GET.get("tab", "")
    tab = (tab if tab in TABS else "counts") if inside else "outside"
    areas = queries.counts_of(user, station.pk) if inside else []
    outside = queries.published_counts(user, station.pk) if tab == "outside" else Outside(None, (), ())
    chosen = request.GET.get("area", "")
    sums = [sum(part) for part in zip(*(area.shown for area in areas), strict=True)] if areas else [0, 0, 0]
    context = {
        "nav_here": "register", "address": address, "places": places("population"), "inside": inside, "tab": tab,
        "tabs": _tabs(tab) if inside else [], "areas": areas, "sums": sums,
        "counted": [area for area in areas if area.newest], "least": LEAST, "help_least": HELP_LEAST, "mark": MARK,
        "newest": max((area.newest for area in areas if area.newest), default=None),
        "area": next((area for area in areas if str(area.id) == chosen), None),
        "help": queries.help_counts_of(user, station.pk) if tab == "help" else {}, "kinds": HelpCount.Kind.choices,
        "outside": outside, "lines": shown(outside), "station": station,
        "may_count": may(user, station.pk, "count"), "may_publish": may(user, station.pk, "publish"),
    }  # fmt: skip
    return render(request, "register/population.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Record how many live in a building or an area on a date."""
    station, user = station_of(request), user_of(request)
    require(user, station.pk, "count")
    areas = areas_of(user, station)
    initial = {"number": request.GET.get("number", "")[:40], "area": request.GET.get("area", "")[:20]}
    form = CountForm(areas, station.code, request.POST or None, initial=initial)

    def give(values: dict[str, Any]) -> str:
        number = values["number"].strip()
        where = values["area"] or queries.elements_at(user, station.pk).filter(number=number).first()
        if where is None:
            raise Refused("not_registered", number=number)
        actions.record_counts(
            where, on=values["date"], households=values["households"], long_term=values["long_term"],
            temporary=values["temporary"], by=user,
        )  # fmt: skip
        return _("Counts of %(where)s are recorded.") % {"where": where.name}

    return _ask(request, form, give, _("Record counts"), "register:record_counts", "counts")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record_help(request: HttpRequest) -> HttpResponse:
    """Record how many in an area may need a hand."""
    station, user = station_of(request), user_of(request)
    require(user, station.pk, "count")
    form = HelpForm(areas_of(user, station), request.POST or None, initial={"area": request.GET.get("area", "")[:20]})

    def give(values: dict[str, Any]) -> str:
        kept = actions.record_help(
            values["area"], on=values["date"], kind=values["kind"], count=values["count"], by=user
        )
        if kept is None:
            return _("Fewer than %(least)s: nothing is kept.") % {"least": HELP_LEAST}
        return _("Counts of %(where)s are recorded.") % {"where": values["area"].name}

    return _ask(request, form, give, _("Record help counts"), "register:record_help", "help")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Give out a table of the counts as they stood on a day."""
    station, user = station_of(request), user_of(request)
    require(user, station.pk, "publish")

    def give(values: dict[str, Any]) -> str:
        made = actions.publish_counts(station, values["date"], by=user)
        return _("The table of %(day)s can be seen from outside now.") % {"day": made.on.isoformat()}

    form = ReleaseForm(request.POST or None)
    return _ask(request, form, give, _("Give out a table"), "register:publish_counts", "outside")


@never_cache
@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The table that was given out, as CSV; never another one, not even for the station itself."""
    station = station_of(request)
    outside = queries.published_counts(user_of(request), station.pk)
    if outside.on is None:
        raise Refused("nothing_published")
    content = StringIO()
    writer = csv.writer(content)
    writer.writerow(
        [pgettext("count", "As of"), pgettext("count", "Area"), pgettext("count", "Building"),
         pgettext("count", "Number"), pgettext("count", "Households"), _("Long-term residents"),
         _("Temporary residents"), _("Residents")]
    )  # fmt: skip
    for each in outside.lines:
        figures = (each.households, each.long_term, each.temporary, each.residents)
        names = (each.area or station.name, line_name(each.level, each.place), each.number)
        writer.writerow([outside.on, *map(_defused, names), *(MARK if n is None else n for n in figures)])
    response = HttpResponse("\ufeff" + content.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{station.code}-population-{outside.on:%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def line_name(level: str, place: str) -> str:
    """What a line of the table is about, beside its area."""
    if level == "place":
        return place
    return {"station": _("whole station"), "area": _("whole area"), "rest": _("rest of the area")}[level]


def shown(outside: Outside) -> list[tuple[Any, str]]:
    """The lines of a table that was given out, each with its name."""
    return [(each, line_name(each.level, each.place)) for each in outside.lines]


def _defused(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _tabs(here: str) -> list[dict[str, Any]]:
    labels = {"counts": _("Inside the station"), "help": _("Help counts"), "outside": _("What the outside sees")}
    there = reverse("register:population")
    return [
        {"label": labels[name], "url": there if name == "counts" else f"{there}?tab={name}", "current": name == here}
        for name in TABS
    ]


def _ask(
    request: HttpRequest, form: forms.Form, give: Callable[[dict[str, Any]], str], title: str, here: str, tab: str
) -> HttpResponse:
    """Show a form, or do what it says and go back to the tab it belongs to."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                toast(request, give(form.cleaned_data))
                return HttpResponseRedirect(f"{reverse('register:population')}?tab={tab}", status=303)
            except Refused as refused:
                name = str(refused.facts.get("field", ""))
                form.add_error(name if name in form.fields else None, sentence(refused))
                status = refused.status
    context = {"nav_here": "register", "form": form, "title": title, "here": here, "tab": tab, "least": LEAST}
    return render(request, "register/counts_form.html", context, status=status)
