"""A jurisdiction is a station; its id is the station's code."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jishi.exchange.open311.problems import Problem
from jishi.stations.models import Station


def station_of(code: str) -> Station:
    """The station of this code; where there is one station only, it need not be named.  Raises :class:`Problem`."""
    code = code.strip().replace("\0", "")
    if code:
        found = Station.objects.filter(code=code).first()
        if found is None:
            raise Problem(404, _("jurisdiction_id “%(code)s” was not found.") % {"code": code[:40]})
        return found
    stations = list(Station.objects.order_by("code")[:2])
    if len(stations) != 1:
        raise Problem(400, _("jurisdiction_id was not provided: there are several stations here."))
    return stations[0]
