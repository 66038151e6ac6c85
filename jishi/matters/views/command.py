"""Giving one command to one matter: its form, what will happen, and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.matters import actions, catalogue, labels, loop, preview, store
from jishi.matters.forms import FORMS, CommandForm, Options
from jishi.matters.models import Matter, MatterState
from jishi.matters.queries.page import history, names_of
from jishi.matters.queries.scope import get_matter
from jishi.matters.queries.similar import similar
from jishi.matters.views.page import AT_ONCE
from jishi.register.queries import nearby_elements
from jishi.stations.models import Staff

#: Commands to one task: several people work on a plan at once, so it counts how the task stands and not the matter.
TASK_VERBS = frozenset({"take_task", "finish_task", "skip_task", "hand_task", "reopen_task"})
#: The command that takes another one back, within the ten seconds of the toast.
UNDO = {"push": "recall", "refer": "recall", "merge": "unmerge", "suspend": "resume", "mark_urgent": "unmark_urgent"}


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def command(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """``matters/<number>/<verb>/``: GET shows the form, POST gives the command."""
    if verb not in FORMS:
        raise Http404(verb)
    user = request.user
    assert isinstance(user, Staff)
    matter = get_matter(user, number)
    state = store.state_of((getattr(matter, name) for name in store.COLUMNS), store.running_clocks(matter.pk))
    desk = Counter(request, user, matter, state, verb)
    return desk.give() if request.method == "POST" else desk.show(desk.blank())


class Counter:
    """One command at the counter: who asks, for which matter, as it stands."""

    def __init__(self, request: HttpRequest, user: Staff, matter: Matter, state: loop.State, verb: str) -> None:
        self.request, self.user, self.matter, self.state, self.verb = request, user, matter, state, verb
        self.actor = actions.actor_of(user, state.station)
        self.options = Options(user, catalogue.ground(state.station).station, state, matter.pk)

    def blank(self) -> CommandForm:
        """The form before anything is filled in.  Raises ``Refused`` where the command cannot be given now."""
        if self.verb not in loop.allowed(self.state, self.actor):
            raise self.why_not()
        initial = {"version": self.state.version, "key": uuid4().hex, "title": self.matter.title}
        if "task" in self.request.GET:
            initial["task"] = self.request.GET["task"]
        return FORMS[self.verb](self.options, initial=initial)

    def why_not(self) -> Refused:
        """Why the command cannot be given now."""
        if not loop.COMMANDS[self.verb].roles & self.actor.roles:
            return Refused("not_allowed", command=self.verb)
        return loop.why_not(self.state, self.verb, self.actor) or Refused("not_allowed", command=self.verb)

    def give(self) -> HttpResponse:
        """Give the command, or show the form again with what is to be mended."""
        form = FORMS[self.verb](self.options, self.request.POST, self.request.FILES)
        form.initial["title"] = self.matter.title
        if not form.is_valid():
            return self.show(form, 422)
        seen, key = form.cleaned_data["version"], form.cleaned_data["key"]
        version = None if self.verb in TASK_VERBS else seen
        try:
            done = actions.give(
                self.matter, self.verb, form.values(), by=self.user, version=version, key=key, uploads=form.uploads()
            )
        except Refused as refused:
            return self.refused(form, refused, seen)
        return self.done(done)

    def refused(self, form: CommandForm, refused: Refused, seen: int) -> HttpResponse:
        """The form with the words kept, and what stands in the way."""
        if refused.code == "stale":
            return self.stale(form, seen)
        name = str(refused.facts.get("field", _FIELD.get(refused.code, "")))
        form.add_error(name if name in form.fields else None, sentence(refused))
        return self.show(form, refused.status)

    def stale(self, form: CommandForm, seen: int) -> HttpResponse:
        """409: both versions, and what happened in between; the form stands ready for the version of now."""
        self.matter.refresh_from_db()
        row = (getattr(self.matter, name) for name in store.COLUMNS)
        self.state = store.state_of(row, store.running_clocks(self.matter.pk))
        self.options.state = self.state
        data = self.request.POST.copy()
        data["version"] = str(self.matter.version)
        data["key"] = uuid4().hex
        form = FORMS[self.verb](self.options, data)
        form.is_valid()
        may_still = self.verb in loop.allowed(self.state, self.actor)
        between = history(self.user, self.matter.pk, seen)
        facts = {"yours": seen, "current": self.matter.version, "between": between, "may_still": may_still}
        return self.show(form, 409, stale=facts)

    def done(self, done: actions.Applied) -> HttpResponse:
        """Back to the matter, with a word on what was done and the way back where there is one."""
        undo, fields = "", {}
        back = UNDO.get(self.verb)
        if back and not done.replayed:
            undo = reverse("matters:command", args=[self.matter.number, back])
            reason = _("Taken back at once.")
            fields = {"version": done.version, "key": uuid4().hex, "reason": reason}
        said = _("%(number)s: done. %(what)s") % {"number": self.matter.number, "what": labels.VERBS[self.verb]}
        toast(self.request, said, undo=undo, fields=fields)
        there = reverse(
            "matters:board" if self.verb in labels.ON_THE_BOARD else "matters:page", args=[self.matter.number]
        )
        if self.request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": there})
        return HttpResponseRedirect(there, status=303)

    def show(self, form: CommandForm, status: int = 200, **more: Any) -> HttpResponse:
        """The page of the form, or only the sentence of what will happen where a choice was changed."""
        context = {
            "nav_here": "matters",
            "matter": self.matter,
            "verb": self.verb,
            "label": labels.VERBS[self.verb],
            "form": form,
            "at_once": self.verb in AT_ONCE,
            "state_label": MatterState(self.state.state).label,
            "will": self.will(form),
            **self.beside(form),
            **more,
        }
        only_will = self.request.method == "GET" and self.request.headers.get("HX-Request") == "true"
        template = "matters/_will.html" if only_will else "matters/command.html"
        return render(self.request, template, context, status=status)

    def will(self, form: CommandForm) -> list[str]:
        """What will happen with what is chosen now."""
        values = form.foretold(self.request.GET if self.request.method == "GET" else self.request.POST)
        ground = catalogue.ground(self.state.station)
        units = {*ground.units, *([self.state.responsible_unit] if self.state.responsible_unit else [])}
        names = names_of({"units": units}).units
        return preview.sentences(self.state, self.actor, self.verb, values, timezone.now(), names)

    def beside(self, form: CommandForm) -> dict[str, Any]:
        """What stands beside the form of some commands: likely duplicates, the reason of the proposal."""
        if self.verb == "merge":
            likely = similar(
                self.user, self.state.station, timezone.now(), title=self.matter.title, place=self.matter.place_name,
                category=self.state.category, area=self.state.area, lon=self.matter.lon, lat=self.matter.lat,
                besides=self.matter.pk,
            )  # fmt: skip
            return {"likely": likely, "state_labels": dict(MatterState.choices)}
        if self.verb == "locate":
            lon, lat, words = self.matter.lon, self.matter.lat, self.matter.place_name
            return {"nearby": nearby_elements(self.user, self.state.station, lon=lon, lat=lat, words=words)}
        if self.verb == "push":
            category = catalogue.categories().get(self.state.category or "")
            return {"proposed_for": category.name if category and category.unit_kind else ""}
        return {}


#: The field that a refusal is about, where it does not say so itself.
_FIELD = {
    "photo_needed": "files", "file_type": "files", "file_too_large": "files", "file_broken": "files",
    "unit_elsewhere": "unit", "person_elsewhere": "person", "agency_unknown": "agency", "area_elsewhere": "area",
    "until_past": "until", "until_far": "until", "suspend_times": "until", "extend_far": "amount",
    "extend_most": "amount", "unknown_category": "category",
    "located_there": "element", "element_unknown": "element",
    "merge_itself": "number", "merge_elsewhere": "number", "merge_closed": "number", "root_unknown": "number",
    "transfer_here": "station", "station_unknown": "station", "bad_outcome": "outcome", "bad_result": "result",
}  # fmt: skip
