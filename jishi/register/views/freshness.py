"""Freshness over time: the promise with its figure, per area and category, against its target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.toasts import toast
from jishi.register import actions, charts, queries
from jishi.register.catalogue import sort_of, sorts
from jishi.register.queries.overview import USUAL_TARGET, Overview, Share
from jishi.register.roles import may
from jishi.register.views.going import address, back_to
from jishi.register.views.place import station_of, user_of
from jishi.register.views.words import area_name, places
from jishi.stations.queries import areas_of

Courses = Mapping[Any, Sequence[tuple[date, Share]]]
SPANS = (30, 90, 365)
ROWS = 12


@dataclass(frozen=True, slots=True)
class Course:
    """How one area or category went: where it stands now, and its line."""

    name: str
    key: str
    now: Share
    line: charts.Line | None


@login_required
@require_safe
def freshness(request: HttpRequest) -> HttpResponse:
    """The share verified in time over 30, 90 or 365 days, of all or of one area or category."""
    station, user = station_of(request), user_of(request)
    today = timezone.localdate()
    days = next((span for span in SPANS if str(span) == request.GET.get("days")), 90)
    filters = queries.read_filters(request.GET)
    since = today - timedelta(days=days)
    points = queries.shares_over_time(user, station.pk, days, today, filters.category, filters.area)
    narrowed = queries.Filters(category=filters.category, area=filters.area)
    everything = queries.overview_of(user, station.pk)
    whole = queries.overview_of(user, station.pk, narrowed) if narrowed != queries.Filters() else everything
    targets = queries.targets_of(user, station.pk)
    target = targets.get(filters.category or None, targets.get(None, USUAL_TARGET))
    now = Share(whole.whole.counts, target / 100)
    by_day = dict(points)
    days_marked = charts.marks(since, today, ROWS)
    context = {
        "nav_here": "register", "address": address, "places": places("freshness"), "days": days, "spans": SPANS,
        "filters": filters, "now": now, "since": since, "today": today,
        "chart": charts.line([(day, each.share) for day, each in points], target / 100, since, today),
        "rows": [(day, by_day[day]) for day in days_marked if day in by_day],
        "areas": list(areas_of(user, station).values_list("pk", "name")),
        "categories": [(code, sort.category.name) for code, sort in sorts().items()],
        "by_area": _by_area(everything, queries.shares_by(user, station.pk, days, today, "area"), since, today),
        "by_category": _by_category(
            everything, queries.shares_by(user, station.pk, days, today, "category"), since, today
        ),
        "may_target": may(user, station.pk, "target"), "own_target": filters.category in targets,
        "target_of": sort_of(filters.category).category.name if filters.category else "",
    }  # fmt: skip
    return render(request, "register/freshness.html", context)


@login_required
@require_POST
def target(request: HttpRequest) -> HttpResponse:
    """Set the target of the station or of one category; ``clear`` lets a category follow its station."""
    station, user = station_of(request), user_of(request)
    category = request.POST.get("category") or None
    if "clear" in request.POST and category:
        actions.clear_target(station, category, by=user)
        toast(request, _("The category follows the target of the station again."))
    else:
        share = request.POST.get("share", "").strip()
        if not share.isdecimal() or len(share) > 3:
            raise Refused("bad_share")
        made = actions.set_target(station, int(share), by=user, category=category)
        toast(request, _("The target is %(share)s per cent now.") % {"share": made.share})
    return HttpResponseRedirect(back_to(request, reverse("register:freshness")), status=303)


def _by_area(found: Overview, courses: Courses, since: date, today: date) -> list[Course]:
    order = {pk: place for place, pk in enumerate(found.area_names)}
    lines = _lines(courses, since, today)
    keys = sorted(found.by_area, key=lambda pk: order.get(pk, len(order)))
    return [Course(area_name(found.area_names, pk), str(pk), found.by_area[pk], lines.get(pk)) for pk in keys]


def _by_category(found: Overview, courses: Courses, since: date, today: date) -> list[Course]:
    lines = _lines(courses, since, today)
    return [
        Course(sort.category.name, code, found.by_category[code], lines.get(code))
        for code, sort in sorts().items() if code in found.by_category
    ]  # fmt: skip


def _lines(courses: Courses, since: date, today: date) -> dict[Any, charts.Line | None]:
    return {
        key: charts.line([(day, each.share) for day, each in points], points[-1][1].target, since, today)
        for key, points in courses.items()
    }
