"""The API of this room: who a token belongs to, and the codes that other calls refer to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from ninja.security import HttpBearer
from pydantic import BaseModel

from jishi.base.errors import Refused
from jishi.base.rest import Code, Denied, answer, refuse_unknown
from jishi.stations import queries
from jishi.stations.middleware import take_place
from jishi.stations.models import Staff, Station

LONGEST_TOKEN = 200

router = Router(tags=["stations"])


class Bearer(HttpBearer):
    """``Authorization: Bearer …``: a member of staff's own token.  Reading needs the scope read, all else write."""

    def authenticate(self, request: HttpRequest, token: str) -> Staff | None:
        """The owner, at whose place the request stands from here on; ``None`` answers 401."""
        owner = queries.token_owner(token) if 0 < len(token) <= LONGEST_TOKEN else None
        if owner is None:
            return None
        staff, scopes = owner
        needed = "read" if request.method == "GET" else "write"
        take_place(request, staff)
        if needed not in scopes:
            raise Denied(
                403,
                "scope_missing",
                _("This token may not be used for that. Make one with the scope that is needed."),
                scope=needed,
            )
        return staff


def reader_of(request: HttpRequest) -> Staff:
    """The member of staff whose token came with the request."""
    return cast(Staff, request.user)


def station_asked(request: HttpRequest, code: str | None) -> Station:
    """The visible station of this code, or the reader's first one.  Raises ``Refused("station_unknown")``."""
    stations = queries.access_of(reader_of(request)).stations
    found = next((station for station in stations if code is None or station.code == code), None)
    if found is None:
        raise Refused("station_unknown", station=code or "", field="station")
    return found


class StationRow(BaseModel):
    """A station that you see."""

    code: str
    name: str
    time_zone: str


class UnitRow(BaseModel):
    """A working unit of a station."""

    station: str
    code: str
    name: str
    kind: Literal["desk", "patrol", "community", "mediation", "fire", "checking", "command", "other"]


class AreaRow(BaseModel):
    """An area of a station; ``bbox`` is west, south, east, north in WGS-84."""

    station: str
    code: str
    name: str
    bbox: list[float] | None


class AgencyRow(BaseModel):
    """An outside agency of a bureau, to which matters may be referred."""

    bureau: str
    code: str
    name: str


class Stations(BaseModel):
    """All stations that you see."""

    items: list[StationRow]


class Units(BaseModel):
    """All units that you see, or those of one station."""

    items: list[UnitRow]


class Areas(BaseModel):
    """All areas that you see, or those of one station."""

    items: list[AreaRow]


class Agencies(BaseModel):
    """All agencies that you may refer to, or those of one station's bureau."""

    items: list[AgencyRow]


class AtStation(BaseModel):
    """One station only."""

    station: Code | None = None


@router.get("/stations", response=Stations, summary="The stations that you see")
def stations(request: HttpRequest) -> HttpResponse:
    """Your home station first."""
    refuse_unknown(request, {})
    found = queries.access_of(reader_of(request)).stations
    return answer(
        {"items": [{"code": each.code, "name": each.name, "time_zone": queries.zone_of(each)} for each in found]}
    )


@router.get("/units", response=Units, summary="The units of your stations")
def units(request: HttpRequest, asked: Query[AtStation]) -> HttpResponse:
    """Working units only."""
    rows = queries.units_of(reader_of(request), _only(request, asked))
    return _items(("station", "code", "name", "kind"), rows.values_list("station__code", "code", "name", "kind"))


@router.get("/areas", response=Areas, summary="The areas of your stations")
def areas(request: HttpRequest, asked: Query[AtStation]) -> HttpResponse:
    """Without their outlines."""
    rows = queries.areas_of(reader_of(request), _only(request, asked))
    values = rows.values_list("station__code", "code", "name", "west", "south", "east", "north")
    boxed = ((*row[:3], None if row[3] is None else list(row[3:])) for row in values)
    return _items(("station", "code", "name", "bbox"), boxed)


@router.get("/agencies", response=Agencies, summary="The outside agencies")
def agencies(request: HttpRequest, asked: Query[AtStation]) -> HttpResponse:
    """Those of your bureaux."""
    rows = queries.agencies_of(reader_of(request), _only(request, asked))
    return _items(("bureau", "code", "name"), rows.values_list("bureau__code", "code", "name"))


def _only(request: HttpRequest, asked: AtStation) -> Station | None:
    refuse_unknown(request, AtStation.model_fields)
    return None if asked.station is None else station_asked(request, asked.station)


def _items(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    return answer({"items": [dict(zip(names, row, strict=True)) for row in rows]})
