"""Open311 GeoReport v2 under ``open311/v2/``: for other systems, without an account; whoever writes brings a key."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from jishi.base.errors import Refused
from jishi.base.qr import whole_address
from jishi.base.sentences import sentence
from jishi.base.tries import Tries
from jishi.exchange.open311 import asked, documents, posted, queries
from jishi.exchange.open311.actions import keys, taken
from jishi.exchange.open311.models import ClientKey
from jishi.exchange.open311.problems import Problem
from jishi.exchange.open311.words import could_not_be_taken
from jishi.stations.models import Station
from jishi.stations.queries import zone_of

logger = logging.getLogger(__name__)
#: The specifications that are spoken here, each an endpoint of the discovery.
SPECIFICATIONS = ("http://wiki.open311.org/GeoReport_v2", "http://wiki.open311.org/GeoReport_v2/Extensions")
_TRIES = Tries("open311")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_OPENINGS = {"GET": "GET, HEAD, OPTIONS", "POST": "GET, HEAD, POST, OPTIONS"}
_SECONDS = 60
_JSON = documents.TYPES["json"]
#: What may be preferred where the address names no form; the first one where all are alike.
_BY_TYPE = (documents.TYPES["xml"], "application/xml", _JSON)
_LONGEST_KEY = 100

#: (root element, what stands in it)
Document = tuple[str, Any]
Answer = Callable[..., Document]


def _spoken(*methods: str) -> Callable[[Answer], Callable[..., HttpResponse]]:
    """A view of ``<name>.xml`` and ``<name>.json``: whatever goes wrong is an array of errors in the same form."""

    def wrap(answer: Answer) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(answer)
        def view(request: HttpRequest, form: str, **named: str) -> HttpResponse:
            after = None
            status = 200
            try:
                if request.method == "OPTIONS":
                    return _open(request, HttpResponse(status=204, headers={"Allow": _allowed(methods)}), methods)
                if request.method not in (*methods, "HEAD"):
                    raise Problem(405, _("Only %(methods)s here.") % {"methods": _allowed(methods)})
                root, content = answer(request, **named)
            except Problem as problem:
                root, content, status, after = "errors", problem.errors, problem.status, problem.after
            except Refused as refused:
                status = 404 if refused.status == 404 else 400
                root, content = "errors", Problem(status, sentence(refused)).errors
            body = documents.write(form, root, content)
            response = HttpResponse(body, status=status, content_type=documents.TYPES[form])
            if after is not None:
                response.headers["Retry-After"] = str(after)
            if status == 405:
                response.headers["Allow"] = _allowed(methods)
            return _open(request, response, methods)

        return view

    return wrap


@_spoken("GET")
def discovery(request: HttpRequest) -> Document:
    """``discovery``: which interfaces there are, and whom to ask for a key."""
    changed = queries.w3c(queries.changed_at(), ZoneInfo(settings.TIME_ZONE))
    url = whole_address(request, reverse("exchange:open311")).rstrip("/")
    endpoints = [
        {
            "specification": each, "url": url, "changeset": changed, "type": "production",
            "formats": list(documents.TYPES.values()),
        }
        for each in SPECIFICATIONS
    ]  # fmt: skip
    return "discovery", {
        "changeset": changed,
        "contact": _("Ask the station, or the administrator of this installation: %(url)s")
        % {"url": whole_address(request, "/")},
        "key_service": _("The station's administrator makes an API key: ask at the station. %(url)s")
        % {"url": whole_address(request, reverse("exchange:open311_keys"))},
        "endpoints": endpoints,
    }


@_spoken("GET")
def services(request: HttpRequest) -> Document:
    """``services``: what can be reported."""
    _station_if_named(request.GET)
    return "services", [each.listed() for each in queries.offers().values()]


@_spoken("GET")
def service(request: HttpRequest, code: str) -> Document:
    """``services/<code>``: the questions of one service."""
    _station_if_named(request.GET)
    return "service_definition", queries.offer(code).defined()


@_spoken("GET", "POST")
def requests(request: HttpRequest) -> Document:
    """``requests``: a list of them, or a new one."""
    if request.method == "POST":
        return "service_requests", [_take(request)]
    station = queries.station_of(request.GET.get("jurisdiction_id", ""))
    rows = queries.requests_at(station, asked.read(request.GET, timezone.now(), ZoneInfo(zone_of(station))))
    return "service_requests", [_with_addresses(request, row) for row in rows]


@_spoken("GET")
def one_request(request: HttpRequest, number: str) -> Document:
    """``requests/<id>``: how one stands."""
    found = queries.one_request(_station_if_named(request.GET), number)
    if found is None:
        raise Problem(404, _("service_request_id “%(number)s” was not found.") % {"number": number[:40]})
    return "service_requests", [_with_addresses(request, found)]


@_spoken("GET")
def token(request: HttpRequest, token: str) -> Document:
    """``tokens/<token>``: the number of a report that was looked through first."""
    found = queries.behind_token(_station_if_named(request.GET), token)
    if found is None:
        raise Problem(404, _("token “%(token)s” was not found.") % {"token": token[:40]})
    return "service_requests", [found]


@_spoken("GET", "POST")
def updates(request: HttpRequest) -> Document:
    """``servicerequestupdates``: the steps that requests took, or a word to one."""
    if request.method == "POST":
        return "service_request_updates", [_add(request)]
    station, now = queries.station_of(request.GET.get("jurisdiction_id", "")), timezone.now()
    part = asked.read(request.GET, now, ZoneInfo(zone_of(station)))
    return "service_request_updates", queries.updates_at(
        station, part.since, part.until, part.numbers, part.first, part.size
    )


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """Any other address: what was meant by one without a form or with a slash too many, else an error.

    Without a form it is the one that the client takes rather, and XML where it does not say so.
    """
    form = "json" if request.path.endswith(".json") or request.get_preferred_type(_BY_TYPE) == _JSON else "xml"
    if (meant := _meant(request.path_info, form)) is not None:
        response: HttpResponse = meant.func(request, *meant.args, **meant.kwargs)
    else:
        begin = whole_address(request, reverse("exchange:open311_discovery", args=["xml"]))
        nowhere = Problem(404, _("There is nothing here. Begin with %(url)s") % {"url": begin})
        body = documents.write(form, "errors", nowhere.errors)
        response = _open(request, HttpResponse(body, status=404, content_type=documents.TYPES[form]), ("GET",))
    patch_vary_headers(response, ("Accept",))
    return response


def _meant(path: str, form: str) -> ResolverMatch | None:
    """Where this address leads with a form, and without a slash at its end."""
    bare = path.rstrip("/")
    for each in (bare, f"{bare}.{form}", f"{bare}/"):
        with suppress(Resolver404):
            found = resolve(each)
            if found.url_name != "open311_nothing":
                return found
    return None


def _take(request: HttpRequest) -> dict[str, Any]:
    given, files = _form_of(request)
    key = _key(request, given)
    read = posted.read_request(given, files)
    offer = queries.offer(read.service)
    now = timezone.now()
    done = taken.take_request(
        key, read, offer, own_key=_own_key(request), language=translation.get_language() or "zh-hans", now=now
    )
    keys.note_used(key, now)
    notice = _("It stands at the desk of %(station)s.") % {"station": key.station.name}
    if done.token:
        notice = _("The desk looks through it first, within a day.")
    if done.left_out:
        notice = f"{notice} {could_not_be_taken(done.left_out)}"
    which = {"token": done.token} if done.token else {"service_request_id": done.number}
    return {**which, "service_notice": notice, "account_id": None}


def _add(request: HttpRequest) -> dict[str, Any]:
    given, files = _form_of(request)
    key = _key(request, given)
    now = timezone.now()
    done = taken.take_update(key, posted.read_update(given, files), own_key=_own_key(request), now=now)
    keys.note_used(key, now)
    return {"update_id": done.number}


def _with_addresses(request: HttpRequest, row: dict[str, Any]) -> dict[str, Any]:
    """A request whose photo has its whole address."""
    photo = row["media_url"]
    return {**row, "media_url": whole_address(request, photo) if photo else None}


def _form_of(request: HttpRequest) -> tuple[QueryDict, Any]:
    """The fields and files of a POST.  Raises :class:`Problem` where there is no reading them."""
    if request.content_type not in _FORMS:
        raise Problem(400, _("Send a form: %(types)s.") % {"types": ", ".join(_FORMS)})
    try:
        return request.POST, request.FILES
    except RequestDataTooBig as error:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        raise Problem(400, _("This is too much: %(most)s MB at most.") % {"most": most}) from error
    except (
        BadRequest,
        MultiPartParserError,
        SuspiciousOperation,
        UnreadablePostError,
        LookupError,
        ValueError,
    ) as error:
        raise Problem(400, _("The form cannot be read. Send it in UTF-8.")) from error


def _key(request: HttpRequest, given: QueryDict) -> ClientKey:
    """Whose post it is, at the station that it names.  Raises :class:`Problem`: 403, 429 beyond what the key may."""
    raw = given.get("api_key") or request.GET.get("api_key") or ""
    if not raw.strip():
        raise Problem(403, _("api_key was not provided."))
    if _TRIES.too_many(request):
        raise Problem(429, _("Too many wrong keys. Come back later."), after=_TRIES.seconds)
    key = queries.key_of(raw, timezone.now())
    if key is None:
        _TRIES.note_wrong(request)
        raise Problem(403, _("api_key is not valid, or no longer."))
    station = _station_if_named(given) or _station_if_named(request.GET)
    if station is not None and station.pk != key.station_id:
        raise Problem(403, _("api_key is for another jurisdiction_id."))
    if queries.posted_since(key, timezone.now() - timedelta(seconds=_SECONDS)) >= key.per_minute:
        raise Problem(429, _("Too many posts: %(most)s a minute.") % {"most": key.per_minute}, after=_SECONDS)
    return key


def _station_if_named(given: QueryDict) -> Station | None:
    """The station that is named; where it makes no difference, none need be."""
    code = given.get("jurisdiction_id", "")
    return queries.station_of(code) if code.strip() else None


def _own_key(request: HttpRequest) -> str:
    return request.headers.get("Idempotency-Key", "").strip()[:_LONGEST_KEY]


def _allowed(methods: tuple[str, ...]) -> str:
    return _OPENINGS[methods[-1]]


def _open(request: HttpRequest, response: HttpResponse, methods: tuple[str, ...]) -> HttpResponse:
    """The headers by which any program and any page of the web may read it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = _allowed(methods)
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, Idempotency-Key"
    patch_vary_headers(response, ("Accept-Language",))
    return response
