"""The API for the systems of outside agencies: what was referred to them, and their answers.  No token of staff works here."""  # noqa: E501

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from jishi.base.errors import Refused
from jishi.base.rest import Body, answer, bad_cursor, iso, key_of, refuse_unknown, version_of, words
from jishi.files.actions import LARGEST
from jishi.journal import queries as journal
from jishi.journal.actions import scoped_key
from jishi.matters.actions.door import Door
from jishi.matters.agencies import actions
from jishi.matters.agencies.seen import Seen, matters_of, see
from jishi.matters.api import shapes
from jishi.matters.models import Matter
from jishi.stations.bearer import AgencyBearer, agency_key_of

router = Router(tags=["agency"], auth=AgencyBearer())

#: A file in base 64: a photo or a PDF.  A call as a whole may have 12 MB.
File = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{4,}={0,2}$", max_length=LARGEST * 4 // 3 + 4)]


class Return(Body):
    """Give it back, and why; the station goes on."""

    reason: Annotated[str, words(1000)]


class Done(Body):
    """Report it as done; the station looks for itself.  ``files`` are photos (JPEG, PNG, WebP) or PDF in base 64."""

    text: Annotated[str, words(5000)]
    files: Annotated[list[File], Field(max_length=3)] = []


class AskedOfAgency(BaseModel):
    """Which part of the list."""

    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")] | None = None
    limit: shapes.Limit = 50


class AgencyMatter(BaseModel):
    """A matter that was referred to you.  ``asked`` is what the station wrote to you; there are no other words in it.

    ``next_due`` is the station's own deadline.  ``may`` names the answers that you can give now.
    """

    number: str
    version: int
    station: str
    category: str | None
    grade: Annotated[int, Field(ge=0, le=4)]
    place: str
    area: str | None
    state: shapes.State
    agency_state: shapes.AgencyState
    next_due: AwareDatetime | None
    referred_at: AwareDatetime | None
    asked: str
    may: list[str]


class AgencyMatters(BaseModel):
    """One page of the open matters that were referred to you, the oldest first; ``next`` is the cursor of the next page."""  # noqa: E501

    items: list[AgencyMatter]
    next: str | None


@router.get("/agency/matters", response=AgencyMatters, summary="List what was referred to you")
def list_agency_matters(request: HttpRequest, asked: Query[AskedOfAgency]) -> HttpResponse:
    """The open matters that stand with your agency now.  For an agency's key alone."""
    refuse_unknown(request, AskedOfAgency.model_fields)
    agency = agency_key_of(request).agency
    rows = matters_of(agency).filter(pk__gt=_read_cursor(asked.cursor)).order_by("pk")
    found = see(rows[: asked.limit + 1], agency.pk)
    shown = found[: asked.limit]
    more = len(found) > len(shown)
    items = [_told(each, agency.pk) for each in shown]
    return answer({"items": items, "next": _write_cursor(shown[-1].row["pk"]) if more else None})


@router.get("/agency/matters/{number}", response=AgencyMatter, summary="Read what was referred to you")
def read_agency_matter(request: HttpRequest, number: str) -> HttpResponse:
    """With its version in ``ETag``: give it back in ``If-Match`` with your answer."""
    agency = agency_key_of(request).agency
    found = see(matters_of(agency).filter(number=_clean(number)), agency.pk)
    if not found:
        raise Refused("not_found")
    told = _told(found[0], agency.pk)
    tag = f'"{told["version"]}"'
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": tag})
    return answer(told, ETag=tag)


@router.post("/agency/matters/{number}/commands/accept", response=shapes.Given, summary="Answer: accept")
def agency_accept(request: HttpRequest, number: str) -> HttpResponse:
    """You take it on.  The station stays responsible, with its deadline."""
    return _say(request, number, "accept", {})


@router.post("/agency/matters/{number}/commands/return", response=shapes.Given, summary="Answer: return")
def agency_return(request: HttpRequest, number: str, body: Return) -> HttpResponse:
    """You give it back with a reason."""
    return _say(request, number, "return", {"reason": body.reason})


@router.post("/agency/matters/{number}/commands/report", response=shapes.Given, summary="Answer: report done")
def agency_report(request: HttpRequest, number: str, body: Done) -> HttpResponse:
    """You say that it is done; the station looks for itself before it closes the matter."""
    files = [_file(place, text) for place, text in enumerate(body.files, start=1)]
    return _say(request, number, "report", {"text": body.text}, files)


def _say(
    request: HttpRequest, number: str, verb: str, said: dict[str, str], files: list[ContentFile[bytes]] | None = None
) -> HttpResponse:
    version, key, held = version_of(request), key_of(request), agency_key_of(request)
    door = Door(held.agency_id, key=held.pk)
    matter_id = matters_of(held.agency).filter(number=_clean(number)).values_list("pk", flat=True).first()
    if matter_id is None:
        matter_id = _done_before(door, number, key)
    done = actions.answer(matter_id, verb, said, door=door, key=key, version=version, uploads=files or ())
    given = answer({"number": number, "version": done.version, "event": done.event}, ETag=f'"{done.version}"')
    if done.replayed:
        given.headers["Idempotent-Replayed"] = "true"
    return given


def _done_before(door: Door, number: str, key: str | None) -> int:
    """The matter of an answer that was given before the matter left the agency, so that its key gives the same result."""  # noqa: E501
    event = journal.event_with_key(scoped) if (scoped := scoped_key(door.scope, key)) else None
    if event is None or not Matter.objects.filter(pk=event.subject_id, number=_clean(number)).exists():
        raise Refused("not_found")
    return event.subject_id


def _told(each: Seen, agency_id: int) -> dict[str, Any]:
    row = each.row
    return {
        "number": row["number"], "version": row["version"], "station": row["station__code"],
        "category": row["category_id"], "grade": row["grade"], "place": row["place_name"], "area": row["area__code"],
        "state": row["state"], "agency_state": row["agency_state"], "next_due": iso(row["next_due"]),
        "referred_at": iso(each.referred_at), "asked": each.asked, "may": each.allowed(agency_id),
    }  # fmt: skip


def _file(place: int, text: str) -> ContentFile[bytes]:
    try:
        return ContentFile(base64.b64decode(text, validate=True), name=f"{place}")
    except binascii.Error as error:
        raise Refused("file_broken", field="files") from error


def _clean(number: str) -> str:
    if not number.isprintable() or len(number) > 40:
        raise Refused("not_found")
    return number


def _write_cursor(pk: int) -> str:
    return base64.urlsafe_b64encode(str(pk).encode()).decode().rstrip("=")


def _read_cursor(text: str | None) -> int:
    if text is None:
        return 0
    try:
        pk = int(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii"))
    except ValueError as error:
        raise bad_cursor() from error
    if not 0 < pk < 2**63:
        raise bad_cursor()
    return pk
