"""The page behind an agency's link: for a phone, without an account, to read one matter and to answer.

Who holds the link holds the right, so the address itself is what a forged request would lack: these addresses need no
cookie against forgery, and could not use one, since a page that sends no referrer sends no origin either.  Opening the
link shows a button and changes nothing; pressing it is what the journal notes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.tries import Tries
from jishi.matters import labels
from jishi.matters.agencies import actions, links, seen, tokens
from jishi.matters.forms.agencies import FORMS, AnswerForm
from jishi.matters.models import AgencyLink, Matter
from jishi.stations.models import Station
from jishi.stations.queries import zone_of

COOKIE = "jishi_agency"
LANGUAGE_COOKIE = "jishi_agency_language"
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
TRIES = Tries("agency_link")
#: What is said after an answer.
THANKS = {
    "accept": _("Thank you. The station knows that you have taken it on."),
    "return": _("Thank you. The station knows that it comes back and why."),
    "report": _("Thank you. The station will see for itself and then close the matter."),
}

View = Callable[[HttpRequest, AgencyLink, str], HttpResponse]


def _behind_a_link(view: View) -> Callable[..., HttpResponse]:
    """Let a view run for a link that stands; all else gets the same page, whatever is wrong with its token."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
        if translation.check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
        response = _guarded(request, token, more)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    def _guarded(request: HttpRequest, token: str, more: dict[str, Any]) -> HttpResponse:
        if TRIES.too_many(request):
            return render(request, "matters/agency_shut.html", {"why": "wait"}, status=429)
        link = links.found(token, timezone.now())
        if link is None:
            TRIES.note_wrong(request)
            return render(request, "matters/agency_shut.html", {"why": "unknown"}, status=404)
        taken = links.void_by(link)
        if taken:
            why = {"why": "void", "words": links.why_void(taken)}
            return render(request, "matters/agency_shut.html", why, status=410)
        return view(request, link, token, **more)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@_behind_a_link
def page(request: HttpRequest, link: AgencyLink, token: str) -> HttpResponse:
    """``agency/<token>/``: GET asks to open it and then shows the matter; POST opens it."""
    if request.method == "POST":
        actions.note_opened(link)
        return _opened(request, link, token)
    if not tokens.is_open(link.pk, request.COOKIES.get(COOKIE, "")):
        return render(request, "matters/agency_open.html", {"token": token, "link": link})
    return _show(request, link, token)


@require_POST
@_behind_a_link
def language(request: HttpRequest, link: AgencyLink, token: str) -> HttpResponse:
    """``agency/<token>/language/``: speak another language, at this link."""
    response = HttpResponseRedirect(_here(token), status=303)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE, chosen, path=_here(token), samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return response


@require_POST
@_behind_a_link
def answer(request: HttpRequest, link: AgencyLink, token: str, verb: str = "") -> HttpResponse:
    """``agency/<token>/<verb>/``: the agency accepts, returns with a reason, or reports done."""
    form = FORMS[verb](request.POST, request.FILES, auto_id=f"{verb}_%s")
    if not form.is_valid():
        return _show(request, link, token, {verb: form}, status=422)
    try:
        actions.answer_by_link(link, verb, form.words(), key=form.cleaned_data["key"], uploads=form.uploads())
    except Refused as refused:
        if refused.code in ("agency_answered", "agency_other", "wrong_state"):
            return _show(request, link, token, said=sentence(refused), status=409)
        form.refuse(refused)
        return _show(request, link, token, {verb: form}, status=refused.status)
    return _opened(request, link, token, f"?said={verb}")


def _opened(request: HttpRequest, link: AgencyLink, token: str, more: str = "") -> HttpResponse:
    """Back to the page; this browser is shown the matter for a while."""
    response = HttpResponseRedirect(_here(token) + more, status=303)
    response.set_cookie(
        COOKIE, tokens.open_session(link.pk), max_age=tokens.SESSION, path=_here(token), samesite="Lax",
        secure=request.is_secure(), httponly=True,
    )  # fmt: skip
    return response


def _show(
    request: HttpRequest, link: AgencyLink, token: str, sent: dict[str, AnswerForm] | None = None, said: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The matter, and the answers that may be given now."""
    rows = seen.see(Matter.objects.filter(pk=link.matter_id, agency_id=link.agency_id), link.agency_id)
    if not rows:
        return render(request, "matters/agency_shut.html", {"why": "void", "words": links.TAKEN}, status=410)
    [it] = rows
    timezone.activate(zone_of(Station(time_zone=it.row["station__time_zone"])))
    allowed = it.allowed(link.agency_id)
    context = {
        "token": token,
        "link": link,
        "it": it,
        "row": it.row,
        "category": it.row["category__name_en" if translation.get_language() == "en" else "category__name_zh"],
        "agency_state": labels.AGENCY_STATES.get(it.row["agency_state"], ""),
        "forms": {verb: (sent or {}).get(verb) or _blank(verb) for verb in allowed},
        "opened": set(sent or {}),
        "refused": said,
        "thanks": THANKS.get(request.GET.get("said", ""), ""),
    }
    return render(request, "matters/agency.html", context, status=status)


def _blank(verb: str) -> AnswerForm:
    return FORMS[verb](initial={"key": uuid4().hex}, auto_id=f"{verb}_%s")


def _here(token: str) -> str:
    return reverse("matters:agency", args=[token])
