"""What everybody may read without an account: the feed of public alerts, and each document that was given out."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from jishi.exchange.cap import queries
from jishi.exchange.cap.feed import CAP_TYPE, changed_at, tag_of, write_feed

#: Receivers ask again after so many seconds; a document never changes.
FEED_SECONDS, DOCUMENT_SECONDS = 30, 86_400


@csrf_exempt  # a wrong method is answered as such
@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """``cap/feed``: what is in force, of all stations or of ``?station=…``."""
    found = queries.feed_at(timezone.now(), request.GET.get("station"))
    own = request.build_absolute_uri(reverse("exchange:cap_feed"))
    if found.station is not None:
        own += "?" + urlencode({"station": found.station.code})
    tag, changed = quote_etag(tag_of(found, own)), changed_at(found)
    if (unchanged := _unchanged(request, tag, changed)) is not None:
        return _open(unchanged, tag, changed, FEED_SECONDS)

    def link_to(identifier: str) -> str:
        return request.build_absolute_uri(reverse("exchange:cap_document", args=[identifier]))

    body = write_feed(found, link_to, own)
    return _open(HttpResponse(body, content_type="application/atom+xml; charset=utf-8"), tag, changed, FEED_SECONDS)


@csrf_exempt
@require_safe
def document(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """``cap/<identifier>.xml``: one document, to the byte as it was given out, whatever followed it."""
    body, sha256, sent = queries.given_out(identifier)
    tag = quote_etag(sha256)
    if (unchanged := _unchanged(request, tag, sent)) is not None:
        return _open(unchanged, tag, sent, DOCUMENT_SECONDS)
    return _open(HttpResponse(body, content_type=f"{CAP_TYPE}; charset=utf-8"), tag, sent, DOCUMENT_SECONDS)


def _unchanged(request: HttpRequest, tag: str, changed: datetime) -> HttpResponseBase | None:
    """The short answer to somebody who has it already."""
    return get_conditional_response(request, etag=tag, last_modified=int(changed.timestamp()))


def _open(response: HttpResponseBase, tag: str, changed: datetime, seconds: int) -> HttpResponseBase:
    """The headers by which any program and any page of the web may read it and keep it for a while."""
    response.headers["ETag"] = tag
    response.headers["Last-Modified"] = http_date(changed.timestamp())
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers["Content-Language"] = "zh-CN"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
    return response
