"""Reporting: the form, what is known beside it, "me too", and the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.jinja import theme, url
from jishi.base.middleware import policy
from jishi.base.qr import qr_of, whole_address
from jishi.base.sentences import sentence
from jishi.base.stencil import filled
from jishi.base.writes import twice
from jishi.privacy import consent
from jishi.register import basemap
from jishi.register.map_frame import bounds_of
from jishi.register.map_frame import words as map_words
from jishi.stations.models import Station
from jishi.window import challenge
from jishi.window.actions.following import follow_matter
from jishi.window.actions.receipts import Issued
from jishi.window.actions.sending import MOST_PHOTOS, send_report, take_photos, was_sent
from jishi.window.catalogue import offer
from jishi.window.form_words import form_words
from jishi.window.forms.report import ReportForm
from jishi.window.limits import Limit, QuickLimit
from jishi.window.public import at_station, framed, is_large, public, show
from jishi.window.queries.looks import Look, look_at
from jishi.window.queries.nearby import matter_behind
from jishi.window.queries.places import PublicPlace, labelled, place_at_label, place_of
from jishi.window.queries.receipts import open_receipt
from jishi.window.receipt_pdf import receipt_pdf

PURPOSE = "report"
#: Behind one address may stand a whole street, or the phones of a carrier: after the soft limit a report is held, after
#: the hard one it must wait.
REPORTS = Limit("report", most=300, soft=60, seconds=3600)
LOOKS = QuickLimit("look", most=600, seconds=3600)


@at_station
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/report/``: the form, and what is sent with it.

    Without scripts it goes in two steps: what and where, then what is known there, photos and contact.
    """
    if request.method != "POST":
        return _form(request, station, ReportForm(initial={"at": request.GET.get("at", "")[:16]}))
    form = ReportForm(request.POST, request.FILES)
    now = timezone.now()
    stamp = challenge.read_stamp(PURPOSE, request.POST.get(challenge.STAMP, ""), now)
    if not form.is_valid():
        return _form(request, station, form, status=422)
    if request.POST.get("step") == "look":
        return _form(request, station, form, looked=True)
    if stamp is None or not (stamp.good or was_sent(stamp.mark)):
        form.add_error(None, sentence(Refused("stamp_unknown" if stamp is None else "stamp_old")))
        return _form(request, station, form, status=422)
    if form.cleaned_data["files"]:
        REPORTS.check(request)  # before the work that photos are; what comes without is refused as it is counted
    said = form.report(_known(station, form), translation.get_language())
    taken, left_out = take_photos(form.cleaned_data["files"])
    doubts = challenge.doubts(request.POST, stamp)

    @transaction.atomic  # the count too, so that a report is flushed to the disk once
    def send() -> Issued:
        count = REPORTS.note(request)
        REPORTS.refuse_beyond(count)
        also = ("often",) if REPORTS.is_soft(count) else ()
        return send_report(station, said, uploads=taken, doubts=(*doubts, *also), key=stamp.mark, now=now)

    try:
        issued = twice(send)
    except Refused as refused:
        if refused.code == "too_often":
            raise
        form.add_error(None, sentence(refused))
        return _form(request, station, form, status=refused.status)
    return _receipt(request, replace(issued, left_out=left_out) if left_out else issued, kind="reporter")


@at_station
@require_POST
def look(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/report/look/``: what the words point to, the places they name, and what is known nearby."""
    LOOKS.note(request)
    LOOKS.check(request)
    form = ReportForm(request.POST)
    form.is_valid()
    return render(request, "window/_look.html", {"form": form, "station": station, "look": _looked(station, form)})


@at_station
@require_POST
def follow(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/follow/``: "me too": a receipt for a matter that is known already."""
    now = timezone.now()
    made = challenge.read_stamp(PURPOSE, request.POST.get(challenge.STAMP, ""), now)
    if made is None or not made.good:
        raise Refused("stamp_unknown" if made is None else "stamp_old")
    matter = matter_behind(request.POST.get("which", ""), station.pk)
    if matter is None:
        raise Refused("nearby_gone")
    REPORTS.check(request)
    REPORTS.note(request)
    issued = follow_matter(matter, language=translation.get_language(), key=f"{made.mark}:{matter.pk}", now=now)
    return _receipt(request, issued, kind="follower")


@public
@require_POST
def pdf(request: HttpRequest) -> HttpResponse:
    """``window/receipt.pdf``: the receipt on paper, for whoever has its number and secret."""
    number, secret = request.POST.get("number", ""), request.POST.get("secret", "")
    LOOKS.note(request)
    LOOKS.check(request)
    opened = open_receipt(number, secret, now=timezone.now())
    station = (opened.matter or opened.receipt.held).station  # type: ignore[union-attr]  # one of the two by constraint
    body = receipt_pdf(station.name, number.strip(), secret.strip(), _track_address(request, number, secret))
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{number.strip()[:40]}.pdf"'
    return response


@public
@require_safe
def scanned(request: HttpRequest, token: str) -> HttpResponse:
    """``q/<token>/``: the code on a thing; on to the form, which knows where it is."""
    element = labelled(token.upper()[:16])
    if element is None:
        return show(request, "window/label_unknown.html", {}, status=404)
    address = reverse("window:report", args=[element.station.code])
    return HttpResponseRedirect(f"{address}?at={token.upper()}")


def _known(station: Station, form: ReportForm) -> PublicPlace | None:
    """The place of the register that was chosen, or whose code was scanned."""
    values = getattr(form, "cleaned_data", form.initial)
    element = labelled(str(values.get("at", "")).upper())
    if element is not None and element.station_id == station.pk:
        return place_at_label(element)
    number = str(values.get("element", ""))
    return place_of(station.pk, number) if number else None


def _looked(station: Station, form: ReportForm) -> Look:
    """What stands beside the form: kinds, places, and what is known nearby."""
    values = form.cleaned_data
    return look_at(
        station.pk, timezone.now(), words=str(values.get("words", "")), place=str(values.get("place", "")),
        category=str(values.get("category", "")), known=_known(station, form), point=form.point(),
    )  # fmt: skip


def _form(
    request: HttpRequest, station: Station, form: ReportForm, *, looked: bool = False, status: int = 200
) -> HttpResponse:
    """The page of the form.  ``looked``: the second step without scripts."""
    now, known, token = timezone.now(), _known(station, form), str(form["at"].value() or "").upper()
    at = token if known and labelled(token) else ""
    given = challenge.read_stamp(PURPOSE, request.POST.get(challenge.STAMP, ""), now)
    context: dict[str, Any] = {
        "form": form, "known": known, "at": at, "unknown_label": bool(token) and not at,
        "looked": looked or status != 200,
        "stamp": request.POST[challenge.STAMP] if given and given.good else challenge.new_stamp(PURPOSE, now),
        "bits": challenge.BITS, "trap": challenge.TRAP, "examples": offer().example_words(), "most": MOST_PHOTOS,
        "consent": consent.current("contact"), "photos_consent": consent.current("publish_photo"),
        "map": _map(station), "words": form_words(),
        "look": _looked(station, form) if form.is_bound else Look(),
    }  # fmt: skip
    response = show(request, "window/report.html", context, status=status)
    if origins := basemap.origins():
        response["Content-Security-Policy"] = policy(*origins)
    return response


def _map(station: Station) -> dict[str, Any]:
    """What the form tells its map, which is loaded only when somebody asks for it."""
    return {
        "mode": "point", "language": "en" if translation.get_language() == "en" else "zh-Hans",
        "bounds": list(bounds_of(station.pk)), "base": basemap.described("window:ground"), "layers": [],
        "words": {**map_words(), "without": _("The map cannot be drawn here. Write where it is instead.")},
        "fields": {"lon": "id_lon", "lat": "id_lat", "datum": ""},
    }  # fmt: skip


def _receipt(request: HttpRequest, issued: Issued, *, kind: str) -> HttpResponse:
    """The receipt, shown once; asking again with the same form shows it again."""
    station: Station = request.window  # type: ignore[attr-defined]  # at_station set it
    address = _track_address(request, issued.number, issued.secret)
    code = qr_of(address)
    message = f"{station.name} {issued.number} {issued.secret} {address}"
    words = {
        "number": issued.number, "secret": issued.secret, "address": address, "size": str(code["size"]),
        "path": code["path"], "number_url": quote(issued.number), "message_url": quote(message),
    }  # fmt: skip

    def page(given: Mapping[str, str]) -> str:
        context = {
            **framed(request), **given, "qr": {"size": given["size"], "path": given["path"]}, "kind": kind,
            "held": issued.held, "left_out": issued.left_out, "back": reverse("window:home", args=[station.code]),
        }  # fmt: skip
        return render_to_string("window/receipt.html", context, request)

    same = ("receipt", station.code, station.name, station.bureau.name, is_large(request), theme(request), kind,
            issued.held)  # fmt: skip
    text = page(words) if issued.left_out else filled(same, words, page)
    return HttpResponse(text, status=200 if issued.replayed else 201)


def _track_address(request: HttpRequest, number: str, secret: str) -> str:
    """The address that opens a receipt: number and secret stand behind the #, which no server is told."""
    return whole_address(request, f"{url('window:stations')}track/") + f"#{number.strip()}.{secret.strip()}"
