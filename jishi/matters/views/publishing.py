"""What the public may see of a matter: the words, the photos, and covering by hand what identifies anybody."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.files.covering import MOST_BOXES
from jishi.matters.actions import actor_of
from jishi.matters.forms.keeping import PhotoForm, Rows, WordsForm
from jishi.matters.models import Matter, PublishedPhoto
from jishi.matters.publishing import actions
from jishi.matters.publishing.sources import may_be_published
from jishi.matters.queries.published import open_published, photos_of, published
from jishi.matters.queries.scope import get_matter
from jishi.stations.models import Staff


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/publish/``: what the public sees, and what it could see; POST publishes the words."""
    matter, by = _mine(request, number)
    shown = published(matter)
    form, status = WordsForm(request.POST or None, initial={"text": shown.text}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.publish_words(matter, text=form.cleaned_data["text"], by=by)
            except Refused as refused:
                form.add_error("text", sentence(refused))
                status = refused.status
            else:
                toast(request, _("The public sees these words now."))
                return _back(number)
    photos = {photo.evidence: photo for photo in shown.photos}
    rows = [
        {"piece": piece, "photo": photos.get(piece.pk), "may": may_be_published(piece)} for piece in photos_of(matter)
    ]
    context = {
        "nav_here": "matters", "matter": matter, "form": form, "shown": shown, "rows": rows,
        "whens": dict(PublishedPhoto.When.choices),
    }  # fmt: skip
    return render(request, "matters/publish.html", context, status=status)


@login_required
@require_POST
def end_words(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/publish/end/``: the public sees the words no longer."""
    matter, by = _mine(request, number)
    actions.take_back_words(matter, by=by)
    toast(request, _("The public sees these words no longer."))
    return _back(number)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def cover(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """``matters/<number>/publish/photo/<evidence>/``: GET shows the photo to be covered, POST publishes the copy.

    With ``more`` the page comes again with room for one more place: the way without JavaScript.
    Raises ``Refused("no_consent")`` for a photo of somebody who did not agree.
    """
    matter, by = _mine(request, number)
    piece = get_object_or_404(photos_of(matter), pk=pk)
    if not may_be_published(piece):
        raise Refused("no_consent")
    sent = request.POST if request.method == "POST" else None
    more = sent is not None and "more" in sent
    rows, form, status = Rows(sent, more=more), PhotoForm(None if more else sent), 200
    if more:
        form = PhotoForm(initial={"when": request.POST.get("when"), "confirmed": "confirmed" in request.POST})
    elif sent is not None:
        status = 422
        if form.is_valid():
            try:
                _publish(matter, pk, rows, form.cleaned_data, by)
            except Refused as refused:
                field = refused.facts.get("field")
                form.add_error(field if field in form.fields else None, sentence(refused))
                status = refused.status
            else:
                toast(request, _("The public sees the covered copy now."))
                return _back(number)
    context = {
        "nav_here": "matters", "matter": matter, "piece": piece, "form": form, "rows": rows.shown, "most": MOST_BOXES,
    }  # fmt: skip
    return render(request, "matters/cover.html", context, status=status)


def _publish(matter: Matter, pk: int, rows: Rows, values: dict[str, Any], by: Staff) -> None:
    boxes = rows.boxes()
    if boxes is None:
        raise Refused("bad_boxes", field="boxes")
    actions.publish_photo(matter, pk, boxes=boxes, when=values["when"], confirmed=values["confirmed"], by=by)


@login_required
@require_POST
def end_photo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """``matters/<number>/publish/photo/<published photo>/end/``: the copy is deleted."""
    matter, by = _mine(request, number)
    if not actions.take_back_photo(matter, pk, by=by):
        raise Http404(pk)
    toast(request, _("The public sees this photo no longer; the copy is deleted."))
    return _back(number)


@require_safe
def photo(request: HttpRequest, token: str) -> HttpResponseBase:
    """``published/<token>/``: a photo that is published, to everybody; ``?small`` a small picture of it."""
    opened = open_published(token, small="small" in request.GET)
    if opened is None:
        raise Http404(token)
    response = FileResponse(opened, content_type="image/jpeg", as_attachment=False)
    response["Cache-Control"] = "public, max-age=60"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox"
    return response


def _mine(request: HttpRequest, number: str) -> tuple[Matter, Staff]:
    """The matter and who asks, where they decide what the public sees.  Raises ``Refused("not_allowed")``."""
    matter, by = get_matter(request.user, number), cast(Staff, request.user)
    if not actions.may_publish(actor_of(by, matter.station_id)):
        raise Refused("not_allowed", command="publish")
    return matter, by


def _back(number: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("matters:publish", args=[number]), status=303)
