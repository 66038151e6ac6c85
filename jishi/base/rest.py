"""What the API of every room shares: checked kinds of text and time, the answers, and a problem document for every error."""  # noqa: E501

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from typing import Annotated, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from jishi.base.errors import Refused
from jishi.base.problems import document, problem

logger = logging.getLogger(__name__)

#: What a person of staff, a unit, a station or an agency is called in the API.
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]

_KEY = re.compile(r"[\x21-\x7e]{1,100}")
_TAG = re.compile(r'"(\d{1,9})"')
_DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


def line(most: int, least: int = 1) -> StringConstraints:
    """What holds of a text on one line: ``least`` to ``most`` characters, no control characters."""
    return StringConstraints(min_length=least, max_length=most, pattern=r"^[^\x00-\x1f\x7f]*$")


def words(most: int, least: int = 1) -> StringConstraints:
    """What holds of a text of any number of lines: no null characters."""
    return StringConstraints(min_length=least, max_length=most, pattern=r"^[^\x00]*$")


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


#: A whole number; JSON has one kind of number only, so 3.0 is one too.
Whole = Annotated[int, BeforeValidator(_whole)]


def _read_moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _ISO.match(value):
        raise ValueError("give a date and time with its offset, such as 2026-03-01T08:30:00+08:00")
    return datetime.fromisoformat(value.upper())


def _usable_moment(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("give the offset too, such as +08:00")
    if not 1900 <= value.year <= 2200:
        raise ValueError("give a year from 1900 to 2200")
    return value


def _usable_day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("give a date such as 2026-03-01, of a year from 1900 to 2199")
    return date.fromisoformat(value)


#: A day, of a year that a calendar can reckon with.
Day = Annotated[date, BeforeValidator(_usable_day)]
#: A date and time with its offset.
Moment = Annotated[datetime, BeforeValidator(_read_moment), AfterValidator(_usable_moment)]


class Body(BaseModel):
    """The base of what a client sends: no unknown field, and no number where a text is meant."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Problem(BaseModel):
    """RFC 9457 problem details.  ``code`` is a stable word to program against, ``detail`` a sentence in the reader's language."""  # noqa: E501

    type: str
    title: str
    status: int
    code: str
    detail: str
    facts: dict[str, Any] = {}


class Denied(Exception):
    """The API's own refusals, which come before any room is asked."""

    def __init__(self, status: int, code: str, detail: str | Promise, **facts: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.facts = status, code, detail, facts

    def answer(self) -> HttpResponse:
        """The problem document."""
        return document(self.status, self.code, str(self.detail), facts=self.facts)


def without_scope(scope: str) -> Denied:
    """The refusal of a token that lacks ``scope``."""
    return Denied(403, "scope_missing", _("This token may not be used for that. Make one for it."), scope=scope)


def answer(body: Any, status: int = 200, **headers: str) -> HttpResponse:
    """A JSON answer.  Underscores in the names of headers stand for hyphens."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(content, content_type="application/json", status=status, headers=named)


def iso(moment: datetime | None) -> str | None:
    """A time as the API writes it: UTC, to the millisecond."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def refuse_unknown(request: HttpRequest, known: Mapping[str, Any]) -> None:
    """Refuse a parameter that does not exist: without it the answer would hold more than was asked for."""
    for name in request.GET:
        if name not in known:
            raise Denied(
                422, "invalid", _("There is no such parameter: look at the API's description."), field=_clean(name)
            )


def key_of(request: HttpRequest) -> str | None:
    """The ``Idempotency-Key`` of a request.  Raises :class:`Denied` for one that cannot be kept."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Denied(
            422, "bad_key", _("An Idempotency-Key has 1 to 100 visible ASCII characters."), field="Idempotency-Key"
        )
    return key


def version_of(request: HttpRequest) -> int:
    """The version in ``If-Match``.  Raises :class:`Denied` where it is missing or no version."""
    tag = request.headers.get("If-Match")
    if tag is None:
        raise Denied(
            428, "version_missing", _("Say in If-Match which version you saw: the ETag that came with it."),
            field="If-Match",
        )  # fmt: skip
    found = _TAG.fullmatch(tag)
    if found is None:
        raise Denied(
            422, "bad_version", _('If-Match is one version in quotation marks, such as "3".'), field="If-Match"
        )
    return int(found[1])


def bad_cursor() -> Denied:
    """The refusal of a cursor that no list gave."""
    return Denied(
        422, "bad_cursor", _("This cursor was not given by the list. Begin again without it."), field="cursor"
    )


def handle_errors(api: NinjaAPI) -> None:
    """Let every error of ``api`` become a problem document."""
    handlers: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Refused: lambda _request, error: problem(error),
        Denied: lambda _request, error: error.answer(),
        ValidationError: lambda _request, error: _invalid(error),
        AuthenticationError: lambda _request, _error: _unknown_token(),
        HttpError: lambda _request, _error: _unreadable(),
        UnreadablePostError: lambda _request, _error: _unreadable(),
        RequestDataTooBig: lambda _request, _error: document(
            413, "too_big", str(_("This is too big. Send less at once."))
        ),
        SuspiciousOperation: lambda _request, _error: _unreadable(),
        Http404: lambda request, _error: nothing_here(request),
        Exception: _failed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def speaking_problems(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """``view``, which answers a wrong method or a body that is not JSON with a problem document too."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        has_body = request.META.get("CONTENT_LENGTH") not in (None, "", "0")
        if has_body and request.content_type != "application/json":
            return document(415, "not_json", str(_("Send JSON, with the content type application/json.")))
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response.headers.get("Allow", "")
            response = document(
                405, "wrong_method", str(_("This address does not take that method.")), facts={"allow": allowed}
            )
            response.headers["Allow"] = allowed
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return checked


def nothing_here(request: HttpRequest) -> HttpResponse:
    """404: there is no such address, or it is not the reader's to see."""
    return document(
        404, "not_found", str(_("There is nothing here, or it belongs to another station. Check the address."))
    )


nothing_here.csrf_exempt = True  # type: ignore[attr-defined]


def _unknown_token() -> HttpResponse:
    response = document(
        401,
        "not_signed_in",
        str(_("Send a valid API token: Authorization: Bearer … Tokens expire and can be revoked.")),
    )
    response.headers["WWW-Authenticate"] = 'Bearer realm="Jishi"'
    return response


def _unreadable() -> HttpResponse:
    return document(400, "unreadable", str(_("This is not JSON that can be read.")))


def _invalid(error: ValidationError) -> HttpResponse:
    errors = [
        {
            "field": _field(each.get("loc", ())),
            "problem": str(each.get("type", "")),
            "message": str(each.get("msg", "")),
        }
        for each in error.errors[:20]
    ]
    first = errors[0]["field"] if errors else ""
    return document(
        422,
        "invalid",
        str(_("A field is missing or cannot be used. Look at the facts.")),
        facts={"field": first, "errors": errors},
    )


def _field(place: Sequence[Any]) -> str:
    """The name of a field as the client wrote it: without "body" and the name of our own parameter before it."""
    parts = [str(part) for part in place[1:]]
    if place and place[0] in ("body", "query") and parts and parts[0] in ("body", "asked"):
        parts = parts[1:]
    return _clean(".".join(parts))


def _clean(name: str) -> str:
    return name.encode("utf-8", "replace").decode()[:80]


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return document(500, "server_error", str(_("This was our fault and was written down. Try again later.")))
