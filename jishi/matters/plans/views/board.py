"""The board of a plan at work: a checklist on the phone, columns on the desk; one press takes or finishes a task."""

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.matters import actions
from jishi.matters.models import Matter
from jishi.matters.plans.queries import Board, board_of
from jishi.matters.plans.slots import panels_of
from jishi.matters.plans.timeline import task_title
from jishi.matters.queries.scope import get_matter
from jishi.stations.models import Staff

#: What one press does; everything else asks for something and has a form.
AT_ONCE = ("take_task", "finish_task", "reopen_task")


@never_cache
@login_required
@require_safe
def board(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/plan/``: the newest run, or that of ``?run=``; its part alone where the page asks again."""
    user = cast(Staff, request.user)
    matter = get_matter(user, number)
    asked = request.GET.get("run", "")
    found = board_of(user, matter, int(asked) if asked.isdecimal() else None)
    if found is None:
        raise Http404(number)
    again = request.headers.get("HX-Request") == "true"
    if again and request.GET.get("seen") == seen_of(matter, found):
        return HttpResponse(status=204)
    context = context_of(matter, found)
    if again:
        return render(request, "matters/plans/_board.html", context)
    return render(request, "matters/plans/board.html", {**context, "panels": panels_of(request, found.run)})


@login_required
@require_POST
def act(request: HttpRequest, number: str, task: str, verb: str) -> HttpResponse:
    """``matters/<number>/plan/<task>/<verb>/``: take, finish or take back one task; the toast has the way back."""
    if verb not in AT_ONCE:
        raise Http404(verb)
    user = cast(Staff, request.user)
    matter = get_matter(user, number)
    back = reverse("matters:board", args=[number])
    there = f"{back}#task-{task}"
    try:
        done = actions.give(matter, verb, {"task": task}, by=user, version=None, key=request.POST.get("key") or None)
    except Refused as refused:
        if refused.status == 403:
            raise
        toast(request, sentence(refused), level=_ERROR)
        return HttpResponseRedirect(there, status=303)
    undo = "" if verb == "reopen_task" or done.replayed else reverse("matters:act", args=[number, task, "reopen_task"])
    run = board_of(user, Matter.objects.get(pk=matter.pk))
    title = task_title(run.run.version_id, task) if run else task
    toast(request, _SAID[verb] % {"task": title}, undo=undo, fields={"key": uuid4().hex} if undo else None)
    return HttpResponseRedirect(there, status=303)


def context_of(matter: Matter, found: Board) -> dict[str, Any]:
    """What the board's templates need."""
    total = len(found.cards)
    return {
        "nav_here": "matters", "matter": matter, "board": found, "run": found.run, "plan": found.plan,
        "share": 100 * found.over // total if total else 0, "seen": seen_of(matter, found), "key": uuid4().hex,
        "columns": [(name, label, found.columns[name]) for name, label in _COLUMNS],
    }  # fmt: skip


def seen_of(matter: Matter, found: Board) -> str:
    """What the reader has seen: the matter's version, and how the items of the review stand."""
    return f"{matter.version}.{found.run.number}.{sum(item.version for item in found.items)}"


_ERROR = 40
_SAID = {
    "take_task": gettext_lazy("Taken: %(task)s"),
    "finish_task": gettext_lazy("Done: %(task)s"),
    "reopen_task": gettext_lazy("Taken back: %(task)s"),
}
_COLUMNS = (
    ("ready", gettext_lazy("To be done now")),
    ("taken", gettext_lazy("Being done")),
    ("waiting", gettext_lazy("Waits for others")),
    ("over", gettext_lazy("Over")),
)
