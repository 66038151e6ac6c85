"""What is kept of the holder of a receipt: seeing, correcting, deleting it; and being told no more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.notify.channels import channels_ready
from jishi.notify.models import Channel
from jishi.privacy import consent
from jishi.window import opened
from jishi.window.actions import own
from jishi.window.behind import behind_a_receipt, key_of, stamp_of, to_page
from jishi.window.forms.track import OwnForm
from jishi.window.letter import read_stop
from jishi.window.public import absent, public, show, station_of
from jishi.window.queries.receipts import Opened, receipt_of
from jishi.window.queries.tracking import tracked


@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_receipt
def mine(request: HttpRequest, found: Opened) -> HttpResponse:
    """``window/track/mine/``: what is kept of the holder, opened for them; POST corrects it."""
    kept = own.own_of(found.receipt)
    form = OwnForm(request.POST, named=kept.as_party) if request.method == "POST" else _form(kept)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                key_of(request, found)
                code = form.agreement.code
                own.keep_own(found.receipt, form.contact(), agreed=code, now=timezone.now())
            except Refused as refused:
                form.add_error(None, sentence(refused))
                status = refused.status
            else:
                return to_page("corrected")
    return _page(request, found, form, kept, status)


@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_receipt
def erase(request: HttpRequest, found: Opened) -> HttpResponse:
    """``window/track/mine/delete/``: GET says what is deleted and when, POST deletes it."""
    it, now = tracked(found, timezone.now()), timezone.now()
    if request.method == "POST":
        key_of(request, found)
        done = own.erase_own(found.receipt, now)
        return to_page("erase_held" if done.held else "erased")
    return show(request, "window/track_erase.html", {"it": it, "stamp": stamp_of(found, now)})


@require_POST
@behind_a_receipt
def letters(request: HttpRequest, found: Opened) -> HttpResponse:
    """``window/track/mine/letters/``: be told nothing more, or again."""
    key_of(request, found)
    muted = request.POST.get("told") == "0"
    own.mute(found.receipt, muted, timezone.now())
    return to_page("muted" if muted else "told")


@require_POST
@behind_a_receipt
def unfollow(request: HttpRequest, found: Opened) -> HttpResponse:
    """``window/track/unfollow/``: follow it no longer; the receipt opens nothing any more."""
    key_of(request, found)
    own.unfollow(found.receipt, timezone.now())
    response = show(request, "window/track_over.html", {})
    opened.forget(response)
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """``window/track/stop/<token>/``: the way out of a letter.  GET asks and changes nothing; POST is also the one click of a mail program."""  # noqa: E501
    pk = read_stop(token)
    found = receipt_of(pk, timezone.now()) if pk is not None else None
    if found is None:
        return absent(request)
    if request.method == "POST":
        own.mute(found.receipt, True, timezone.now())
    return show(request, "window/track_stop.html", {"token": token, "done": request.method == "POST"})


def _form(kept: own.Own) -> OwnForm:
    values = {"name": kept.contact.name, "phone": kept.contact.phone, "email": kept.contact.email}
    return OwnForm(initial={**values, "agree": kept.agreed}, named=kept.as_party)


def _page(request: HttpRequest, found: Opened, form: OwnForm, kept: own.Own, status: int) -> HttpResponse:
    station = station_of(request)
    ready = channels_ready(station.pk) if station else frozenset()
    context = {
        "it": tracked(found, timezone.now()), "form": form, "own": kept, "stamp": stamp_of(found, timezone.now()),
        "agreed": [consent.read(code) for code in kept.consent], "muted": found.receipt.muted_at is not None,
        "ways": ready & {Channel.EMAIL.value, Channel.SMS.value},
    }  # fmt: skip
    return show(request, "window/track_mine.html", context, status=status)
