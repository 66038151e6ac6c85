"""The backlog: matters that came from another system and are to be taken into the loop, one by one or many at once."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jishi.base.errors import Refused
from jishi.matters.forms.bulk import BULK, BulkForm
from jishi.matters.loop import COMMANDS
from jishi.matters.queries import triage as queries
from jishi.matters.queries.desk import Worker
from jishi.matters.views.bulk import MOST, done_context, give_all, picked
from jishi.matters.views.choices import category_rows
from jishi.matters.views.place import station_of, worker_of
from jishi.matters.views.shown import shown
from jishi.stations.models import Staff

VERBS = ("triage", "decline")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def triage(request: HttpRequest) -> HttpResponse:
    """What is left of the backlog with its original unit and deadline; a POST takes some in, or declines them."""
    worker = worker_of(request)
    station_id = station_of(request).pk
    user = cast(Staff, request.user)
    asked = queries.read_backlog(request.GET)
    forms = {verb: BULK[verb](station_id, initial={"key": uuid.uuid4().hex}, prefix=verb) for verb in VERBS}
    status = 200
    if request.method == "POST":
        form = _sent(request, worker, station_id)
        if form.is_valid():
            if "whole" in request.POST:
                matters = queries.first_of_backlog(user, station_id, asked, MOST)
            else:
                matters = picked(user, request.POST.getlist("pick")[:MOST])
            told = give_all(user, form, matters)
            return render(request, "matters/bulk_done.html", done_context(told, form.verb, request.get_full_path()))
        forms[form.verb] = form
        status = 422
    page = queries.backlog(user, station_id, asked, request.GET)
    context: dict[str, Any] = {
        "nav_here": "triage", "page": page, "rows": shown(page.rows, worker), "at": timezone.now(), "asked": asked,
        "progress": queries.progress(user, station_id), "units": queries.original_units(user, station_id),
        "categories": category_rows(), "forms": forms, "most": MOST,
        "may": bool(COMMANDS["triage"].roles & worker.roles), "ticked": request.POST.getlist("pick"),
        "whole": "whole" in request.POST,
    }  # fmt: skip
    return render(request, "matters/triage.html", context, status=status)


def _sent(request: HttpRequest, worker: Worker, station_id: int) -> BulkForm:
    verb = request.POST.get("verb", "")
    if verb not in VERBS:
        raise Refused("unknown_command", command=verb)
    if not COMMANDS[verb].roles & worker.roles:
        raise Refused("not_allowed", command=verb)
    return BULK[verb](station_id, request.POST, prefix=verb)
