"""Every read of endpoints; what a person manages starts from :func:`managed_by`."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from jishi.base.errors import Refused
from jishi.notify.channels.config import SECRETS, config_of
from jishi.notify.channels.parcel import Failed
from jishi.notify.models import Endpoint, EndpointKind
from jishi.stations.models import Bureau, Staff, Station
from jishi.stations.queries import administered_bureaux, administered_by


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom an endpoint can be set up: a station, or all stations of a bureau (``station`` None)."""

    bureau: Bureau
    station: Station | None

    @property
    def key(self) -> str:
        """What a form sends for it."""
        return f"station-{self.station.pk}" if self.station else f"bureau-{self.bureau.pk}"

    def __str__(self) -> str:
        return str(self.station or self.bureau)


def managed_by(user: Staff) -> QuerySet[Endpoint]:
    """The endpoints of the stations and the bureaux that this person manages."""
    mine = Q(station__in=administered_by(user)) | Q(station=None, bureau__in=administered_bureaux(user))
    return Endpoint.objects.filter(mine).select_related("station", "bureau", "agency")


def used_by(user: Staff) -> QuerySet[Endpoint]:
    """The endpoints of the bureaux above that a station's administrator sees and does not manage."""
    above = administered_by(user).values("bureau")
    theirs = Endpoint.objects.filter(station=None, bureau__in=above).exclude(bureau__in=administered_bureaux(user))
    return theirs.select_related("bureau", "agency")


def owners_for(user: Staff, here: Station | None) -> list[Owner]:
    """For whom this person may set up an endpoint; the station where they are now stands first."""
    stations = administered_by(user).select_related("bureau").order_by("code")
    found = [Owner(station.bureau, station) for station in stations]
    found.sort(key=lambda owner: owner.station != here)
    return [*found, *(Owner(bureau, None) for bureau in administered_bureaux(user))]


def check_administrator(user: Staff, here: Station | None) -> list[Owner]:
    """For whom this person may set up an endpoint.  Raises ``Refused("not_allowed")`` when for nobody."""
    owners = owners_for(user, here)
    if not owners:
        raise Refused("not_allowed", command="channels")
    return owners


def shown_config(endpoint: Endpoint) -> dict[str, str]:
    """What of a configuration may be shown again: no secret, and of an address its host alone."""
    try:
        config = config_of(endpoint)
    except Failed:
        return {}
    hidden = SECRETS[EndpointKind(endpoint.kind)]
    return {name: str(value) for name, value in config.items() if name not in hidden}
