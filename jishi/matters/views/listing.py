"""The list of matters: filters, saved views, columns, marks for bulk commands."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jishi.base.listing import PARAMETER
from jishi.matters import catalogue, labels
from jishi.matters.forms.bulk import BULK
from jishi.matters.loop import COMMANDS
from jishi.matters.models import Grade, MatterState, SavedView
from jishi.matters.queries import Filters, read_filters
from jishi.matters.queries import listing as queries
from jishi.matters.queries.desk import Worker
from jishi.matters.views.choices import filter_choices
from jishi.matters.views.place import station_of, worker_of
from jishi.matters.views.shown import shown
from jishi.stations.models import Staff

#: The columns that can be chosen, and those that are shown until somebody chooses.
COLUMNS = {
    "grade": gettext_lazy("Grade"), "stage": gettext_lazy("Stage"), "unit": gettext_lazy("Responsible"),
    "person": gettext_lazy("Person"), "left": gettext_lazy("Left"), "category": gettext_lazy("Category"),
    "area": pgettext_lazy("matter", "Area"), "reported": gettext_lazy("Reported"), "channel": gettext_lazy("Channel"),
}  # fmt: skip
USUAL_COLUMNS = ("grade", "stage", "unit", "left", "category", "reported")
_SESSION = "matter_columns"


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """One page of the matters of the active station that the filters leave."""
    station, worker, now = station_of(request), worker_of(request), timezone.now()
    user = cast(Staff, request.user)
    filters = read_filters(request.GET)
    page = queries.page(user, station.pk, filters, request.GET, now)
    chosen = [name for name in request.session.get(_SESSION, USUAL_COLUMNS) if name in COLUMNS]
    asked = _without(request.GET, PARAMETER)
    context = {
        "nav_here": "matters",
        "page": page,
        "rows": shown(page.rows, worker),
        "at": now,
        "filters": filters,
        "search_text": filters.text,
        "chips": _chips(request.GET, filters, station.pk),
        "views": _views(asked),
        "saved": _saved(user, asked),
        "asked": asked,
        "choices": filter_choices(station.pk),
        "columns": {name: name in chosen for name in COLUMNS},
        "column_names": COLUMNS,
        "verbs": verbs_of(worker),
    }
    return render(request, "matters/list.html", context)


@login_required
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Show these columns from now on."""
    request.session[_SESSION] = [name for name in COLUMNS if name in request.POST.getlist("column")]
    asked = QueryDict(request.POST.get("asked", "")).urlencode()
    return HttpResponseRedirect(f"{reverse('matters:list')}?{asked}" if asked else reverse("matters:list"))


def verbs_of(worker: Worker) -> list[tuple[str, Any]]:
    """The commands that this person may give to many matters at once; triage has its own screen."""
    return [(verb, labels.VERBS[verb]) for verb in BULK if verb != "triage" and COMMANDS[verb].roles & worker.roles]


def _views(asked: str) -> list[dict[str, Any]]:
    """The views that everybody has."""
    views = {
        "": _("All"), "open=1": _("Open"), "overdue=1": _("Overdue"), "mine=1": _("Mine"), "back=1": _("Came back"),
        "state=closed": _("Closed"),
    }  # fmt: skip
    address = reverse("matters:list")
    return [
        {"label": label, "url": f"{address}?{query}" if query else address, "current": asked == query}
        for query, label in views.items()
    ]


def _saved(user: Staff, asked: str) -> list[dict[str, Any]]:
    """The views that this person saved."""
    address = reverse("matters:list")
    rows = SavedView.objects.filter(staff=user).order_by("name").values("id", "name", "query")
    return [{**row, "url": f"{address}?{row['query']}", "current": asked == row["query"]} for row in rows]


def _chips(query: QueryDict, filters: Filters, station_id: int) -> list[dict[str, Any]]:
    """The filters that are on, in words, each with the address without it."""
    ground, categories = catalogue.ground(station_id), catalogue.categories()
    chips: list[tuple[str, str, Any]] = []
    if filters.text:
        chips.append(("q", query.get("q", ""), _("“%(text)s”") % {"text": filters.text}))
    chips += [("state", state, MatterState(state).label) for state in filters.states]
    chips += [("grade", str(grade), Grade(grade).label) for grade in filters.grades]
    if filters.category:
        chips.append(("category", filters.category, categories[filters.category].name))
    for name, pk, names in (("area", filters.area, ground.area_names), ("unit", filters.unit, ground.unit_names)):
        if pk is not None:
            chips.append((name, str(pk), names.get(pk, _("elsewhere"))))
    if filters.element:
        chips.append(("element", filters.element, _("At %(element)s") % {"element": filters.element}))
    if filters.channel:
        chips.append(("channel", filters.channel, labels.CHANNELS.get(filters.channel, filters.channel)))
    if filters.source:
        chips.append(("source", filters.source, _("From %(source)s") % {"source": filters.source}))
    for name, on, words in (
        ("open", filters.open, _("Open")), ("overdue", filters.overdue, _("Overdue")),
        ("mine", filters.mine, _("Mine")), ("back", filters.back, _("Came back")),
    ):  # fmt: skip
        if on:
            chips.append((name, query.get(name, ""), words))
    if filters.since:
        chips.append(("since", query.get("since", ""), _("since %(day)s") % {"day": filters.since.isoformat()}))
    if filters.until:
        chips.append(("until", query.get("until", ""), _("until %(day)s") % {"day": filters.until.isoformat()}))
    return [{"text": words, "url": f"?{_without(query, PARAMETER, name, value)}"} for name, value, words in chips]


def _without(query: QueryDict, *names: str) -> str:
    """The address line without the position; with ``(position, name, value)`` also without that one filter."""
    left = query.copy()
    left.pop(names[0], None)
    if len(names) == 3:
        left.setlist(names[1], [value for value in left.getlist(names[1]) if value != names[2]])
    for name in [name for name, values in left.lists() if not any(values)]:
        del left[name]
    return left.urlencode()
