"""What the counter of a station does: the catalogue, with what this station does differently."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from jishi.stations.models import Station
from jishi.stations.queries import calendar_of
from jishi.window.models import Service, StationService


@dataclass(frozen=True, slots=True)
class Offered:
    """A service as one station offers it; ``hours`` is empty where the working hours of the calendar hold."""

    service: Service
    where: str
    hours: str
    per_slot: int

    @property
    def bring(self) -> list[str]:
        """What to bring, thing by thing."""
        return [line.strip() for line in self.service.said("bring").splitlines() if line.strip()]

    @property
    def booked(self) -> bool:
        """Whether places are booked."""
        return self.per_slot > 0


def services_at(station: Station) -> list[Offered]:
    """The services of a station, in the order of the catalogue."""
    own = {row.service_id: row for row in StationService.objects.filter(station=station)}
    english = (get_language() or "").startswith("en")
    found = []
    for service in Service.objects.filter(active=True):
        here = own.get(service.pk)
        if here is None:
            found.append(Offered(service, "", "", service.per_slot))
        elif here.offered:
            per_slot = service.per_slot if here.per_slot is None else here.per_slot
            where = (here.where_en if english else here.where_zh) or here.where_zh
            hours = (here.hours_en if english else here.hours_zh) or here.hours_zh
            found.append(Offered(service, where, hours, per_slot))
    return found


def service_at(station: Station, code: str) -> Offered | None:
    """One service that the station offers."""
    return next((each for each in services_at(station) if each.service.pk == code), None)


def opening_of(station: Station) -> str:
    """When the counter is open, from the working calendar: "Monday to Friday, 08:30-12:00, 14:00-17:30"."""
    calendar = calendar_of(station)
    days = sorted(calendar.weekdays)
    names = [str(WEEKDAYS[day]) for day in days]
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        names = [_("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}]
    spans = [f"{_clock(opens)}-{_clock(closes)}" for opens, closes in calendar.hours]
    return pgettext("between hours", ", ").join([*names, *spans])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
