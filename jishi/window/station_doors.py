"""The doors of a station's home that the station's part brings."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jishi.stations.models import Station
from jishi.window.doors import Door, register_door
from jishi.window.queries.notices import shown_at
from jishi.window.queries.services import services_at
from jishi.window.queries.survey import areas_asked


def _books(station: Station) -> bool:
    return any(each.booked for each in services_at(station))


def _tells(station: Station) -> bool:
    return shown_at(station.pk, timezone.now()).exists()


for door in (
    Door(
        "notices", 30, _("Notices of the station"), _("What the station tells everybody here."), "window:notices",
        "broadcast", when=_tells,
    ),
    Door(
        "services", 40, _("Services at the counter"), _("What to bring, what it costs, and how long it takes."),
        "window:services", "list", when=lambda station: bool(services_at(station)),
    ),
    Door(
        "appointments", 41, _("Book a place at the counter"), _("A half hour and a queue number; no name."),
        "window:appointments", "clock", when=_books,
    ),
    Door(
        "figures", 60, _("How the station is doing"),
        _("How much came in, how fast it was answered, and what people say of it."), "window:figures", "columns",
    ),
    Door(
        "survey", 61, _("Do you feel safe here?"), _("Five questions, one minute, no name."), "window:survey",
        "shield", when=lambda station: bool(areas_asked(station.pk)),
    ),
):  # fmt: skip
    register_door(door)
