"""Reporting: how a matter comes into the loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.base.grams import grams_of
from jishi.base.sql import run
from jishi.base.writes import insert_row
from jishi.geo import cells, coordinates
from jishi.journal import actions as journal
from jishi.matters import catalogue, commands, events, loop, store, telling
from jishi.matters.actions.apply import Applied, actor_of, add_evidence, command_digest, element_at, replayed
from jishi.matters.actions.door import PublicDoor
from jishi.matters.actions.parties import PartyInput, add_parties
from jishi.matters.actions.words import write_words
from jishi.matters.models import Matter
from jishi.matters.replay import place_text
from jishi.privacy import refuse_personal
from jishi.stations.models import Staff, Station
from jishi.stations.queries import area_at, zone_of

__all__ = ["PartyInput", "Place", "next_number", "report_matter"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where: words, an area, a point, an element of the register, whose name, area and point are taken where none are given.

    ``lon`` and ``lat`` are degrees in ``datum`` (wgs84, gcj02, bd09, cgcs2000).
    """  # noqa: E501

    name: str = ""
    area: int | None = None
    lon: float | None = None
    lat: float | None = None
    datum: str = "wgs84"
    element: int | None = None


def report_matter(
    station: Station,
    *,
    by: Staff | None,
    title: str,
    category: str | None = None,
    grade: int = 0,
    place: Place | None = None,
    description: str = "",
    parties: Sequence[PartyInput] = (),
    channel: str = "desk",
    urgent: bool = False,
    key: str | None = None,
    uploads: Sequence[Any] = (),
    now: datetime | None = None,
    occurred_at: datetime | None = None,
    door: PublicDoor | None = None,
    number: str = "",
    savepoint: bool = True,
) -> Applied:
    """Report a matter at a station: it stands at the desk, and the clock to assess it runs.

    The public comes by its ``door``, and then ``by`` is None; ``urgent`` marks a need that the desk is to confirm.
    ``number`` is one that ``next_number`` gave out before, where the report has been given it already.
    Two calls at once with one ``key`` do it once.  Without ``savepoint`` whatever goes wrong undoes the caller's
    transaction as a whole; then the later of the two raises ``IntegrityError``, and the whole may be done again
    (``jishi.base.writes.twice``).
    Raises ``Refused``: ``missing``, ``not_allowed``, ``personal`` (title or place identifies a person),
    ``unknown_category``, ``area_elsewhere``, ``bad_point``, ``future``.
    """
    now, where = now or timezone.now(), place or Place()
    found = catalogue.category(category) if category else None
    command = commands.Report(
        category=category or None, grade=grade, hazard=bool(found and found.hazard),
        needs_photo=bool(found and found.needs_photo), station=station.pk, title=title.strip(), channel=channel,
        urgent=urgent, area=where.area, element=where.element,
    )  # fmt: skip
    digest = command_digest(command, station.pk, len(uploads))
    scoped = journal.scoped_key(door.scope if door else by.pk if by else None, key)
    done = replayed(scoped, digest)
    if done:
        return done
    if occurred_at is not None and occurred_at > now:
        raise Refused("future", field="occurred_at")
    try:
        with transaction.atomic(savepoint=savepoint):
            return _report(station, command, where, description, parties, uploads, by, now, occurred_at or now, scoped,
                           digest, door, number)  # fmt: skip
    except IntegrityError as error:
        done = replayed(scoped, digest) if scoped and not connection.needs_rollback else None
        if done is None:
            raise error
        return done


def _report(
    station: Station,
    command: commands.Report,
    place: Place,
    description: str,
    parties: Sequence[PartyInput],
    uploads: Sequence[Any],
    by: Staff | None,
    now: datetime,
    occurred_at: datetime,
    key: str | None,
    digest: str,
    door: PublicDoor | None,
    number: str,
) -> Applied:
    actor = door.actor if door else actor_of(by, station.pk)
    if not actor.roles:
        raise Refused("not_allowed", command="report")
    place = _of_element(station.pk, place)
    point = _point(station.pk, place)
    if point["area_id"] != command.area:
        command = replace(command, area=point["area_id"])
    refuse_personal(place.name, "place")
    event = loop.decide(None, command, actor, now, catalogue.rules_of(station.pk))
    state = loop.evolve(loop.State(station=station.pk, state="reported"), event)
    number = number or next_number(station, now)
    name = place.name[:120]
    matter_id = insert_row(Matter, {
        "number": number, "title": command.title, "place_name": name, "channel": command.channel,
        "grams": grams_of(number, command.title, place.name), "occurred_at": occurred_at, "reported_at": now,
        "clock_started": now, "version": state.version, "station_id": station.pk, **store.as_row(event.set), **point,
    })  # fmt: skip
    store.write_clocks(matter_id, event, state, now)
    words = {"title": command.title, **({"description": description} if description else {})}
    where = place_text(name, point["lon"], point["lat"], point["datum"])
    extra = {**write_words(matter_id, 1, words, now, place=where), "number": number, **(door.facts if door else {})}
    if parties:
        extra["parties"] = add_parties(matter_id, parties)
    if uploads:
        extra["evidence"] = add_evidence(matter_id, station.pk, 1, uploads, by)
    subject = (events.SUBJECT, matter_id, state.version)
    draft = journal.Draft(subject, "matter.reported", actor.id, occurred_at, events.encode(event, extra), key, digest)
    journal.append(station.pk, [draft], now)
    telling.tell_of(matter_id, None, event, state, actor, now)
    return Applied(matter_id, state.version, "reported", number=number)


def _of_element(station_id: int, place: Place) -> Place:
    """The place with what the register knows of its element, where nothing else was said."""
    if place.element is None:
        return place
    found = element_at(station_id, place.element)
    known = replace(place, name=place.name or found.name, area=place.area or found.area_id)
    return known if known.lon is not None else replace(known, lon=found.lon, lat=found.lat)


def _point(station_id: int, place: Place) -> dict[str, Any]:
    """The columns of the place: the point in WGS-84, its cell, and the area given or found around it."""
    area = catalogue.area_at(station_id, place.area) if place.area else None
    if place.lon is None or place.lat is None:
        return {"area_id": area, "lon": None, "lat": None, "cell": None, "datum": "wgs84"}
    if not (-180 <= place.lon <= 180 and -90 <= place.lat <= 90):
        raise Refused("bad_point", lon=place.lon, lat=place.lat)
    lon, lat = coordinates.to_wgs84(place.lon, place.lat, coordinates.Datum(place.datum))
    lon, lat = round(lon, 6), round(lat, 6)
    area = area or area_at(station_id, lon, lat)
    return {"area_id": area, "lon": lon, "lat": lat, "cell": cells.cell_of(lon, lat), "datum": place.datum}


def next_number(station: Station, now: datetime, count: int = 1) -> str:
    """The next number of the station's year, such as ``XH-2026-000123``; ``count`` takes a block and gives its first."""  # noqa: E501
    year = now.astimezone(ZoneInfo(zone_of(station))).year
    [(last,)] = run(
        "INSERT INTO matters_numbering (station_id, year, last) VALUES (%s, %s, %s) ON CONFLICT (station_id, year)"
        " DO UPDATE SET last = matters_numbering.last + excluded.last RETURNING last",
        [station.pk, year, count],
    )
    return f"{station.code}-{year}-{last - count + 1:06d}"
