"""Every read of this room.  What a person sees starts from :func:`visible_to`."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from jishi.geo import polygons
from jishi.stations import crew
from jishi.stations.access import NO_ACCESS, Access, access_of, administered_by, visible_to
from jishi.stations.models import (
    Agency,
    AgencyKey,
    ApiToken,
    Area,
    Bureau,
    CalendarVersion,
    Post,
    Role,
    Staff,
    Station,
    Unit,
)
from jishi.stations.remember import Remembered
from jishi.stations.tokens import token_owner
from jishi.worktime import Calendar

__all__ = [
    "NO_ACCESS",
    "Access",
    "access_of",
    "administered_agencies",
    "administered_agency_keys",
    "administered_areas",
    "administered_bureaux",
    "administered_by",
    "administered_posts",
    "administered_units",
    "agencies_of",
    "agency_with_key",
    "area_at",
    "areas_of",
    "calendar_of",
    "calendar_version",
    "colleagues_of",
    "desk_of",
    "forget",
    "leads_of",
    "manageable_staff",
    "manages_account",
    "newest_version",
    "posts_of",
    "station_named",
    "token_owner",
    "tokens_of",
    "units_of",
    "visible_bureaux",
    "visible_to",
    "zone_of",
]

Someone = Staff | AnonymousUser


def visible_bureaux(user: Someone) -> QuerySet[Bureau]:
    """The bureaux that this person has a post at, and those above the stations they see."""
    access = access_of(user)
    above = {station.bureau_id for station in access.stations}
    return Bureau.objects.filter(pk__in=access.bureau_ids | above)


def administered_bureaux(user: Someone) -> QuerySet[Bureau]:
    """The bureaux that this person manages."""
    return Bureau.objects.filter(pk__in=access_of(user).bureaux_with(Role.ADMINISTRATOR))


def areas_of(user: Someone, station: Station | None = None) -> QuerySet[Area]:
    """The areas that this person sees, without their outlines; of one station, or of all."""
    return Area.objects.filter(station__in=_stations(user, station)).defer("polygon").order_by("station", "code")


def units_of(user: Someone, station: Station | None = None) -> QuerySet[Unit]:
    """The working units that this person sees; of one station, or of all."""
    return Unit.objects.filter(station__in=_stations(user, station), active=True).order_by("station", "code")


def agencies_of(user: Someone, station: Station | None = None) -> QuerySet[Agency]:
    """The outside agencies that this person may refer to; those of one station's bureau, or all."""
    bureaux = _stations(user, station).values("bureau")
    return Agency.objects.filter(bureau__in=bureaux, active=True).order_by("code")


def colleagues_of(user: Someone, station: Station, unit: Unit | None = None) -> QuerySet[Staff]:
    """The active staff with a post at this station, or in this unit of it."""
    at = Q(posts__station__in=_stations(user, station))
    if unit is not None:
        at &= Q(posts__unit=unit)
    return Staff.objects.filter(at, is_active=True).distinct().order_by("username")


def administered_units(user: Someone) -> QuerySet[Unit]:
    """The units of the stations that this person manages, also those that work no more."""
    return Unit.objects.filter(station__in=administered_by(user))


def administered_areas(user: Someone) -> QuerySet[Area]:
    """The areas of the stations that this person manages."""
    return Area.objects.filter(station__in=administered_by(user))


def administered_agencies(user: Someone) -> QuerySet[Agency]:
    """The outside agencies of the bureaux that this person manages."""
    return Agency.objects.filter(bureau__in=administered_bureaux(user))


def administered_agency_keys(user: Someone) -> QuerySet[AgencyKey]:
    """The keys of the outside agencies of the bureaux that this person manages."""
    return AgencyKey.objects.filter(agency__in=administered_agencies(user))


def agency_with_key(raw: str, now: datetime) -> AgencyKey | None:
    """The key that this is, with its agency; None for one unknown, expired or revoked, or of an agency that is no more."""  # noqa: E501
    rows = AgencyKey.objects.select_related("agency").filter(
        digest=hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest(), revoked_at=None, expires_at__gt=now,
        agency__active=True,
    )  # fmt: skip
    return rows.first()


def administered_posts(user: Someone) -> QuerySet[Post]:
    """The posts at the stations and bureaux that this person manages."""
    return Post.objects.filter(Q(station__in=administered_by(user)) | Q(bureau__in=administered_bureaux(user)))


def manages_account(user: Someone, staff: Staff) -> bool:
    """Whether all posts of an account are at what this person manages: then they may close it or set its password."""
    managed = administered_posts(user).values("pk")
    return staff.posts.exists() and not staff.posts.exclude(pk__in=managed).exists()


def manageable_staff(user: Someone) -> QuerySet[Staff]:
    """The accounts that an administrator sees: those with a post at a station or bureau that they manage."""
    return Staff.objects.filter(
        Q(posts__station__in=administered_by(user)) | Q(posts__bureau__in=administered_bureaux(user))
    ).distinct()


def desk_of(station_id: int) -> Unit:
    """The desk of a station, which owns whatever nobody else owns."""
    return Unit.objects.get(station_id=station_id, kind="desk")


def tokens_of(staff: Staff) -> QuerySet[ApiToken]:
    """A person's own API tokens, the newest first."""
    return ApiToken.objects.filter(staff=staff).order_by("-created_at")


def posts_of(staff: Staff) -> QuerySet[Post]:
    """A person's own posts, those at a bureau first."""
    return Post.objects.filter(staff=staff).select_related("unit", "station", "bureau").order_by("bureau", "pk")


def leads_of(units: Iterable[int]) -> Mapping[int | None, list[str]]:
    """Who leads these units, by name."""
    found: defaultdict[int | None, list[str]] = defaultdict(list)
    rows = Post.objects.filter(unit__in=list(units), lead=True, staff__is_active=True).order_by("staff__username")
    for unit, name in rows.values_list("unit_id", "staff__name"):
        found[unit].append(name)
    return found


def zone_of(station: Station | None) -> str:
    """The name of a station's time zone."""
    return (station.time_zone if station else "") or settings.TIME_ZONE


def station_named(code: str) -> Station:
    """The station of this code, with its bureau; looked up again once a minute.  Raises ``Station.DoesNotExist``."""
    return _by_code.get(code)


def calendar_of(station: Station) -> Calendar:
    """The newest working calendar, in the station's zone; looked up again once a minute."""
    return calendar_version(newest_version(), zone_of(station))


def newest_version() -> int:
    """The number of the newest calendar; looked up again once a minute."""
    return _newest.get(None)


def calendar_version(version: int, zone: str | None = None) -> Calendar:
    """One version of the working calendar, which never changes.  Raises ``CalendarVersion.DoesNotExist``."""
    return _calendars.get((version, zone or settings.TIME_ZONE))


def area_at(station_id: int, lon: float, lat: float) -> int | None:
    """The id of the station's area that holds this point; on a shared edge the one with the lower code."""
    for area_id, (west, south, east, north), polygon in _outlines.get(station_id):
        if west <= lon <= east and south <= lat <= north and polygons.contains(polygon, lon, lat):
            return area_id
    return None


def forget() -> None:
    """Look at the database anew: after a write, and between tests."""
    for cache in (_newest, _calendars, _outlines, _by_code, crew):
        cache.forget()


def _stations(user: Someone, station: Station | None) -> QuerySet[Station]:
    return visible_to(user) if station is None else visible_to(user).filter(pk=station.pk)


def _load_newest(_key: None) -> int:
    return CalendarVersion.objects.values_list("version", flat=True).order_by("-version")[:1].get()


def _load_calendar(key: tuple[int, str]) -> Calendar:
    version, zone = key
    row = CalendarVersion.objects.get(version=version)
    return Calendar.from_data(
        version, ZoneInfo(zone).key, hours=row.hours, weekdays=row.weekdays, days=row.days, known_years=row.known_years
    )


Outline: TypeAlias = "tuple[int, tuple[float, float, float, float], polygons.Shape]"


def _load_outlines(station_id: int) -> list[Outline]:
    rows = Area.objects.filter(station_id=station_id, polygon__isnull=False).order_by("code", "pk")
    shapes = ((pk, polygons.prepare(polygons.parse(polygon))) for pk, polygon in rows.values_list("pk", "polygon"))
    return [(pk, polygon.bounds, polygon) for pk, polygon in shapes]


_newest: Remembered[None, int] = Remembered(_load_newest)
_calendars: Remembered[tuple[int, str], Calendar] = Remembered(_load_calendar, seconds=float("inf"))
_by_code: Remembered[str, Station] = Remembered(lambda code: Station.objects.select_related("bureau").get(code=code))
_outlines: Remembered[int, list[Outline]] = Remembered(_load_outlines)
