"""The API of this room: who a token belongs to, and the codes that other calls refer to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel

from jishi.base.rest import Code, answer, refuse_unknown
from jishi.stations import queries
from jishi.stations.bearer import reader_of, station_asked
from jishi.stations.models import Station

router = Router(tags=["stations"])


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
