"""The style guide: every part in every state, for looking at and for the accessibility tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jishi.base.listing import Page
from jishi.base.toasts import toast

LONG_UNIT = "新华街道和平里社区警务与消防联合工作组一队"

ICONS = [
    "desk",
    "matters",
    "register",
    "report",
    "paste",
    "import",
    "export",
    "triage",
    "help",
    "admin",
    "search",
    "sun",
    "moon",
    "user",
    "users",
    "station",
    "map",
    "clock",
    "more",
    "plus",
    "minus",
    "outline",
    "print",
    "whole",
    "close",
    "check",
    "alert",
    "info",
    "down",
    "next",
    "prev",
    "last",
    "first",
    "back",
    "send",
    "edit",
    "filter",
    "columns",
    "eye",
    "lock",
    "key",
    "shield",
    "screen",
    "keyboard",
    "exit",
    "photo",
    "file",
    "phone",
    "link",
    "list",
    "star",
    "trash",
    "ring",
    "bell",
    "broadcast",
    "urgent",
]


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(
        label=_("What is it about"), help_text=_("As the desk would say it on the radio, without names.")
    )
    category = forms.ChoiceField(
        label=_("Category"), choices=[("", "—"), ("fire", _("Blocked fire exit")), ("noise", _("Noise"))]
    )
    place = forms.CharField(label=_("Place"), required=False)
    words = forms.CharField(label=_("What was reported"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    grade = forms.ChoiceField(
        label=_("Grade"),
        widget=forms.RadioSelect,
        choices=[(1, _("Red")), (2, _("Orange")), (3, _("Yellow")), (4, _("Blue"))],
    )
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("In the zone of the station."),
    )
    photo = forms.FileField(label=_("Photo"), required=False)
    flags = forms.MultipleChoiceField(
        label=_("Marks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("night", _("At night")), ("again", _("Seen before"))],
    )
    told = forms.BooleanField(label=_("The reporter wants an answer"), required=False)


@require_safe
@login_required
def guide(request: HttpRequest) -> HttpResponse:
    """``/style/``: all parts on one page."""
    if request.GET.get("toasts"):
        toast(request, _("Pushed to %(unit)s.") % {"unit": LONG_UNIT}, undo="/style/", fields={"version": 3})
        toast(request, _("Saved."))
        toast(request, _("This could not be sent."), level=messages.ERROR)
    now = timezone.now()
    count = min(max(int(request.GET.get("rows", "8") or 0), 0), 5000) if request.GET.get("rows", "8").isdigit() else 8
    context = {
        "nav_here": "style",
        "at": now,
        "hour": dt.timedelta(hours=1),
        "form": SampleForm(),
        "wrong": _wrong_form(),
        "rows": [_row(i, now) for i in range(count)],
        "tracks": _tracks(),
        "page": Page(rows=[], first_url="?at=1", prev_url="?at=2", next_url="?at=3", last_url=""),
        "long_unit": LONG_UNIT,
        "icons": ICONS,
    }
    return render(request, "base/style.html", context)


@require_safe
@login_required
def dialog(request: HttpRequest) -> HttpResponse:
    """A form as its own page, which the guide opens in a dialog."""
    return render(request, "base/style_dialog.html", {"form": SampleForm()})


def _wrong_form() -> SampleForm:
    form = SampleForm({"title": "", "category": "", "words": "…"})
    form.is_valid()
    form.add_error(
        None, _("This place lies outside the station's area. Choose a place inside it, or transfer the matter.")
    )
    return form


def _row(i: int, now: dt.datetime) -> dict[str, Any]:
    titles = [
        "疏散通道堆物 · 和平里 3 号楼",
        "房东租客纠纷 · 建设路 18 号",
        "路灯不亮 · 平安大街",
        "井盖缺失 · " + LONG_UNIT,
    ]
    return {
        "number": f"XH-2026-{i + 1:06}",
        "title": titles[i % 4],
        "grade": (i + 1) % 5,
        "position": i % 5 + 1,
        "closed": i % 8 == 7,
        "back": i % 6 == 2,
        "unit": LONG_UNIT if i % 4 == 1 else "社区警务组",
        "started": now - dt.timedelta(hours=8),
        "due": None if i % 9 == 8 else now + dt.timedelta(hours=(-26, -1, 2, 9, 80, 0.5)[i % 6]),
        "state": "paused" if i % 7 == 6 else "running",
    }


def _tracks() -> list[dict[str, Any]]:
    names = [_("Discover"), _("Assess"), _("Push"), _("Handle"), _("Feed back")]

    def stages(here: int, owner: Any, back: Any = "") -> list[dict[str, Any]]:
        made = []
        for i, name in enumerate(names, start=1):
            state = "done" if i < here else "here" if i == here else "ahead"
            made.append(
                {"label": name, "state": state, "owner": owner if i == here else "", "back": back if i == here else ""}
            )
        return made

    return [
        {"stages": stages(1, _("Desk")), "closed": False},
        {"stages": stages(3, LONG_UNIT, _("Returned once")), "closed": False},
        {"stages": stages(4, "社区警务组", _("Reworked twice")), "closed": False},
        {"stages": stages(6, ""), "closed": True},
    ]
