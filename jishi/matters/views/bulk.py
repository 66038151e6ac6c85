"""One command for many marked matters: its form first, where it has one, then each result in a sentence."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.matters import actions, labels
from jishi.matters.forms.bulk import BULK, BulkForm
from jishi.matters.loop import COMMANDS
from jishi.matters.models import Matter, MatterState
from jishi.matters.queries import visible_matters
from jishi.matters.views.place import station_of, worker_of
from jishi.stations.models import Staff

#: The most matters that one bulk command takes; each is a transaction of its own.
MOST = 500


@dataclass(frozen=True, slots=True)
class Told:
    """How one matter fared, in words."""

    number: str
    title: str
    done: bool
    words: str


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Ask what the command needs, or give it to every marked matter and tell how each fared."""
    verb = request.POST.get("verb", "")
    kind = BULK.get(verb)
    if kind is None:
        raise Refused("unknown_command", command=verb)
    if not COMMANDS[verb].roles & worker_of(request).roles:
        raise Refused("not_allowed", command=verb)
    picks = request.POST.getlist("pick")[:MOST]
    matters = picked(cast(Staff, request.user), picks)
    if not matters:
        toast(request, _("Mark the matters first."))
        return HttpResponseRedirect(reverse("matters:list"))
    sent = "send" in request.POST
    key = request.POST.get("key") or uuid.uuid4().hex
    form = kind(station_of(request).pk, request.POST if sent else None, initial={"key": key})
    if not sent or not form.is_valid():
        context = {
            "nav_here": "matters", "form": form, "verb": verb, "label": labels.VERBS[verb], "matters": matters,
            "picks": picks, "back": request.POST.get("back", ""),
        }  # fmt: skip
        return render(request, "matters/bulk.html", context, status=422 if sent else 200)
    told = give_all(cast(Staff, request.user), form, matters)
    return render(request, "matters/bulk_done.html", done_context(told, form.verb, request.POST.get("back", "")))


def done_context(told: Sequence[Told], verb: str, back: str) -> dict[str, Any]:
    """What the page of results shows."""
    done = sum(each.done for each in told)
    return {
        "nav_here": "matters", "told": sorted(told, key=lambda each: each.done), "done": done,
        "refused": len(told) - done, "label": labels.VERBS[verb], "back": back,
    }  # fmt: skip


def picked(user: Staff, picks: Sequence[str]) -> list[Matter]:
    """The visible matters that were marked, each in the version that was seen, in the order of the marks."""
    versions: dict[str, int] = {}
    for pick in picks:
        number, _colon, version = pick.rpartition(":")
        if number and version.isascii() and version.isdigit() and len(version) < 10:
            versions[number] = int(version)
    found = {matter.number: matter for matter in visible_matters(user).filter(number__in=versions)}
    for number, matter in found.items():
        matter.version = versions[number]
    return [found[number] for number in versions if number in found]


def give_all(user: Staff, form: BulkForm, matters: Sequence[Matter]) -> list[Told]:
    """Give the command to each, in the order of the marks; matters that need the same fields go together."""
    groups: dict[tuple[tuple[str, Any], ...], list[Matter]] = defaultdict(list)
    for matter in matters:
        row: Mapping[str, Any] = {"category_id": matter.category_id, "grade": matter.grade}
        groups[tuple(form.values(row).items())].append(matter)
    results = [
        result
        for values, group in groups.items()
        for result in actions.bulk(group, form.verb, dict(values), by=user, key=form.cleaned_data["key"])
    ]
    ids = [result.matter.pk for result in results if result.refused is None]
    states = dict(visible_matters(user).filter(pk__in=ids).values_list("pk", "state"))
    return [_told(result, states) for result in results]


def _told(result: Any, states: Mapping[int, str]) -> Told:
    matter = result.matter
    if result.refused is not None:
        return Told(matter.number, matter.title, False, sentence(result.refused))
    state = MatterState(states[matter.pk]).label if matter.pk in states else ""
    return Told(matter.number, matter.title, True, _("Done; it is now: %(state)s.") % {"state": state})
