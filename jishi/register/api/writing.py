"""Writing through the API: registering, and one address per command.  All of it goes through the room's actions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from jishi.base.errors import Refused
from jishi.base.rest import answer, key_of, version_of
from jishi.journal import queries as journal
from jishi.journal.actions import scoped_key
from jishi.privacy import refuse_personal
from jishi.register import actions
from jishi.register.api import shapes
from jishi.register.api.reading import area_of, element_for, router
from jishi.register.history import SUBJECT
from jishi.register.models import Element
from jishi.stations.bearer import reader_of, station_asked
from jishi.stations.models import Staff

COMMAND = "/elements/{number}/commands/"
TAGS = ["commands"]


@router.post(
    "/elements",
    response={201: shapes.ElementGiven, 200: shapes.ElementGiven},
    summary="Register an element",
)
def create_element(request: HttpRequest, body: shapes.Create) -> HttpResponse:
    """It stands in the register at once; its area follows from the point where none is given."""
    key, by = key_of(request), reader_of(request)
    station = station_asked(request, body.station)
    done = _done(by, key)
    element = actions.create_element(
        station,
        by=by,
        category=body.category,
        name=body.name,
        address=body.address,
        point=_point(body.point),
        area=area_of(station.pk, body.area),
        attributes=body.attributes,
        grade=body.grade,
        reasons=body.reasons,
        origin=body.system,
        external_id=body.external_id,
        source=_source(body),
        key=key,
    )
    given = _given(element, done, 201)
    given.headers["Location"] = f"{request.path}/{element.number}"
    return given


@router.post(COMMAND + "change", response=shapes.ElementGiven, summary="Command: change", tags=TAGS)
def change_element(request: HttpRequest, number: str, body: shapes.Change) -> HttpResponse:
    """Only the fields that are given change; where nothing differs, the version stays."""
    version, key, by = version_of(request), key_of(request), reader_of(request)
    element, done = element_for(request, number), _done(by, key)
    values, source = _corrections(element, body), _source(body)
    return _given(actions.change_element(element, values, by=by, version=version, source=source, key=key), done)


@router.post(COMMAND + "verify", response=shapes.ElementGiven, summary="Command: verify", tags=TAGS)
def verify_element(request: HttpRequest, number: str, body: shapes.Verify) -> HttpResponse:
    """Its cadence begins anew."""
    version, key, by = version_of(request), key_of(request), reader_of(request)
    element, done = element_for(request, number), _done(by, key)
    actions.verify_element(
        element,
        by=by,
        corrections=_corrections(element, body.corrections) if body.corrections else None,
        gone=body.gone,
        position=_point(body.position),
        accuracy=body.accuracy,
        version=version,
        source=_source(body),
        key=key,
        at=body.at,
    )
    element.refresh_from_db(fields=["version"])
    return _given(element, done)


@router.post(COMMAND + "close", response=shapes.ElementGiven, summary="Command: close", tags=TAGS)
def close_element(request: HttpRequest, number: str, body: shapes.FromSource) -> HttpResponse:
    """It stands no more: it leaves the map and the figures, its history stays, its contacts are purged."""
    version, key, by = version_of(request), key_of(request), reader_of(request)
    element, done = element_for(request, number), _done(by, key)
    return _given(actions.close_element(element, by=by, version=version, source=_source(body), key=key), done)


@router.post(COMMAND + "reopen", response=shapes.ElementGiven, summary="Command: reopen", tags=TAGS)
def reopen_element(request: HttpRequest, number: str, body: shapes.FromSource) -> HttpResponse:
    """A closed element stands after all."""
    version, key, by = version_of(request), key_of(request), reader_of(request)
    element, done = element_for(request, number), _done(by, key)
    return _given(actions.reopen_element(element, by=by, version=version, source=_source(body), key=key), done)


def _given(element: Element, done: tuple[int, int] | None, status: int = 200) -> HttpResponse:
    """Which element, at which version; for a key that was used before, what it led to then."""
    version = done[1] if done else element.version
    body = {"number": element.number, "version": version}
    given = answer(body, 200 if done else status, ETag=f'"{version}"')
    if done:
        given.headers["Idempotent-Replayed"] = "true"
    return given


def _done(by: Staff, key: str | None) -> tuple[int, int] | None:
    """The element and the version that the same person's same key led to before."""
    event = journal.event_with_key(scoped) if (scoped := scoped_key(by.pk, key)) else None
    if event is None:
        return None
    if event.subject_kind != SUBJECT:
        raise Refused("key_reused")
    return event.subject_id, event.subject_version


def _corrections(element: Element, body: shapes.Corrections) -> dict[str, Any]:
    """The values of the fields that were given; null says something for the area and the point only."""
    given = body.model_fields_set & shapes.Corrections.model_fields.keys()
    values: dict[str, Any] = {name: getattr(body, name) for name in given}
    values = {name: value for name, value in values.items() if value is not None or name in ("area", "point")}
    if "area" in values:
        values["area"] = area_of(element.station_id, body.area)
    if "point" in values:
        values["point"] = _point(body.point)
    return values


def _point(point: shapes.Point | None) -> actions.Point | None:
    return None if point is None else actions.Point(point.lon, point.lat, point.datum)


def _source(body: shapes.Create | shapes.Change | shapes.Verify | shapes.FromSource) -> actions.Source:
    refuse_personal(body.source, "source")
    return actions.Source(body.source, body.source_date)
