"""Giving one command to one element: its form, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.register import actions, labels
from jishi.register.commands import COMMANDS, why_not
from jishi.register.forms import FORMS
from jishi.register.models import Element
from jishi.register.queries import around, get_element, history_of, page_facts, similar
from jishi.register.timeline import Names, steps_of
from jishi.register.views.choices import area_choices
from jishi.register.views.edit import EDITS, edit
from jishi.register.views.place import user_of
from jishi.stations.models import Staff


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: in words, where it is seen, and the way back where there is one: an address and its fields."""

    words: str
    number: str
    undo: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


Give = Callable[[Element, Any, Staff], Done]


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def command(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """``register/elements/<number>/<verb>/``: GET shows the form, POST gives the command."""
    if verb not in COMMANDS:
        raise Http404(verb)
    user = user_of(request)
    element = get_element(user, number)
    refused = why_not(user, element, verb)
    if refused is not None and (request.method == "GET" or refused.code == "not_allowed"):
        raise refused
    if verb in EDITS:
        return edit(request, user, element, verb)
    made = FORMS[verb]
    if request.method != "POST":
        return _show(request, user, element, verb, made(element, user, initial=_fresh(element)))
    form = made(element, user, request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, user, element, verb, form, 422)
    try:
        done = GIVE[verb](element, form, user)
    except Refused as refusal:
        if refusal.code == "stale":
            return _stale(request, user, element, verb, form.cleaned_data["version"])
        name = str(refusal.facts.get("field", _FIELD.get(refusal.code, "")))
        form.add_error(name if name in form.fields else None, sentence(refusal))
        return _show(request, user, element, verb, form, refusal.status)
    toast(request, done.words, undo=done.undo, fields=done.fields)
    return HttpResponseRedirect(reverse("register:element", args=[done.number]), status=303)


def _stale(request: HttpRequest, user: Staff, element: Element, verb: str, seen: int) -> HttpResponse:
    """409: both versions, and what happened in between; what was written stands ready to be sent again."""
    element.refresh_from_db()
    data = request.POST.copy()
    data["version"], data["key"] = str(element.version), uuid4().hex
    form = FORMS[verb](element, user, data)
    form.is_valid()
    between = [row for row in history_of(element) if row["version"] > seen]
    names = Names(dict(area_choices(user, element.station)), {}).prefer(element.category_id)
    facts = {"yours": seen, "current": element.version, "between": steps_of(between, names)}
    facts["may_still"] = why_not(user, element, verb) is None
    return _show(request, user, element, verb, form, 409, stale=facts)


def _show(
    request: HttpRequest, user: Staff, element: Element, verb: str, form: Any, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "nav_here": "register",
        "it": element,
        "verb": verb,
        "label": COMMANDS[verb].label,
        "form": form,
        "reason_words": labels.LIKENESS,
        **_beside(user, element, verb),
        **more,
    }
    return render(request, "register/command.html", context, status=status)


def _beside(user: Staff, element: Element, verb: str) -> dict[str, Any]:
    """What stands beside the form of some commands: elements nearby, likely duplicates, what will be lost."""
    if verb == "close":
        return {"contacts": len(page_facts(user, element).contacts)}
    if verb not in ("merge", "link"):
        return {}
    found: dict[str, Any] = {"nearby": around(user, element)}
    if verb == "merge":
        point = None if element.lon is None or element.lat is None else (element.lon, element.lat)
        found["likely"] = similar(
            user, element.station_id, name=element.name, address=element.address, category=element.category_id,
            point=point, besides=element.pk,
        )  # fmt: skip
    return found


def _fresh(element: Element) -> dict[str, Any]:
    return {"version": element.version, "key": uuid4().hex}


def _close(element: Element, form: Any, user: Staff) -> Done:
    closed = actions.close_element(element, by=user, version=form.cleaned_data["version"], source=form.known_from())
    words = _("%(number)s is closed.") % {"number": closed.number}
    return Done(words, closed.number, _to(closed, "reopen"), _fresh(closed))


def _reopen(element: Element, form: Any, user: Staff) -> Done:
    opened = actions.reopen_element(element, by=user, version=form.cleaned_data["version"], source=form.known_from())
    words = _("%(number)s stands again.") % {"number": opened.number}
    return Done(words, opened.number, _to(opened, "close"), _fresh(opened))


def _merge(element: Element, form: Any, user: Staff) -> Done:
    other = form.cleaned_data["number"]
    keep, lose = (element, other) if form.cleaned_data["keep"] == "this" else (other, element)
    kept = actions.merge_elements(keep, lose, by=user)
    lose.refresh_from_db()
    words = _("%(lost)s was merged into %(kept)s.") % {"lost": lose.number, "kept": kept.number}
    return Done(words, kept.number, _to(lose, "unmerge"), _fresh(lose))


def _unmerge(element: Element, _form: Any, user: Staff) -> Done:
    row = actions.unmerge_element(element, by=user)
    return Done(_("%(number)s stands on its own again.") % {"number": row.number}, row.number)


def _link(element: Element, form: Any, user: Staff) -> Done:
    kind, _dash, way = form.cleaned_data["kind"].partition("-")
    other = form.cleaned_data["number"]
    a, b = (element, other) if way == "to" else (other, element)
    link = actions.link_elements(a, b, kind, by=user)
    words = _("Linked with %(name)s.") % {"name": other.name}
    return Done(words, element.number, reverse("register:unlink", args=[element.number, link.pk]))


def _part(element: Element, form: Any, user: Staff) -> Done:
    part = actions.add_part(element, name=form.cleaned_data["name"], cadence=form.cleaned_data["cadence"], by=user)
    words = _("The part “%(name)s” was added.") % {"name": part.name}
    return Done(words, element.number, reverse("register:drop_part", args=[element.number, part.pk]))


def _contact(element: Element, form: Any, user: Staff) -> Done:
    actions.set_contact(element, role=form.cleaned_data["role"], reach=form.cleaned_data["reach"], by=user)
    return Done(_("The contact is sealed."), element.number)


def _visit(element: Element, form: Any, user: Staff) -> Done:
    values = form.cleaned_data
    actions.record_visit(
        element, doors=values["doors"], reached=values["reached"], hazards=form.counts("hazard"),
        needs=form.counts("need"), by=user, at=values["at"],
    )  # fmt: skip
    return Done(_("The visit is recorded."), element.number)


def _count(element: Element, form: Any, user: Staff) -> Done:
    values = form.cleaned_data
    actions.record_counts(
        element, on=values["date"], households=values["households"], long_term=values["long_term"],
        temporary=values["temporary"], by=user,
    )  # fmt: skip
    return Done(_("The population is recorded."), element.number)


def _attach(element: Element, form: Any, user: Staff) -> Done:
    actions.attach_files(element, form.cleaned_data["files"], by=user)
    return Done(_("It is kept with %(number)s.") % {"number": element.number}, element.number)


def _to(element: Element, verb: str) -> str:
    return reverse("register:command", args=[element.number, verb])


GIVE: Mapping[str, Give] = {
    "close": _close, "reopen": _reopen, "merge": _merge, "unmerge": _unmerge, "link": _link, "part": _part,
    "contact": _contact, "visit": _visit, "count": _count, "attach": _attach,
}  # fmt: skip
#: The field that a refusal is about, where it does not say so itself.
_FIELD = {
    "link_itself": "number", "link_elsewhere": "number", "merge_itself_element": "number", "bad_cadence": "cadence",
    "file_type": "files", "file_large": "files", "file_broken": "files", "file_empty": "files", "bad_role": "role",
    "future": "date",
}  # fmt: skip
