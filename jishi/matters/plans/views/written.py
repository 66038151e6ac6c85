"""The plans of a station: the list, one plan as steps, the sheet on which a new version is written, and the drill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.matters import catalogue as matters
from jishi.matters.actions import actor_of
from jishi.matters.forms.options import category_choices
from jishi.matters.models import Grade, Plan, PlanVersion
from jishi.matters.plans import actions, catalogue, writing
from jishi.matters.plans.compiler import Flaw, flaws
from jishi.matters.plans.queries import may_review
from jishi.matters.plans.written import levels, read
from jishi.matters.views.place import station_of
from jishi.stations.models import Role, Staff, Station, UnitKind
from jishi.stations.queries import agencies_of


@login_required
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """``plans/``: what is in force here, and what was put away or replaced."""
    station = station_of(request)
    versions = catalogue.newest_versions(station.pk)
    in_force = {each.version_id for each in catalogue.in_force(station.pk)}
    rows = [
        {"version": each, "plan": read(each.data), "in_force": each.pk in in_force, "own": bool(each.plan.station_id)}
        for each in versions
    ]  # fmt: skip
    context = {
        "nav_here": "plans", "rows": [row for row in rows if row["in_force"]],
        "resting": [row for row in rows if not row["in_force"]],
        "may_write": actions.may_write(cast(Staff, request.user), station.pk),
    }  # fmt: skip
    return render(request, "matters/plans/list.html", context)


@never_cache
@login_required
@require_safe
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """``plans/<code>/``: the plan in force of this code, or one of its older versions."""
    station = station_of(request)
    version = _version_of(request, station, code)
    found = read(version.data)
    user = cast(Staff, request.user)
    own = version.plan.station_id is not None
    names = {task.code: task.title for task in found.tasks}
    context = {
        "nav_here": "plans", "version": version, "plan": found, "levels": levels(found.tasks), "own": own,
        "before": {task.code: _joined(names[code] for code in task.after) for task in found.tasks},
        "owners": owner_names(),
        "agencies": dict(agencies_of(user, station).values_list("code", "name")),
        "roles": dict(Role.choices), "kinds": dict(UnitKind.choices),
        "versions": list(version.plan.versions.select_related("made_by").order_by("-version")[:20]),
        "may_write": actions.may_write(user, station.pk), "may_drill": may_review(actor_of(user, station.pk)),
        "key": uuid4().hex, "units": _unit_names(station, found),
    }  # fmt: skip
    return render(request, "matters/plans/plan.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """``plans/<code>/edit/`` and ``plans/new/``: a sheet with a row for each task; ``publish`` makes a new version."""
    station, user = station_of(request), cast(Staff, request.user)
    if not actions.may_write(user, station.pk):
        raise Refused("not_allowed", command="publish")
    version = _version_of(request, station, code) if code else None
    wrong: list[Flaw] = []
    refused = ""
    if request.method == "POST":
        sheet = writing.of_post(request.POST)
        what = request.POST.get("do", "publish")
        if what != "publish":
            writing.change(sheet, what)
        else:
            found = writing.written(sheet)
            wrong = flaws(found)
            if not wrong:
                try:
                    made = actions.publish_plan(
                        station, code or actions.next_code(station), found, category=sheet.category,
                        grade=int(sheet.grade) if sheet.grade.isdecimal() else -1, by=user,
                    )  # fmt: skip
                except Refused as error:
                    refused = sentence(error)
                else:
                    toast(request, _("Version %(n)s of the plan is in force.") % {"n": made.version})
                    return HttpResponseRedirect(reverse("matters:written_plan", args=[made.plan.code]), status=303)
    elif version is not None:
        sheet = writing.of_plan(read(version.data), version.plan.category_id, version.plan.grade)
    else:
        sheet = writing.blank()
    context = {
        "nav_here": "plans", "sheet": sheet, "code": code, "version": version, "wrong": wrong, "refused": refused,
        "wrong_rows": {flaw.row for flaw in wrong}, "categories": _in_groups(category_choices()),
        "grades": [(0, _("any grade")), *((grade.value, grade.label) for grade in Grade if grade)],
        "owners": owner_names(), "roles": Role.choices, "kinds": UnitKind.choices,
        "agencies": list(agencies_of(user, station).values_list("code", "name")),
    }  # fmt: skip
    return render(request, "matters/plans/edit.html", context, status=422 if wrong or refused else 200)


@login_required
@require_POST
def use(request: HttpRequest, code: str) -> HttpResponse:
    """Put the station's own plan away, or use it again."""
    station = station_of(request)
    active = request.POST.get("active") == "1"
    actions.use_plan(station, code, active=active, by=cast(Staff, request.user))
    toast(request, _("The plan is in force again.") if active else _("The plan is put away."))
    return HttpResponseRedirect(reverse("matters:plans"), status=303)


@login_required
@require_POST
def drill(request: HttpRequest, code: str) -> HttpResponse:
    """Start the plan as a drill and open its board."""
    matter = actions.start_drill(
        station_of(request), code, by=cast(Staff, request.user), place=request.POST.get("place", "").strip(),
        key=request.POST.get("key") or None,
    )  # fmt: skip
    toast(request, _("The drill runs. Only people in Jishi are told."))
    return HttpResponseRedirect(reverse("matters:board", args=[matter.number]), status=303)


def owner_names() -> dict[str, Any]:
    """Who may own a task: the kinds of units, and those who lead."""
    return {**dict(UnitKind.choices), "chief": Role.CHIEF.label, "deputy": Role.DEPUTY.label}


def _version_of(request: HttpRequest, station: Station, code: str) -> PlanVersion:
    """The version asked for: of the station's own plan where there is one in use, else of the one that ships."""
    rows = Plan.objects.filter(code=code, station=station) | Plan.objects.filter(code=code, station=None)
    found = sorted(rows, key=lambda row: (not row.active, row.station_id is None))
    if not found:
        raise Http404(code)
    versions = PlanVersion.objects.filter(plan=found[0]).select_related("plan__category").order_by("-version")
    asked = request.GET.get("version", "")
    version = (versions.filter(version=int(asked)) if asked.isdecimal() else versions).first()
    if version is None:
        raise Http404(code)
    return version


def _joined(parts: Iterable[str]) -> str:
    return pgettext("between tasks", "; ").join(parts)


def _in_groups(choices: list[tuple[Any, Any]]) -> list[tuple[Any, list[tuple[Any, Any]]]]:
    """Choices by the group that they stand in; those that stand alone in a group without a name."""
    return [(value, label) if isinstance(label, list) else ("", [(value, label)]) for value, label in choices]


def _unit_names(station: Station, plan: Any) -> dict[str, str]:
    """The units of the station that the plan's owners come to."""
    names = matters.ground(station.pk).unit_names
    return {task.owner: names.get(catalogue.owner_unit(station.pk, task.owner), "") for task in plan.tasks}
