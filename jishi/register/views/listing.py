"""The list of elements: filters, chips, columns, pages; how fresh what the filters leave is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jishi.base.listing import PARAMETER
from jishi.register import cadence, labels
from jishi.register.models import Status
from jishi.register.queries import Filters, page_of_elements, read_filters, standings_of
from jishi.register.roles import may
from jishi.register.slots import tools_for
from jishi.register.views.choices import area_choices, category_rows
from jishi.register.views.going import address
from jishi.register.views.place import station_of, user_of
from jishi.register.views.words import places

#: The columns that can be chosen, and those that are shown until somebody chooses.
COLUMNS = {
    "grade": pgettext_lazy("element", "Grade"), "left": gettext_lazy("Left to verify"),
    "category": pgettext_lazy("element", "Category"), "area": pgettext_lazy("element", "Area"),
    "verified": pgettext_lazy("element", "Verified"), "issues": gettext_lazy("Doubts"),
    "source": pgettext_lazy("element", "Source"),
}  # fmt: skip
USUAL_COLUMNS = ("grade", "left", "category", "area", "verified")
_SESSION = "register_columns"


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """``register/elements/``: one page of the elements of the active station that the filters leave."""
    station, user = station_of(request), user_of(request)
    filters = read_filters(request.GET)
    chosen = [name for name in request.session.get(_SESSION, USUAL_COLUMNS) if name in COLUMNS]
    asked, areas = _without(request.GET, PARAMETER), area_choices(user, station)
    standings = standings_of(user, station.pk, filters)
    map_url = address("register:map")
    context = {
        "nav_here": "register",
        "places": places("list"),
        "page": page_of_elements(user, station.pk, filters, request.GET),
        "at": timezone.now(),
        "filters": filters,
        "sort": request.GET.get("sort", ""),
        "share": _share(standings),
        "chips": chips_of(request.GET, filters, dict(areas)),
        "views": _views(request.GET, filters, standings),
        "asked": asked,
        "box": request.GET.get("bbox", "") if filters.box else "",
        "map_url": f"{map_url}?{asked}" if map_url and asked else map_url,
        "choices": filter_choices(areas),
        "columns": {name: name in chosen for name in COLUMNS},
        "column_names": COLUMNS,
        "doubts": labels.doubts,
        "tools": tools_for(asked, lambda verb: may(user, station.pk, verb)),
        "may_create": may(user, station.pk, "create"),
    }  # fmt: skip
    return render(request, "register/list.html", context)


@login_required
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Show these columns from now on."""
    request.session[_SESSION] = [name for name in COLUMNS if name in request.POST.getlist("column")]
    asked = QueryDict(request.POST.get("asked", "")).urlencode()
    return HttpResponseRedirect(f"{reverse('register:list')}?{asked}" if asked else reverse("register:list"))


def filter_choices(areas: list[tuple[int, str]]) -> dict[str, Any]:
    """What the filters of the list and of the map offer."""
    return {
        "kinds": labels.KINDS, "categories": category_rows(), "areas": areas, "freshness": labels.FRESHNESS,
        "grades": labels.GRADES, "issues": labels.ISSUES, "statuses": Status.choices,
    }  # fmt: skip


def _views(query: QueryDict, filters: Filters, standings: dict[str, int] | None) -> list[dict[str, Any]]:
    """How the elements stand against their cadence, each with its count, under the other filters."""
    rest = query.copy()
    for name in (PARAMETER, "freshness", "status", "sort"):
        rest.pop(name, None)
    shown: list[tuple[Any, dict[str, str], bool, int | None]] = [
        (pgettext("elements", "All"), {}, not filters.freshness and filters.status == Status.ACTIVE,
         sum(standings.values()) if standings else None)
    ]  # fmt: skip
    for name in ("overdue", "due", "never", "fresh"):
        asked = {"freshness": name} if name == "never" else {"freshness": name, "sort": "due"}
        current = filters.freshness == (name,) and filters.status == Status.ACTIVE
        shown.append((labels.FRESHNESS[name], asked, current, standings[name] if standings else None))
    shown.append((pgettext("elements", "Closed"), {"status": "closed"}, filters.status == Status.CLOSED, None))
    found = []
    for label, asked, current, count in shown:
        left = rest.copy()
        left.update(asked)
        found.append({"label": label, "url": f"?{_without(left, PARAMETER)}", "current": current, "count": count})
    return found


def _share(standings: dict[str, int] | None) -> str:
    """The share that is verified within its cadence, in words; ``""`` where it is not known."""
    found = cadence.share(**standings) if standings else None
    return "" if found is None else f"{found:.1%}"


def chips_of(query: QueryDict, filters: Filters, areas: dict[int, str]) -> list[dict[str, Any]]:
    """The filters that are on, in words, each with the address without it."""
    chips: list[tuple[str, str, Any]] = []
    if filters.text:
        chips.append(("q", query.get("q", ""), _("“%(text)s”") % {"text": filters.text}))
    if filters.kind:
        chips.append(("kind", filters.kind, labels.KINDS[filters.kind]))
    if filters.category:
        name = next((name for code, name, _depth in category_rows() if code == filters.category), filters.category)
        chips.append(("category", filters.category, name))
    if filters.area is not None:
        chips.append(("area", str(filters.area), areas.get(filters.area, _("elsewhere"))))
    chips += [("freshness", value, labels.FRESHNESS[value]) for value in filters.freshness]
    chips += [("grade", str(grade), labels.GRADES[grade]) for grade in filters.grades]
    if filters.issue:
        chips.append(("issue", filters.issue, labels.ISSUES[filters.issue]))
    if filters.status != Status.ACTIVE:
        chips.append(("status", filters.status, Status(filters.status).label))
    if filters.source:
        chips.append(("source", query.get("source", ""), _("From %(source)s") % {"source": filters.source}))
    if filters.box:
        chips.append(("bbox", query.get("bbox", ""), _("Within the map view")))
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
