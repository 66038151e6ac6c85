"""Bureaux, stations, units, agencies, areas."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.stations.actions.common import check, look_again
from jishi.stations.models import MORNING, Agency, Area, Bureau, Station, Unit, UnitKind

FIRST_BUREAU = "bureau"


def create_bureau(*, code: str, name: str) -> Bureau:
    """Make a bureau, the tenant above a set of stations."""
    bureau = Bureau(code=code, name=name)
    check(bureau)
    bureau.save()
    return bureau


@transaction.atomic
def create_station(*, bureau: Bureau, code: str, name: str, time_zone: str = "", morning: time = MORNING) -> Station:
    """Make a station with the units that the loop cannot do without: a desk, a checking unit and a command."""
    station = Station(bureau=bureau, code=code, name=name, time_zone=time_zone, morning=morning)
    check(station)
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


def rename(place: Bureau | Station) -> None:
    """Keep a changed name, time zone or morning of a bureau or a station."""
    check(place)
    place.save()
    look_again()


def save_unit(unit: Unit) -> Unit:
    """Add or change a unit; the desk stays the desk.  Raises ``ValidationError``."""
    check(unit)
    unit.save()
    look_again()
    return unit


def save_agency(agency: Agency) -> Agency:
    """Add or change an outside agency.  Raises ``ValidationError``."""
    check(agency)
    agency.save()
    return agency


@transaction.atomic
def save_area(area: Area) -> Area:
    """Add or change an area; points are placed by the new outline from now on."""
    check(area)
    area.save()
    look_again()
    return area


@transaction.atomic
def remove_area(area: Area) -> None:
    """Take away an area that nothing points at.  Raises ``ProtectedError``."""
    area.delete()
    look_again()
