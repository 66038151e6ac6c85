"""The review of a run: its course, what was late or skipped, and what is to change; the same on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.matters.actions import actor_of
from jishi.matters.models import Matter
from jishi.matters.plans import actions
from jishi.matters.plans.queries import item_of, may_do_item, may_review
from jishi.matters.plans.review import Review, review_of
from jishi.matters.queries.scope import get_matter
from jishi.stations.models import Staff
from jishi.stations.queries import units_of

#: An item is due in so many days where nothing else is said.
USUAL_DAYS = 14


class ItemForm(forms.Form):
    """What is to change, whose task that is, and until when."""

    body = forms.CharField(
        label=gettext_lazy("What to change"), max_length=actions.LONGEST_ITEM, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Without names and numbers of persons."),
    )  # fmt: skip
    unit = forms.TypedChoiceField(label=pgettext_lazy("matter", "Unit"), coerce=int)
    due = forms.DateTimeField(
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, user: Staff, matter: Matter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(units_of(user, matter.station).values_list("pk", "name"))
        cast(forms.ChoiceField, self.fields["unit"]).choices = choices


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/plan/review/``; a POST writes down something to change."""
    user = cast(Staff, request.user)
    matter, found = _found(request, user, number)
    form = ItemForm(user, matter, initial={"due": _usual_due()})
    status = 200
    if request.method == "POST":
        form = ItemForm(user, matter, request.POST)
        if form.is_valid():
            try:
                actions.add_item(found.board.run, by=user, **form.cleaned_data)
            except Refused as refused:
                if refused.status == 403:
                    raise
                field = str(refused.facts.get("field", ""))
                form.add_error(field if field in form.fields else None, sentence(refused))
            else:
                toast(request, _("Written down. It stays open until it is done."))
                return HttpResponseRedirect(_address(number, found), status=303)
        elif not may_review(actor_of(user, matter.station_id)):
            raise Refused("not_allowed", command="review")
        status = 422
    return render(request, "matters/plans/review.html", {**_context(user, matter, found), "form": form}, status=status)


@never_cache
@login_required
@require_safe
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/plan/review/print/``: the same on A4."""
    user = cast(Staff, request.user)
    matter, found = _found(request, user, number)
    return render(request, "matters/plans/review_print.html", _context(user, matter, found))


@login_required
@require_POST
def item(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """``matters/<number>/plan/review/<pk>/``: say that something asked for is done, or take that back."""
    user = cast(Staff, request.user)
    matter = get_matter(user, number)
    kept = item_of(user, matter, pk)
    done = request.POST.get("done", "1") == "1"
    try:
        actions.end_item(kept, done=done, by=user)
    except Refused as refused:
        if refused.status == 403:
            raise
        toast(request, sentence(refused), level=40)
    else:
        undo = reverse("matters:review_item", args=[number, pk]) if done else ""
        said = _("Done. It stands in the review.") if done else _("Taken back. It is open again.")
        toast(request, said, undo=undo, fields={"done": "0"} if undo else None)
    there = f"{reverse('matters:review', args=[number])}?run={kept.run.number}"
    return HttpResponseRedirect(there, status=303)


def _found(request: HttpRequest, user: Staff, number: str) -> tuple[Matter, Review]:
    matter = get_matter(user, number)
    asked = request.GET.get("run", "")
    found = review_of(user, matter, int(asked) if asked.isdecimal() else None)
    if found is None:
        raise Http404(number)
    return matter, found


def _context(user: Staff, matter: Matter, found: Review) -> dict[str, Any]:
    actor = actor_of(user, matter.station_id)
    board = found.board
    return {
        "nav_here": "matters", "matter": matter, "review": found, "board": board, "run": board.run,
        "plan": board.plan, "may_review": may_review(actor),
        "items": [(each, may_do_item(actor, each)) for each in board.items],
        "done": sum(1 for card in board.cards if card.row.state == "done"),
    }  # fmt: skip


def _address(number: str, found: Review) -> str:
    return f"{reverse('matters:review', args=[number])}?run={found.board.run.number}"


def _usual_due() -> datetime:
    day = timezone.localtime() + timedelta(days=USUAL_DAYS)
    return day.replace(hour=18, minute=0, second=0, microsecond=0)
