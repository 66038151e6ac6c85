"""The ways out of the house: one small module for each channel behind :func:`send`.

Addresses and secrets are opened inside, at sending; they are in no row in the clear and in no log.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone, translation

from jishi.notify.channels import vapid
from jishi.notify.channels.config import config_of
from jishi.notify.channels.parcel import Failed, Parcel, Reply
from jishi.notify.models import Channel, Delivery, Endpoint, EndpointKind
from jishi.stations.models import Staff, Station
from jishi.stations.queries import zone_of
from jishi.stations.remember import Remembered

__all__ = ["Failed", "Parcel", "channels_ready", "forget", "send", "send_through", "send_to"]

#: For so long a channel that another process changed may go unnoticed.
SECONDS = 15
#: A channel that works says so once in so long, which spares a write for every delivery.
_NOTED = timedelta(minutes=1)
_LONGEST = 120


def send(delivery: Delivery, parcel: Parcel) -> str:
    """Send one delivery by its channel; a short word for the log says how it was taken.  Raises ``Failed``."""
    station = _stations.get(parcel.station)
    with translation.override(parcel.language), timezone.override(zone_of(station)):
        match delivery.channel:
            case Channel.PUSH:
                from jishi.notify.channels import webpush  # takes long to load, and a web process may never push

                return webpush.deliver(_staff(delivery), parcel).word
            case Channel.EMAIL:
                return _noted(_of_station(station, EndpointKind.SMTP), parcel, _mail_address(delivery)).word
            case Channel.SMS:
                from jishi.notify.channels.sms import number_of

                return _noted(_of_station(station, EndpointKind.SMS), parcel, number_of(_staff(delivery))).word
            case Channel.WEBHOOK | Channel.ROBOT if delivery.endpoint is not None:
                return _noted(delivery.endpoint, parcel).word
    raise Failed("no_way", retry=False)


def send_to(channel: str, parcel: Parcel, to: str) -> str:
    """Send to an address of e-mail or a number that is no member of staff's, as :func:`send` does.  Raises ``Failed``."""  # noqa: E501
    station = _stations.get(parcel.station)
    kind = {Channel.EMAIL.value: EndpointKind.SMTP, Channel.SMS.value: EndpointKind.SMS}.get(channel)
    if kind is None:
        raise Failed("no_way", retry=False)
    with translation.override(parcel.language), timezone.override(zone_of(station)):
        return _noted(_of_station(station, kind), parcel, to).word


def send_through(endpoint: Endpoint, parcel: Parcel, to: str = "") -> Reply:
    """Send through one endpoint, in the language and zone that hold; ``to`` is the address or number of a person."""
    from jishi.notify.channels import robots, sms, smtp, webhook  # Apprise takes long to load

    config = config_of(endpoint)
    match endpoint.kind:
        case EndpointKind.SMTP:
            return smtp.deliver(config, parcel, to)
        case EndpointKind.SMS:
            return sms.deliver(config, parcel, to)
        case EndpointKind.WEBHOOK:
            return webhook.deliver(config, parcel)
    return robots.deliver(endpoint.kind, config, parcel)


def channels_ready(station_id: int) -> frozenset[str]:
    """The channels by which people of a station can be told: some need a mail server or a gateway."""
    found = _by_station.get(station_id)
    with_endpoint = {Channel.EMAIL: EndpointKind.SMTP, Channel.SMS: EndpointKind.SMS}
    ready = {channel.value for channel, kind in with_endpoint.items() if kind in found}
    return frozenset({Channel.APP.value, Channel.PUSH.value} | ready)


def forget() -> None:
    """Look at the endpoints and the key anew from now on."""
    _by_station.forget()
    _stations.forget()
    vapid.forget()


def _noted(endpoint: Endpoint, parcel: Parcel, to: str = "") -> Reply:
    """Send, and keep on the endpoint how that went."""
    if not endpoint.active:
        raise Failed("off", retry=False)
    try:
        reply = send_through(endpoint, parcel, to)
    except Failed as problem:
        note_failure(endpoint, problem)
        raise
    note_success(endpoint)
    return reply


def note_success(endpoint: Endpoint) -> None:
    """Keep that it works; written once a minute."""
    now = timezone.now()
    if endpoint.last_ok_at is None or endpoint.last_ok_at < now - _NOTED or endpoint.last_error:
        endpoint.last_ok_at, endpoint.last_error = now, ""
        Endpoint.objects.filter(pk=endpoint.pk).update(last_ok_at=now, last_error="")


def note_failure(endpoint: Endpoint, problem: Failed) -> None:
    """Keep the code word of what went wrong with the channel itself; what is gone is switched off."""
    if problem.recipient:
        return
    now = timezone.now()
    endpoint.last_error, endpoint.last_error_at = problem.code[:_LONGEST], now
    Endpoint.objects.filter(pk=endpoint.pk).update(last_error=endpoint.last_error, last_error_at=now)
    if problem.gone:
        from jishi.notify.endpoints.actions import switch

        switch(endpoint, on=False, by=None)


def _of_station(station: Station, kind: EndpointKind) -> Endpoint:
    """The mail server or gateway for a station: its own before its bureau's.  Raises ``Failed``."""
    found = _by_station.get(station.pk).get(kind)
    if found is None:
        raise Failed("no_endpoint", retry=False)
    return found


def _staff(delivery: Delivery) -> int:
    if delivery.staff_id is None:
        raise Failed("no_way", retry=False)
    return delivery.staff_id


def _mail_address(delivery: Delivery) -> str:
    address = Staff.objects.filter(pk=_staff(delivery), is_active=True).values_list("email", flat=True).first()
    return address or ""


def _load_station(code: str) -> Station:
    return Station.objects.only("id", "code", "time_zone", "bureau_id").get(code=code)


def _load_endpoints(station_id: int) -> dict[str, Endpoint]:
    bureau = Station.objects.filter(pk=station_id).values("bureau_id")
    rows = Endpoint.objects.filter(
        Q(station_id=station_id) | Q(station=None, bureau__in=bureau),
        active=True, agency=None, kind__in=[EndpointKind.SMTP, EndpointKind.SMS],
    ).order_by(F("station").asc(nulls_last=True), "pk")  # fmt: skip
    found: dict[str, Endpoint] = {}
    for row in rows:
        found.setdefault(row.kind, row)
    return found


_stations: Remembered[str, Station] = Remembered(_load_station)
_by_station: Remembered[int, dict[str, Endpoint]] = Remembered(_load_endpoints, SECONDS)
