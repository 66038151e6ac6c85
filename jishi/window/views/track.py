"""Following a report: opening its receipt, the page of it, and what its holder says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.tries import Tries
from jishi.journal.actions import scoped_key
from jishi.journal.queries import event_with_key
from jishi.matters import commands, loop
from jishi.matters.actions import PublicDoor, apply
from jishi.window import opened
from jishi.window.actions.reporting import prepare_all
from jishi.window.behind import behind_a_receipt, key_of, speak_of, stamp_of, to_page
from jishi.window.forms.track import AddForm, DisputeForm, OpenForm, RateForm, WithdrawForm
from jishi.window.limits import Limit
from jishi.window.public import public, show
from jishi.window.queries.receipts import Opened, open_receipt
from jishi.window.queries.tracking import Tracked, tracked

TRIES = Tries("receipt")
#: What one connection may say of reports in an hour.
SAID = Limit("said", most=60, seconds=3600)
THANKS = {
    "added": _("Thank you. Whoever has it in hand is told."),
    "part": _("Thank you. One of the files could not be taken; the rest has arrived."),
    "mended": _("Thank you. It is good to know that it is mended."),
    "again": _("It is taken up again. The desk and the chief of the station are told what you wrote."),
    "chief": _("The chief of the station reads what you wrote and decides."),
    "withdrawn": _("Your report is taken back. Your name and how to reach you are deleted."),
    "corrected": _("What is kept about you is as you wrote it now."),
    "muted": _("You are told nothing more. Here you can still read how it stands."),
    "told": _("You are told again what comes of it."),
    "erased": _("What is kept about you was deleted."),
    "erase_held": _("What you asked is noted. Something in the law keeps it for now; then it is deleted."),
}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """``window/track/``: opening a receipt by its number and secret, and then its page.

    ``?other`` is the way to another one while one is open.
    """
    now = timezone.now()
    if request.method == "POST":
        return _open(request)
    found = None if "other" in request.GET else opened.opened_by(request, now)
    if found is None:
        response = show(request, "window/track_open.html", {"form": OpenForm()})
    else:
        speak_of(request, found)
        response = shown(request, found)
        opened.remember(request, response, found.receipt.pk)
    return response


def _open(request: HttpRequest) -> HttpResponse:
    """Open a receipt: whatever is wrong, the answer is the same."""
    form = OpenForm(request.POST)
    if TRIES.too_many(request):
        minutes = TRIES.seconds // 60
        refused = Refused("too_many_tries", seconds=TRIES.seconds, minutes=minutes)
        return _shut(request, form, refused, 429)
    if not form.is_valid():
        return show(request, "window/track_open.html", {"form": form}, status=422)
    try:
        found = open_receipt(form.cleaned_data["number"], form.cleaned_data["secret"], now=timezone.now())
    except Refused as refused:
        TRIES.note_wrong(request)
        return _shut(request, form, refused, refused.status)
    response = to_page()
    opened.remember(request, response, found.receipt.pk)
    return response


def _shut(request: HttpRequest, form: OpenForm, refused: Refused, status: int) -> HttpResponse:
    response = show(request, "window/track_open.html", {"form": form, "refused": sentence(refused)}, status=status)
    if "seconds" in refused.facts:
        response["Retry-After"] = str(refused.facts["seconds"])
    return response


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """``window/track/leave/``: this browser sees the report no longer."""
    response = to_page()
    opened.forget(response)
    return response


@require_POST
@behind_a_receipt
def add(request: HttpRequest, found: Opened) -> HttpResponse:
    """``window/track/add/``: a word or photos more.  A file that cannot be taken costs no word."""
    form = AddForm(request.POST, request.FILES)
    if not form.is_valid():
        return shown(request, found, add=form, status=422)
    prepared, left_out = prepare_all(form.cleaned_data["files"])
    text = form.cleaned_data["text"].strip()
    if left_out and not prepared and not text:
        form.add_error("files", left_out[0][1])
        return shown(request, found, add=form, status=422)
    refused = _give(request, found, "add", commands.Add(text), form.consents if prepared else (), prepared)
    if refused is not None:
        form.add_error(None, sentence(refused))
        return shown(request, found, add=form, status=refused.status)
    return to_page("part" if left_out else "added")


@require_POST
@behind_a_receipt
def rate(request: HttpRequest, found: Opened) -> HttpResponse:
    """``window/track/rate/``: mended or not, stars, words; what is not is taken up again or goes to the chief."""
    form = RateForm(request.POST)
    if not form.is_valid():
        return shown(request, found, rate=form, status=422)
    values, text = form.cleaned_data, form.cleaned_data["text"].strip()
    it = tracked(found, timezone.now())
    said = commands.Rate(values["mended"], values["result"], values["manner"], text if values["mended"] else "")
    try:
        with transaction.atomic():
            _raised(_give(request, found, "rate", said))
            if not values["mended"]:
                _raised(_give(request, found, "dispute", commands.Dispute(text)))
    except Refused as refused:
        form.add_error(None, sentence(refused))
        return shown(request, found, rate=form, status=refused.status)
    return to_page("mended" if values["mended"] else "again" if it.reopens else "chief")


@require_POST
@behind_a_receipt
def dispute(request: HttpRequest, found: Opened) -> HttpResponse:
    """``window/track/dispute/``: not mended after all, for whoever has rated before or may not rate."""
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return shown(request, found, dispute=form, status=422)
    it = tracked(found, timezone.now())
    refused = _give(request, found, "dispute", commands.Dispute(form.cleaned_data["reason"].strip()))
    if refused is not None:
        form.add_error(None, sentence(refused))
        return shown(request, found, dispute=form, status=refused.status)
    return to_page("again" if it.reopens else "chief")


@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_receipt
def withdraw(request: HttpRequest, found: Opened) -> HttpResponse:
    """``window/track/withdraw/``: GET asks whether they mean it, POST takes the report back."""
    it = tracked(found, timezone.now())
    form, status = WithdrawForm(request.POST or None), 200
    if "withdraw" not in it.may:
        raise Refused("cannot_withdraw")
    if request.method == "POST":
        status = 422
        if form.is_valid():
            refused = _give(request, found, "withdraw", commands.Withdraw(form.cleaned_data["reason"].strip()))
            if refused is None:
                return to_page("withdrawn")
            form.add_error(None, sentence(refused))
    context = {"it": it, "form": form, "stamp": stamp_of(found, timezone.now())}
    return show(request, "window/track_withdraw.html", context, status=status)


def shown(request: HttpRequest, found: Opened, status: int = 200, **sent: forms.Form) -> HttpResponse:
    """The page of a receipt, with the forms that may be sent now; ``sent`` are those that need another look."""
    now = timezone.now()
    it = tracked(found, now)
    blank: Mapping[str, type[forms.Form]] = {"add": AddForm, "rate": RateForm, "dispute": DisputeForm}
    given: dict[str, Any] = {verb: sent.get(verb) or kind() for verb, kind in blank.items() if verb in it.may}
    lost = next((form for verb, form in sent.items() if verb not in given), None)
    context = {
        "it": it, "forms": given, "opened": set(sent), "stamp": stamp_of(found, now), "now_at": now, "lost": lost,
        "thanks": THANKS.get(request.GET.get("said", ""), "") if status == 200 else "", "back": reverse("window:track"),
    }  # fmt: skip
    return show(request, "window/track.html", context, status=status)


def _give(
    request: HttpRequest, found: Opened, verb: str, command: commands.Command, consents: tuple[str, ...] = (),
    uploads: Any = (),
) -> Refused | None:  # fmt: skip
    """Give a command in the name of this receipt, to the matter that it is answered from; what stood in the way."""
    it = tracked(found, timezone.now())
    try:
        key = f"{key_of(request, found)}:{verb}"
        SAID.check(request)
        SAID.note(request)
        if it.subject is None:
            raise Refused("receipt_waits")
        if verb not in it.may and not _sent_before(found, key):
            raise _why_not(it, verb)
        door = PublicDoor(receipt=found.receipt.pk, consents=consents)
        apply(it.subject, command, by=None, door=door, key=key, uploads=uploads)
    except Refused as refused:
        return refused
    return None


def _sent_before(found: Opened, key: str) -> bool:
    """Whether the same form has come before: then it is answered as it was."""
    door = PublicDoor(receipt=found.receipt.pk)
    return event_with_key(scoped_key(door.scope, key) or "") is not None


def _why_not(it: Tracked, verb: str) -> Refused:
    """Why a holder may not say this now: what stands in the way of everybody, or of this receipt."""
    why = loop.why_not(it.state, verb, loop.public_actor()) if it.state is not None else None
    if why is None:
        return Refused("reporter_first" if verb == "rate" else "cannot_withdraw")
    return Refused("moved_on") if why.code == "wrong_state" else why


def _raised(refused: Refused | None) -> None:
    if refused is not None:
        raise refused
