"""The duty roster: the week by days and units, who is on now, and the small form that puts somebody on."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.base.words import short_moment
from jishi.stations import actions, queries
from jishi.stations import roster as reads
from jishi.stations.forms import ShiftForm, written
from jishi.stations.models import Bureau, Shift, Staff

#: So many stretches without anybody are written out for each unit.
MOST_STRETCHES = 4
#: The field that a refusal is about.
_FIELD = {
    "shift_backwards": "last_day", "shift_too_long": "last_day", "unit_of_other_station": "unit",
    "no_post_here": "staff", "no_post_in_unit": "unit", "shifts_cross": "staff",
}  # fmt: skip


@never_cache
@login_required
@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    """``roster/``: the week, who is on duty now, and where nobody is; ``?bureau=`` shows the bureau's."""
    ground = _ground(request)
    with timezone.override(reads.zone_at(ground)):
        return render(request, "stations/roster.html", _context(request, ground))


@never_cache
@login_required
@require_safe
def print_roster(request: HttpRequest) -> HttpResponse:
    """``roster/print/``: the same week on A4."""
    ground = _ground(request)
    with timezone.override(reads.zone_at(ground)):
        return render(request, "stations/roster_print.html", _context(request, ground))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def add_shift(request: HttpRequest) -> HttpResponse:
    """``roster/shifts/``: put somebody on duty."""
    ground = _planned(request)
    with timezone.override(reads.zone_at(ground)):
        if request.method != "POST":
            today = timezone.localdate().isoformat()
            asked = {"day": request.GET.get("day") or today, "unit": request.GET.get("unit", ""), "pattern": "day"}
            return _form(request, ground, ShiftForm(ground, initial=asked))
        form = ShiftForm(ground, request.POST)
        if form.is_valid():
            try:
                shift = actions.add_shift(ground, by=_reader(request), **form.shift())
            except Refused as refused:
                return _refused(request, ground, form, refused)
            toast(request, _("%(name)s is on duty: %(when)s.") % _said(shift, ground))
            return _back(ground, _monday(shift, ground))
        return _form(request, ground, form, status=422)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def change_shift(request: HttpRequest, pk: int) -> HttpResponse:
    """``roster/shifts/<shift>/``: let somebody else take it, or give it other hours."""
    shift = reads.get_shift(_reader(request), pk)
    ground = reads.whose(shift)
    if not reads.may_edit(_reader(request), ground):
        raise Refused("not_allowed")
    with timezone.override(reads.zone_at(ground)):
        if request.method != "POST":
            return _form(request, ground, ShiftForm(ground, initial=written(shift, reads.zone_at(ground))), shift)
        form = ShiftForm(ground, request.POST)
        if form.is_valid():
            try:
                shift = actions.change_shift(shift, by=_reader(request), **form.shift())
            except Refused as refused:
                return _refused(request, ground, form, refused, shift)
            toast(request, _("%(name)s is on duty: %(when)s.") % _said(shift, ground))
            return _back(ground, _monday(shift, ground))
        return _form(request, ground, form, shift, status=422)


@login_required
@require_POST
def drop_shift(request: HttpRequest, pk: int) -> HttpResponse:
    """``roster/shifts/<shift>/drop/``: take it off, with the way back."""
    shift = reads.get_shift(_reader(request), pk)
    ground = reads.whose(shift)
    fields = {"unit": "", **_as_sent(shift, ground)}
    said, monday = _said(shift, ground), _monday(shift, ground)
    actions.drop_shift(shift, by=_reader(request))
    back = reverse("stations:add_shift") + _query(ground)
    toast(request, _("Taken off: %(name)s, %(when)s.") % said, undo=back, fields=fields)
    return _back(ground, monday)


@login_required
@require_POST
def repeat_week(request: HttpRequest) -> HttpResponse:
    """``roster/repeat/``: copy a week to those that follow, with the way back."""
    ground = _planned(request)
    monday = reads.monday_of(request.POST.get("week", ""), timezone.localdate())
    weeks = request.POST.get("weeks", "1")
    done = actions.repeat_week(ground, monday=monday, weeks=int(weeks) if weeks.isdecimal() else 0, by=_reader(request))
    number = len(done.made)
    said = ngettext("%(number)s shift copied.", "%(number)s shifts copied.", number) % {"number": number}
    if done.left_out:
        said += " " + _left_out(done.left_out)
    undo = reverse("stations:drop_shifts") + _query(ground) if done.made else ""
    after = monday + timedelta(weeks=1)
    toast(request, said, undo=undo, fields={"ids": ",".join(map(str, done.made)), "week": after.isoformat()})
    return _back(ground, after)


@login_required
@require_POST
def drop_shifts(request: HttpRequest) -> HttpResponse:
    """``roster/drop/``: take back what was copied."""
    ground = _planned(request)
    ids = [int(each) for each in request.POST.get("ids", "").split(",") if each.isdecimal()]
    gone = actions.drop_shifts(ground, ids, by=_reader(request))
    toast(request, ngettext("%(number)s shift taken off.", "%(number)s shifts taken off.", gone) % {"number": gone})
    return _back(ground, reads.monday_of(request.POST.get("week", ""), timezone.localdate()))


def _reader(request: HttpRequest) -> Staff:
    return cast(Staff, request.user)


def _ground(request: HttpRequest) -> reads.Ground:
    return reads.ground_of(_reader(request), getattr(request, "station", None), request.GET.get("bureau", ""))


def _planned(request: HttpRequest) -> reads.Ground:
    """Whose roster this person changes.  Raises ``Refused("not_allowed")``."""
    ground = _ground(request)
    if not reads.may_edit(_reader(request), ground):
        raise Refused("not_allowed")
    return ground


def _query(ground: reads.Ground, **more: str) -> str:
    asked = {**({"bureau": str(ground.pk)} if isinstance(ground, Bureau) else {}), **more}
    return f"?{urlencode(asked)}" if asked else ""


def _back(ground: reads.Ground, monday: date) -> HttpResponse:
    there = reverse("stations:roster") + _query(ground, week=monday.isoformat())
    return HttpResponseRedirect(there, status=303)


def _monday(shift: Shift, ground: reads.Ground) -> date:
    day = reads.wall(shift.starts, reads.zone_at(ground)).date()
    return day - timedelta(days=day.weekday())


def _said(shift: Shift, ground: reads.Ground) -> dict[str, str]:
    zone = reads.zone_at(ground)
    when = f"{reads.wall(shift.starts, zone):%m-%d} {reads.hours(shift.starts, shift.ends, zone)}"
    return {"name": shift.staff.name, "when": when}


def _as_sent(shift: Shift, ground: reads.Ground) -> dict[str, Any]:
    """A shift as the form sends it."""
    return {name: str(value) for name, value in written(shift, reads.zone_at(ground)).items()}


def _left_out(left_out: tuple[tuple[str, str], ...]) -> str:
    """Who was not copied and why, as short as it stays clear."""
    words = {
        "on_duty": _("on duty then already"),
        "no_post": _("no post there any more"),
        "skipped": _("the clock skips these hours"),
    }
    counted = Counter(left_out)
    named = [f"{name} ({words[why]})" for name, why in list(counted)[:3]]
    if len(counted) > len(named):
        named.append(_("%(more)s more") % {"more": len(counted) - len(named)})
    return _("Left out: %(who)s.") % {"who": _(", ").join(named)}


def _bare(gap: reads.Gap) -> dict[str, Any]:
    """A unit without anybody, in words."""
    when = [f"{short_moment(starts)} – {short_moment(ends)}" for starts, ends in gap.stretches[:MOST_STRETCHES]]
    if len(gap.stretches) > MOST_STRETCHES:
        when.append(_("%(more)s more") % {"more": len(gap.stretches) - MOST_STRETCHES})
    said = _("%(unit)s has nobody on duty: %(when)s.") % {"unit": gap.name, "when": _(", ").join(when)}
    return {"said": said, "people": gap.people}


def _refused(
    request: HttpRequest, ground: reads.Ground, form: ShiftForm, refused: Refused, shift: Shift | None = None
) -> HttpResponse:
    name = _FIELD.get(refused.code, "")
    form.add_error(name if name in form.fields else None, sentence(refused))
    return _form(request, ground, form, shift, status=refused.status)


def _form(
    request: HttpRequest, ground: reads.Ground, form: ShiftForm, shift: Shift | None = None, status: int = 200
) -> HttpResponse:
    address = reverse("stations:change_shift", args=[shift.pk]) if shift else reverse("stations:add_shift")
    context = {
        "nav_here": "desk",
        "form": form,
        "shift": shift,
        "address": address + ("" if shift else _query(ground)),
        "back": reverse("stations:roster") + _query(ground),
    }
    return render(request, "stations/shift.html", context, status=status)


def _context(request: HttpRequest, ground: reads.Ground) -> dict[str, Any]:
    now = timezone.now()
    monday = reads.monday_of(request.GET.get("week", ""), timezone.localdate(now))
    bureaux = queries.visible_bureaux(_reader(request))
    at_bureau = isinstance(ground, Bureau)
    here = reverse("stations:roster")

    def week_at(weeks: int) -> str:
        return here + _query(ground, week=(monday + timedelta(weeks=weeks)).isoformat())

    found = reads.week(ground, monday, now)
    return {
        "nav_here": "desk",
        "ground": ground,
        "weekdays": _weekdays(),
        "at_bureau": at_bureau,
        "week": found,
        "gaps": [_bare(gap) for gap in found.gaps],
        "may_edit": reads.may_edit(_reader(request), ground),
        "query": _query(ground),
        "day_query": _query(ground) + ("&" if at_bureau else "?"),
        "before": week_at(-1),
        "after": week_at(1),
        "this_week": here + _query(ground),
        "is_this_week": any(day.today for day in found.days),
        "last_monday": monday - timedelta(weeks=1),
        "print_url": reverse("stations:print_roster") + _query(ground, week=monday.isoformat()),
        "tabs": _tabs(request, ground, list(bureaux)),
        "most_weeks": actions.MOST_WEEKS,
    }


def _weekdays() -> list[str]:
    """Monday to Sunday, short."""
    return [
        pgettext("weekday", "Mon"), pgettext("weekday", "Tue"), pgettext("weekday", "Wed"), pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"), pgettext("weekday", "Sat"), pgettext("weekday", "Sun"),
    ]  # fmt: skip


def _tabs(request: HttpRequest, ground: reads.Ground, bureaux: list[Bureau]) -> list[dict[str, Any]]:
    """The station's roster and those of the bureaux above."""
    here = reverse("stations:roster")
    station = getattr(request, "station", None)
    mine = [{"label": station.name, "url": here, "current": ground == station}] if station else []
    above = [
        {"label": bureau.name, "url": f"{here}?bureau={bureau.pk}", "current": ground == bureau} for bureau in bureaux
    ]
    return [*mine, *above]
