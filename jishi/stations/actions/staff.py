"""Accounts and posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from jishi.base.errors import Refused
from jishi.stations import crew
from jishi.stations.actions.common import check
from jishi.stations.actions.places import ensure_bureau
from jishi.stations.models import Bureau, Post, Role, Staff, Station, Unit


@transaction.atomic
def create_staff(
    *, username: str, name: str, password: str | None, posts: Iterable[Mapping[str, Any]], **fields: Any
) -> Staff:
    """Make an account with its posts; the password has to keep the rules.  Raises ``ValidationError``."""
    staff = Staff(username=username, name=name, **fields)
    check(staff, exclude={"password"})
    if password is not None:
        validate_password(password, staff)
    staff.set_password(password)
    staff.save()
    for post in posts:
        give_post(staff, **post)
    return staff


def save_account(staff: Staff) -> Staff:
    """Keep what an administrator changed of an account.  Raises ``ValidationError``."""
    check(staff, exclude={"password"})
    staff.save()
    crew.forget()
    return staff


def give_post(
    staff: Staff,
    *,
    role: str,
    station: Station | None = None,
    unit: Unit | None = None,
    bureau: Bureau | None = None,
    lead: bool = False,
) -> Post:
    """Give a member of staff a role: at a station, in a unit of it, or at a bureau above all its stations.

    With ``lead`` they lead the unit.
    """
    at = station or (unit.station if unit else None)
    post = Post(staff=staff, role=role, station=at, unit=unit, bureau=bureau, lead=lead)
    check(post)
    post.save()
    crew.forget()
    staff.__dict__.pop("_access", None)
    return post


def take_post(post: Post) -> None:
    """Take a role away."""
    post.delete()
    crew.forget()
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


def choose_language(staff: Staff, language: str) -> None:
    """Speak this language to this person, on every device."""
    if language not in dict(settings.LANGUAGES):
        raise Refused("unknown_language")
    Staff.objects.filter(pk=staff.pk).update(language=language)
    staff.language = language
