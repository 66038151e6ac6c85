"""粘贴登记: a slip or a message is read by local rules and fills the report."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jishi.base.words import moment
from jishi.matters import catalogue, paste
from jishi.matters.forms import PasteForm, ReportForm
from jishi.matters.models import MatterState
from jishi.matters.views.report import area_choices, kinds, likely_of, who_and_where
from jishi.privacy import mask_personal
from jishi.register.queries import elements_at


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def paste_in(request: HttpRequest) -> HttpResponse:
    """``report/paste/``: GET shows the field, POST reads the text and shows the report filled in."""
    user, station = who_and_where(request)
    form = PasteForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "matters/paste.html", {"nav_here": "report", "form": form}, status=status)
    areas = area_choices(user, station)
    categories = catalogue.categories()
    reading = paste.read(
        form.cleaned_data["text"],
        now=timezone.now(),
        zone=timezone.get_current_timezone(),
        kinds=kinds(),
        names={code: row.name for code, row in categories.items()},
        areas=[paste.AreaName(pk, name) for pk, name in areas],
        personal=mask_personal,
    )
    values = values_of(reading)
    likely = likely_of(user, station, values)
    values["seen"] = ",".join(str(each.id) for each in likely)
    context = {
        "nav_here": "report",
        "form": ReportForm(areas, elements_at(user, station.pk), initial=values),
        "grades": {code: row.grade for code, row in categories.items()},
        "reading": reading,
        "pieces": paste.pieces(reading),
        "sources": sources_of(reading),
        "likely": likely,
        "state_labels": dict(MatterState.choices),
    }
    return render(request, "matters/paste.html", context)


def values_of(reading: paste.Reading) -> dict[str, Any]:
    """What the report's form begins with."""
    values: dict[str, Any] = {name: found.value for name, found in reading.fields.items()}
    category = catalogue.categories().get(values.get("category", ""))
    return {
        **values,
        "grade": category.grade if category else "",
        "description": reading.text,
        "name": reading.name,
        "contact": reading.contact,
        "channel": "paste",
        "key": uuid4().hex,
    }


def sources_of(reading: paste.Reading) -> dict[str, str]:
    """For each field that was filled in, from which words it was."""
    said = {}
    for name, found in reading.fields.items():
        quote = _short(reading.quote(name))
        said[name] = _WHY[found.why](quote, found)
    if "category" in reading.fields:
        said["grade"] = _("usual for this category")
    if reading.contact:
        said["contact"] = _("first number in the text; it is sealed here and masked below")
    if reading.name:
        said["name"] = _("after a label in the text; it is sealed here and masked below")
    return said


def _short(quote: str) -> str:
    return quote if len(quote) <= 30 else f"{quote[:29]}…"


def _from(quote: str, _found: paste.Found) -> str:
    return _("read from “%(quote)s”") % {"quote": quote}


_WHY: dict[str, Any] = {
    "title_clause": _from,
    "title_category": lambda quote, found: (
        _("the category's name; the text around “%(quote)s” is not fit for a list") % {"quote": quote}
    ),
    "category_word": lambda quote, found: _("the word “%(word)s” points to it") % {"word": found.word},
    "area_name": _from,
    "area_stem": lambda quote, found: _("“%(quote)s” is part of the area's name") % {"quote": quote},
    "place_label": _from,
    "place_form": _from,
    "time_label": lambda quote, found: (
        _("read from “%(quote)s”: %(moment)s") % {"quote": quote, "moment": moment(found.value)}
    ),
    "time_text": lambda quote, found: (
        _("read from “%(quote)s”: %(moment)s") % {"quote": quote, "moment": moment(found.value)}
    ),
    "time_call": lambda quote, found: _("the time of the call, “%(quote)s”") % {"quote": quote},
}
