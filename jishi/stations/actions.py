"""Every write of this room, one verb each."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.stations import queries
from jishi.stations.models import ApiToken, Area, Bureau, CalendarVersion, Post, Role, Staff, Station, Unit, UnitKind
from jishi.worktime import Calendar, seed

LONGEST_TOKEN_DAYS = 365
KEY_PREFIX = "jishi_"
FIRST_BUREAU = "bureau"


# Bureaux, stations, areas


def create_bureau(*, code: str, name: str) -> Bureau:
    """Make a bureau, the tenant above a set of stations."""
    bureau = Bureau(code=code, name=name)
    _check(bureau)
    bureau.save()
    return bureau


@transaction.atomic
def create_station(*, bureau: Bureau, code: str, name: str, time_zone: str = "") -> Station:
    """Make a station with the units that the loop cannot do without: a desk, a checking unit and a command."""
    station = Station(bureau=bureau, code=code, name=name, time_zone=time_zone)
    _check(station)
    station.save()
    add_standing_units(station)
    return station


@transaction.atomic
def add_standing_units(station: Station) -> None:
    """Give a station its desk, checking unit and command where they are missing."""
    kinds = set(station.units.values_list("kind", flat=True))
    with translation.override(settings.LANGUAGE_CODE):
        names = {
            UnitKind.DESK: ("desk", _("Duty desk")),
            UnitKind.CHECKING: ("checking", _("Checking team")),
            UnitKind.COMMAND: ("command", _("Station command")),
        }
        for kind, (code, name) in names.items():
            if kind not in kinds:
                Unit.objects.create(station=station, code=code, name=name, kind=kind)


@transaction.atomic
def save_area(area: Area) -> Area:
    """Add or change an area; points are placed by the new outline from now on."""
    _check(area)
    area.save()
    _look_again()
    return area


# Staff and posts


@transaction.atomic
def create_staff(
    *, username: str, name: str, password: str | None, posts: Iterable[Mapping[str, Any]], **fields: Any
) -> Staff:
    """Make an account with its posts; the password has to keep the rules.  Raises ``ValidationError``."""
    staff = Staff(username=username, name=name, **fields)
    _check(staff, exclude={"password"})
    if password is not None:
        validate_password(password, staff)
    staff.set_password(password)
    staff.save()
    for post in posts:
        give_post(staff, **post)
    return staff


def give_post(
    staff: Staff, *, role: str, station: Station | None = None, unit: Unit | None = None, bureau: Bureau | None = None
) -> Post:
    """Give a member of staff a role: at a station, in a unit of it, or at a bureau above all its stations."""
    post = Post(staff=staff, role=role, station=station or (unit.station if unit else None), unit=unit, bureau=bureau)
    _check(post)
    post.save()
    staff.__dict__.pop("_access", None)
    return post


def take_post(post: Post) -> None:
    """Take a role away."""
    post.delete()
    post.staff.__dict__.pop("_access", None)


@transaction.atomic
def create_administrator(
    *, username: str, name: str, password: str, station_code: str | None = None, bureau_code: str | None = None
) -> Staff:
    """Make an administrator of one station, or of a bureau and all below it; a missing bureau is made.

    Raises ``Refused`` for an unknown station, for no code where there are several bureaux, and, with the reason, for an
    account name or a password against the rules.
    """
    try:
        if station_code:
            station = Station.objects.filter(code=station_code).first()
            if station is None:
                raise Refused("station_unknown", station=station_code)
            post: dict[str, Any] = {"station": station}
        else:
            post = {"bureau": ensure_bureau(bureau_code)}
        return create_staff(
            username=username, name=name, password=password, posts=[{"role": Role.ADMINISTRATOR, **post}]
        )
    except ValidationError as error:
        raise Refused("account_refused", reason=" ".join(error.messages)) from error


def ensure_bureau(code: str | None = None) -> Bureau:
    """The bureau of this code, made where it is missing; without a code the only one.  Raises ``Refused``."""
    if code is None:
        bureaux = list(Bureau.objects.all()[:2])
        if len(bureaux) > 1:
            raise Refused("which_bureau")
        if bureaux:
            return bureaux[0]
    found = Bureau.objects.filter(code=code or FIRST_BUREAU).first()
    if found is None:
        with translation.override(settings.LANGUAGE_CODE):
            found = create_bureau(code=code or FIRST_BUREAU, name=code or _("Bureau"))
    return found


def choose_language(staff: Staff, language: str) -> None:
    """Speak this language to this person, on every device."""
    if language not in dict(settings.LANGUAGES):
        raise Refused("unknown_language")
    Staff.objects.filter(pk=staff.pk).update(language=language)
    staff.language = language


# API tokens


def make_token(staff: Staff, *, label: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """Make an API token; its second half is the key itself, which is kept nowhere and shown once."""
    if not label.strip():
        raise Refused("label_missing")
    if not scopes or not set(scopes) <= set(ApiToken.Scope.values):
        raise Refused("unknown_scope")
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise Refused("token_too_long", days=LONGEST_TOKEN_DAYS)
    raw = KEY_PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken.objects.create(
        staff=staff,
        label=label.strip()[:60],
        digest=hashlib.sha256(raw.encode()).hexdigest(),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token, raw


def revoke_token(token: ApiToken) -> None:
    """Let this token open nothing any more."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


# The working calendar


@transaction.atomic
def publish_calendar(
    *, days: Mapping[str, int], known_years: Iterable[int], hours: Iterable[Sequence[str]], weekdays: Iterable[int]
) -> CalendarVersion:
    """Put a new version of the working calendar in force.  Earlier ones stay: clocks were computed with them."""
    hours, weekdays, known_years = [list(span) for span in hours], sorted(weekdays), sorted(known_years)
    try:
        Calendar.from_data(0, settings.TIME_ZONE, hours=hours, weekdays=weekdays, days=days, known_years=known_years)
    except (ValueError, TypeError, AttributeError) as error:
        raise ValidationError(str(error)) from error
    last = CalendarVersion.objects.aggregate(last=Max("version"))["last"] or 0
    calendar = CalendarVersion.objects.create(
        version=last + 1, days=dict(days), known_years=known_years, hours=hours, weekdays=weekdays
    )
    _look_again()
    return calendar


def ensure_calendar() -> None:
    """Put the first calendar in force where there is none: the published holidays and make-up workdays."""
    if not CalendarVersion.objects.exists():
        publish_calendar(
            days=seed.overrides(), known_years=seed.known_years(), hours=seed.HOURS, weekdays=seed.WEEKDAYS
        )


def _check(thing: Any, exclude: set[str] | None = None) -> None:
    thing.full_clean(exclude=exclude)


def _look_again() -> None:
    """Forget what this process remembers, now and once the change is in force."""
    queries.forget()
    transaction.on_commit(queries.forget)
