"""Correcting an element and verifying it: the forms over its own fields, and what happens when somebody else was first."""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.register import actions
from jishi.register.catalogue import Sort, sort_of, sorts
from jishi.register.commands import COMMANDS
from jishi.register.forms import ChangeForm, VerifyForm
from jishi.register.forms.element import initial_values
from jishi.register.history import difference, values_of
from jishi.register.models import Element
from jishi.register.queries import history_of
from jishi.register.queries.past import values_in_version
from jishi.register.timeline import Changed, Names, steps_of
from jishi.register.views.choices import area_choices, category_rows
from jishi.register.views.going import back_to
from jishi.register.views.map_page import pictured, point_config
from jishi.stations.models import Staff

#: The commands whose form has the element's own fields.
EDITS: Mapping[str, type[ChangeForm] | type[VerifyForm]] = {"change": ChangeForm, "verify": VerifyForm}


def edit(request: HttpRequest, user: Staff, element: Element, verb: str) -> HttpResponse:
    """Show the form, or give the command with what was sent."""
    desk = Editing(request, user, element, verb)
    return desk.give() if request.method == "POST" else desk.show(desk.blank())


class Editing:
    """One correction or verification: who, of which element, as which category."""

    def __init__(self, request: HttpRequest, user: Staff, element: Element, verb: str) -> None:
        self.request, self.user, self.element, self.verb = request, user, element, verb
        self.areas = area_choices(user, element.station)
        self.sort = self._sort()

    def _sort(self) -> Sort:
        """The category that the form is of: another one where a correction asks for it."""
        asked = self.request.POST.get("category") or self.request.GET.get("category") or ""
        known = sorts().get(asked)
        if self.verb == "change" and known is not None and known.category.active:
            return known
        return sort_of(self.element.category_id)

    def blank(self) -> ChangeForm | VerifyForm:
        """The form as the element stands now."""
        return self._form(initial=self._initial(values_of(self.element)))

    def _initial(self, values: Mapping[str, Any]) -> dict[str, Any]:
        fresh: dict[str, Any] = {"version": self.element.version, "key": uuid4().hex, "result": "correct"}
        return {**initial_values(self.sort, values), **fresh}

    def _form(self, *args: Any, **kwargs: Any) -> ChangeForm | VerifyForm:
        return EDITS[self.verb](self.sort, self.areas, *args, **kwargs)

    def give(self) -> HttpResponse:
        """Give the command, or show the form again with what is to be mended."""
        data: QueryDict = self.request.POST.copy()
        if "name" not in data:
            # One tap: only what was found is sent, and the form stands ready for more.
            for name, value in initial_values(self.sort, values_of(self.element)).items():
                data.setlist(name, [str(each) for each in value] if isinstance(value, list) else [_plain(value)])
        form = self._form(data, self.request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        seen = form.cleaned_data["version"]
        seen = self.element.version if seen is None else seen
        before = values_of(self.element) if seen == self.element.version else values_in_version(self.element, seen)
        corrections = form.corrections(before)
        try:
            self._write(form, seen, corrections)
        except Refused as refused:
            if refused.code == "stale":
                return self.stale(form, seen, before)
            name = _FIELD.get(refused.code, str(refused.facts.get("field", "")))
            name = f"attr-{name}" if f"attr-{name}" in form.fields else name
            form.add_error(name if name in form.fields else None, sentence(refused))
            return self.show(form, refused.status)
        return self.done(form, changed=bool(corrections))

    def _write(self, form: ChangeForm | VerifyForm, seen: int, corrections: Mapping[str, Any]) -> None:
        if isinstance(form, VerifyForm):
            result = form.cleaned_data["result"]
            actions.verify_element(
                self.element, by=self.user, corrections=corrections if result == "corrected" else None,
                gone=result == "gone", position=form.stood(), accuracy=form.cleaned_data.get("accuracy"),
                photo=form.cleaned_data.get("photo"), version=seen, key=form.cleaned_data["key"],
            )  # fmt: skip
        else:
            actions.change_element(self.element, corrections, by=self.user, version=seen, source=form.known_from())

    def done(self, form: ChangeForm | VerifyForm, *, changed: bool) -> HttpResponse:
        """Back to the page, with a word on what was done; what is gone can be had back for ten seconds."""
        number = self.element.number
        self.element.refresh_from_db()
        undo, fields = "", {}
        if isinstance(form, VerifyForm):
            said = _("%(number)s is verified.") % {"number": number}
            if self.element.status == "closed":
                said = _("%(number)s is closed.") % {"number": number}
                undo = reverse("register:command", args=[number, "reopen"])
                fields = {"version": self.element.version, "key": uuid4().hex}
        elif changed:
            said = _("%(number)s is corrected.") % {"number": number}
        else:
            said = _("Nothing was different, so nothing was written.")
        toast(self.request, said, undo=undo, fields=fields)
        there = back_to(self.request, reverse("register:element", args=[number]))
        return HttpResponseRedirect(there, status=303)

    def stale(self, form: ChangeForm | VerifyForm, seen: int, before: Mapping[str, Any]) -> HttpResponse:
        """409: what somebody else wrote, and what you wrote on top of it, ready to be sent again."""
        self.element.refresh_from_db()
        now = values_of(self.element)
        mine = form.corrections(before)
        if self.sort.category.code == before["category"]:
            self.sort = sort_of(now["category"])
        both = {**now, **{name: value for name, value in mine.items() if name not in ("point", "category")}}
        if "attributes" in mine:
            both["attributes"] = _merged(before["attributes"], mine["attributes"], now["attributes"])
        ready = self._form(initial={**self._initial(both), **self._sent(form, mine)})
        names = Names(dict(self.areas), {}).prefer(self.element.category_id)
        between = [row for row in history_of(self.element) if row["version"] > seen]
        facts = {
            "yours": seen, "current": self.element.version, "between": steps_of(between, names),
            "clashes": _clashes(before, both, now, names), "may_still": self.element.status == "active",
        }  # fmt: skip
        return self.show(ready, 409, stale=facts)

    def _sent(self, form: ChangeForm | VerifyForm, mine: Mapping[str, Any]) -> dict[str, Any]:
        """What was sent beside the element's own values, and the point where it was moved."""
        kept: tuple[str, ...] = ("result", "stood_lon", "stood_lat", "stood_datum", "accuracy", "source", "source_date")
        kept += ("lon", "lat", "datum") if "point" in mine else ()
        return {name: form.cleaned_data[name] for name in kept if name in form.cleaned_data}

    def show(self, form: ChangeForm | VerifyForm, status: int = 200, **more: Any) -> HttpResponse:
        """The page of the form."""
        context = {
            "nav_here": "register",
            "it": self.element,
            "verb": self.verb,
            "label": COMMANDS[self.verb].label,
            "form": form,
            "sort": self.sort,
            "categories": category_rows(active=True),
            **more,
        }
        if self.verb == "change":
            context["map_config"] = point_config(self.element.station)
        return pictured(render(self.request, "register/edit.html", context, status=status))


def _merged(before: Mapping[str, Any], mine: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of now, with those that were changed by hand."""
    found = dict(now)
    for code in {*before, *mine}:
        if before.get(code) != mine.get(code):
            found[code] = mine.get(code)
    return {code: value for code, value in found.items() if value not in (None, "")}


def _clashes(before: Mapping[str, Any], mine: Mapping[str, Any], now: Mapping[str, Any], names: Names) -> list[Changed]:
    """The fields that both wrote differently: their name, what stands there now, and what you wrote."""
    theirs = difference(before, now)
    return [
        Changed(names.field(name), names.value(name, stands), names.value(name, written))
        for name, (stands, written) in difference(now, mine).items()
        if name in theirs
    ]


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


#: The field that a refusal is about, where it does not say so itself.
_FIELD = {
    "position_needed": "stood_lon", "verify_photo_needed": "photo", "file_type": "photo", "file_large": "photo",
    "file_broken": "photo", "file_empty": "photo", "reason_needed": "reasons", "bad_reason": "reasons",
    "bad_grade": "grade", "bad_point": "lon", "bad_datum": "datum", "area_elsewhere": "area",
}  # fmt: skip
