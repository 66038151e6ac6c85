"""Reading the register through the API: the list, one element, its history, the catalogue."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from jishi.base.errors import Refused
from jishi.base.rest import answer, bad_cursor, iso, refuse_unknown
from jishi.register import catalogue, queries
from jishi.register.api import shapes
from jishi.register.models import Change, Element
from jishi.register.quality import names_of
from jishi.stations.bearer import reader_of, station_asked
from jishi.stations.models import Area, Station

router = Router(tags=["elements"])

#: Field of an answer → where it comes from.
LISTED: Mapping[str, str] = {
    "number": "number", "version": "version", "station": "station__code", "kind": "kind", "category": "category_id",
    "name": "name", "address": "address", "area": "area__code", "lon": "lon", "lat": "lat", "grade": "grade",
    "status": "status", "freshness": "freshness", "verified_at": "verified_at", "due_at": "due_at", "issues": "issues",
    "source": "source", "external_id": "external_id", "created_at": "created_at", "changed_at": "changed_at",
}  # fmt: skip
DETAILED: Mapping[str, str] = {
    **LISTED, "datum": "datum", "attributes": "attributes", "reasons": "reasons", "merged_into": "merged_into__number",
}  # fmt: skip
CHANGED = ("version", "kind", "fields", "at", "recorded_at", "by", "source", "source_date")


@router.get("/elements", response=shapes.Elements, summary="List elements")
def list_elements(request: HttpRequest, asked: Query[shapes.Asked]) -> HttpResponse:
    """The elements of one station, in the order of their registration.  A category stands for all below it too."""
    refuse_unknown(request, shapes.Asked.model_fields)
    station = station_asked(request, asked.station)
    rows = queries.rows_of(reader_of(request), station.pk, filters_for(station, asked))
    if asked.cursor:
        rows = rows.filter(pk__gt=_read_cursor(asked.cursor))
    found = list(rows.order_by("pk").values_list("pk", *LISTED.values())[: asked.limit + 1])
    more, found = len(found) > asked.limit, found[: asked.limit]
    items = [_element(LISTED, row[1:]) for row in found]
    return answer({"items": items, "next": _write_cursor(found[-1][0]) if more else None})


@router.get("/elements/{number}", response=shapes.ElementDetail, summary="Read one element")
def read_element(request: HttpRequest, number: str) -> HttpResponse:
    """With its version in ``ETag``: give it back in ``If-Match`` with a command, or in ``If-None-Match`` to read only changes."""  # noqa: E501
    row = _one(request, number, *DETAILED.values())
    tag = f'"{row[1]}"'
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": tag})
    return answer(_element(DETAILED, row), ETag=tag)


@router.get("/elements/{number}/changes", response=shapes.Changes, summary="The history of an element")
def list_element_changes(request: HttpRequest, number: str, asked: Query[shapes.AskedChanges]) -> HttpResponse:
    """Its steps above the version ``after``, oldest first: every field, from what to what."""
    refuse_unknown(request, shapes.AskedChanges.model_fields)
    [pk] = _one(request, number, "pk")
    rows = Change.objects.filter(element=pk, version__gt=asked.after).order_by("version").values(*CHANGED)
    found = list(rows[: asked.limit + 1])
    more, found = len(found) > asked.limit, found[: asked.limit]
    codes = _codes(row["fields"] for row in found)
    items = [
        {
            **{name: _plain(value) for name, value in row.items()},
            "by": "system" if row["by"] is None else "staff",
            "fields": {name: [codes(name, value) for value in pair] for name, pair in row["fields"].items()},
        }
        for row in found
    ]
    return answer({"items": items, "next": found[-1]["version"] if more else None})


@router.get("/element-categories", response=shapes.ElementCategories, summary="The catalogue of elements")
def list_element_categories(request: HttpRequest) -> HttpResponse:
    """What elements may be, each category with the JSON Schema of its attributes and its cadence."""
    refuse_unknown(request, {})
    items = [
        {
            "code": code, "parent": sort.category.parent_id, "kind": sort.category.kind,
            "name_zh": sort.category.name_zh, "name_en": sort.category.name_en, "active": sort.category.active,
            "version": sort.version, "attributes": sort.schema, "cadence": sort.cadence,
            "needs_photo": sort.needs_photo, "needs_position": sort.needs_position,
        }
        for code, sort in catalogue.sorts().items()
    ]  # fmt: skip
    return answer({"items": items})


def element_for(request: HttpRequest, number: str) -> Element:
    """An element that the reader sees.  Raises ``Refused("not_found")``."""
    return queries.visible_elements(reader_of(request)).select_related("station").get(
        pk=_one(request, number, "pk")[0]
    )  # fmt: skip


def area_of(station_id: int, code: str | None) -> int | None:
    """The id behind the code of an area of a station.  Raises ``Refused("area_elsewhere")``."""
    if code is None:
        return None
    found = Area.objects.filter(station=station_id, code=code).values_list("pk", flat=True).first()
    if found is None:
        raise Refused("area_elsewhere", field="area", area=code)
    return found


def filters_for(station: Station, asked: shapes.Asked) -> queries.Filters:
    """The filters of the list screen for what was asked."""
    if asked.category is not None:
        catalogue.sort_of(asked.category)
    return queries.Filters(
        text=asked.q or "",
        kind=asked.kind or "",
        category=asked.category or "",
        area=area_of(station.pk, asked.area),
        freshness=tuple(asked.freshness),
        grades=tuple(asked.grade),
        issue=asked.issue or "",
        status=asked.status,
        source=asked.source or "",
        box=queries.read_box(asked.bbox or ""),
    )


def _one(request: HttpRequest, number: str, *columns: str) -> Any:
    if not number.isprintable() or len(number) > 40:
        raise Refused("not_found")
    row = queries.visible_elements(reader_of(request)).filter(number=number).values_list(*columns).first()
    if row is None:
        raise Refused("not_found")
    return row


def _element(names: Iterable[str], row: Sequence[Any]) -> dict[str, Any]:
    values = {name: _plain(value) for name, value in zip(names, row, strict=True)}
    values["issues"] = names_of(values["issues"])
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value


def _codes(changes: Iterable[Mapping[str, Any]]) -> Any:
    """A function that gives the code or number behind an id in a history; other values stay as they are."""
    wanted: dict[str, set[int]] = {"area": set(), "merged_into": set()}
    for fields in changes:
        for name, ids in wanted.items():
            ids.update(value for value in fields.get(name, ()) if value is not None)
    known: dict[str, dict[int, str]] = {
        "area": dict(Area.objects.filter(pk__in=wanted["area"]).values_list("pk", "code")) if wanted["area"] else {},
        "merged_into": dict(Element.objects.filter(pk__in=wanted["merged_into"]).values_list("pk", "number"))
        if wanted["merged_into"]
        else {},
    }
    return lambda name, value: known[name].get(value) if name in known else value


def _write_cursor(pk: int) -> str:
    return base64.urlsafe_b64encode(str(pk).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> int:
    try:
        pk = int(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii"))
    except (binascii.Error, ValueError) as error:
        raise bad_cursor() from error
    if not 0 < pk < 2**63:
        raise bad_cursor()
    return pk
