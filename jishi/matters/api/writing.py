"""Writing through the API: the report, and one address per command.  All of it goes through ``apply``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from jishi.base.errors import Refused
from jishi.base.rest import Body, answer, key_of, version_of
from jishi.journal import queries as journal
from jishi.journal.actions import scoped_key
from jishi.matters import actions
from jishi.matters.actions.apply import Applied
from jishi.matters.actions.verbs import command_for
from jishi.matters.api import shapes
from jishi.matters.api.reading import coded, matter_for, router
from jishi.matters.loop import COMMANDS
from jishi.matters.models import Matter
from jishi.matters.queries import visible_matters
from jishi.register.queries import elements_at
from jishi.stations.bearer import reader_of, station_asked
from jishi.stations.models import Agency, Area, Staff, Station, Unit


@router.post("/matters", response={201: shapes.Given, 200: shapes.Given}, summary="Report a matter")
def report(request: HttpRequest, body: shapes.Report) -> HttpResponse:
    """It stands at the desk of the station, and the clock to assess it runs.  Parties are sealed at once."""
    key, by = key_of(request), reader_of(request)
    station = station_asked(request, body.station)
    told = body.place or shapes.Place()
    area = coded(Area, station.pk, told.area, "area_elsewhere", "area")
    done = actions.report_matter(
        station,
        by=by,
        title=body.title,
        category=body.category,
        grade=body.grade,
        place=actions.Place(told.name, area, told.lon, told.lat, told.datum),
        description=body.description,
        parties=[actions.PartyInput(party.role, party.name, party.contact) for party in body.parties],
        channel="api",
        key=key,
        occurred_at=body.occurred_at,
    )
    number = Matter.objects.values_list("number", flat=True).get(pk=done.matter_id)
    given = _given(number, done, 200 if done.replayed else 201)
    given.headers["Location"] = f"{request.path}/{number}"
    return given


def _give(request: HttpRequest, number: str, verb: str, body: Body | None) -> HttpResponse:
    version, key = version_of(request), key_of(request)
    by = reader_of(request)
    try:
        matter_id, station_id = matter_for(request, number)
    except Refused:
        matter_id, station_id = _done_before(by, number, key)
    values = {name: value for name, value in body if value is not None} if body else {}
    for name, resolve in _RESOLVERS.items():
        if name in values:
            values[name] = resolve(by, station_id, values[name])
    return _given(number, actions.apply(matter_id, command_for(verb, values), by=by, version=version, key=key))


def _given(number: str, done: Applied, status: int = 200) -> HttpResponse:
    given = answer({"number": number, "version": done.version, "event": done.event}, status, ETag=f'"{done.version}"')
    if done.replayed:
        given.headers["Idempotent-Replayed"] = "true"
    return given


def _done_before(by: Staff, number: str, key: str | None) -> tuple[int, int]:
    """The matter of a command that took it out of this person's sight, so that its key still gives the same result."""
    event = journal.event_with_key(scoped) if (scoped := scoped_key(by.pk, key)) else None
    if event is None or not Matter.objects.filter(pk=event.subject_id, number=number).exists():
        raise Refused("not_found")
    return event.subject_id, event.station_id


def _unit(_by: Staff, station_id: int, code: str) -> int | None:
    return coded(Unit, station_id, code, "unit_elsewhere", "unit")


def _area(_by: Staff, station_id: int, code: str) -> int | None:
    return coded(Area, station_id, code, "area_elsewhere", "area")


def _agency(_by: Staff, station_id: int, code: str) -> int:
    for pk in Agency.objects.filter(bureau__stations=station_id, code=code).values_list("pk", flat=True)[:1]:
        return pk
    raise Refused("agency_unknown", agency=code, field="agency")


def _person(_by: Staff, station_id: int, username: str) -> int:
    for pk in Staff.objects.filter(username=username, posts__station_id=station_id).values_list("pk", flat=True)[:1]:
        return pk
    raise Refused("person_elsewhere", person=username, field="person")


def _station(_by: Staff, _station_id: int, code: str) -> int:
    for pk in Station.objects.filter(code=code).values_list("pk", flat=True)[:1]:
        return pk
    raise Refused("station_unknown", station=code, field="station")


def _root(by: Staff, _station_id: int, number: str) -> int:
    for pk in visible_matters(by).filter(number=number).values_list("pk", flat=True)[:1]:
        return pk
    raise Refused("root_unknown", root=number, field="root")


def _element(by: Staff, station_id: int, number: str) -> int:
    for pk in elements_at(by, station_id).filter(number=number).values_list("pk", flat=True)[:1]:
        return pk
    raise Refused("element_unknown", element=number, field="element")


def _mended(_by: Staff, _station_id: int, word: str) -> bool:
    return word == "yes"


#: The fields that a client gives by code or by word, and how each becomes what the command takes.
_RESOLVERS: Mapping[str, Callable[[Staff, int, Any], int | None]] = {
    "unit": _unit, "area": _area, "agency": _agency, "person": _person, "station": _station, "root": _root,
    "element": _element, "mended": _mended,
}  # fmt: skip


def _add_command(verb: str, shape: type[Body] | None) -> None:
    """Give a command its address, with the shape of its body."""

    def with_body(request: HttpRequest, number: str, body: Any) -> HttpResponse:
        return _give(request, number, verb, body)

    def without_body(request: HttpRequest, number: str) -> HttpResponse:
        return _give(request, number, verb, None)

    view: Callable[..., HttpResponse] = with_body if shape else without_body
    view.__annotations__ = {"request": HttpRequest, "number": str, **({"body": shape} if shape else {})}
    rule = COMMANDS[verb]
    staff = sorted(rule.roles - {"system", "public"})
    view.__doc__ = " ".join([
        (shape.__doc__ or "") if shape else "",
        f"From {', '.join(sorted(rule.from_states))}.",
        f"For {', '.join(staff)}{' of the responsible unit' if rule.own_unit else ''}.",
    ]).strip()  # fmt: skip
    router.add_api_operation(
        f"/matters/{{number}}/commands/{verb}",
        ["POST"],
        view,
        response=shapes.Given,
        operation_id=f"{verb}_matter",
        summary=f"Command: {verb}",
        tags=["commands"],
    )


for _verb, _shape in shapes.BODIES.items():
    _add_command(_verb, _shape)
