"""Every write to an endpoint; each is in the journal of every station that it is for, in codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.journal import actions as journal
from jishi.journal.queries import events_of
from jishi.notify import channels, ways
from jishi.notify.channels import signing
from jishi.notify.channels.config import Config, config_of, sealed
from jishi.notify.models import Endpoint, EndpointKind
from jishi.privacy import destroy_keys, refuse_personal
from jishi.stations.models import Agency, Bureau, Staff, Station

SUBJECT = "endpoint"
#: Kinds that sign what they send; their secret is made here, and shown once.
SIGNED = frozenset({EndpointKind.WEBHOOK, EndpointKind.SMS})


@transaction.atomic
def add_endpoint(
    *,
    bureau: Bureau,
    station: Station | None,
    kind: str,
    label: str,
    config: Config,
    by: Staff,
    kinds: Iterable[str] = (),
    least_grade: int = 4,
    agency: Agency | None = None,
) -> tuple[Endpoint, str]:
    """Set up an endpoint of a station, or of a bureau for all of its stations; a signing secret is returned once."""
    refuse_personal(label, field="label")
    secret = signing.new_secret() if kind in SIGNED else ""
    endpoint = Endpoint.objects.create(
        bureau=bureau, station=station, agency=agency, kind=kind, label=label, kinds=sorted(kinds),
        least_grade=least_grade,
    )  # fmt: skip
    whole = {**config, "secret": secret} if secret else config
    endpoint.config_sealed = sealed(SUBJECT, endpoint.pk, whole)
    Endpoint.objects.filter(pk=endpoint.pk).update(config_sealed=endpoint.config_sealed)
    _record(endpoint, "added", by, _facts(endpoint))
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    endpoint: Endpoint,
    *,
    label: str,
    config: Config,
    by: Staff,
    kinds: Iterable[str] = (),
    least_grade: int = 4,
    agency: Agency | None = None,
) -> Endpoint:
    """Change an endpoint; of ``config`` only what is given, so that a secret that is left empty stays."""
    refuse_personal(label, field="label")
    known = config_of(endpoint) if endpoint.config_sealed is not None else {}
    whole = {**known, **config}
    facts = {**_facts(endpoint), "where": whole != known}
    endpoint.label, endpoint.kinds, endpoint.least_grade, endpoint.agency = label, sorted(kinds), least_grade, agency
    endpoint.config_sealed = sealed(SUBJECT, endpoint.pk, whole)
    endpoint.save(update_fields=["label", "kinds", "least_grade", "agency", "config_sealed"])
    _record(endpoint, "changed", by, {**_facts(endpoint), "was": facts})
    return endpoint


@transaction.atomic
def renew_secret(endpoint: Endpoint, *, by: Staff) -> str:
    """Give a webhook or gateway a new signing secret, which is returned once; the old one signs no more."""
    if endpoint.kind not in SIGNED:
        raise Refused("endpoint_unsigned")
    secret = signing.new_secret()
    endpoint.config_sealed = sealed(SUBJECT, endpoint.pk, {**config_of(endpoint), "secret": secret})
    endpoint.save(update_fields=["config_sealed"])
    _record(endpoint, "secret", by, {})
    return secret


@transaction.atomic
def switch(endpoint: Endpoint, *, on: bool, by: Staff | None) -> bool:
    """Switch an endpoint on or off; ``by`` None: it said itself that it is no more.  Returns whether it was changed."""
    changed = bool(Endpoint.objects.filter(pk=endpoint.pk, active=not on).update(active=on))
    endpoint.active = on
    if changed:
        _record(endpoint, "on" if on else "off", by, {})
    return changed


@transaction.atomic
def delete_endpoint(endpoint: Endpoint, *, by: Staff) -> None:
    """Delete an endpoint that is off, with what was sent there; its secrets can be read no more."""
    if not Endpoint.objects.filter(pk=endpoint.pk, active=False).exists():
        raise Refused("endpoint_on")
    pk = endpoint.pk
    _record(endpoint, "deleted", by, _facts(endpoint))
    endpoint.delete()
    destroy_keys([(SUBJECT, pk)])


def _record(endpoint: Endpoint, what: str, by: Staff | None, payload: Mapping[str, Any]) -> None:
    """Write it into the journal of the station, or of every station of the bureau; the heads in order of their ids."""
    now = timezone.now()
    last = events_of(SUBJECT, endpoint.pk).aggregate(last=Max("subject_version"))["last"] or 0
    subject = (SUBJECT, endpoint.pk, last + 1)
    draft = journal.Draft(subject, f"endpoint.{what}", by.pk if by else None, now, payload)
    stations = Station.objects.filter(bureau_id=endpoint.bureau_id).order_by("pk").values_list("pk", flat=True)
    for station in [endpoint.station_id] if endpoint.station_id else list(stations):
        journal.append(station, [draft], now)
    transaction.on_commit(_forget)


def _forget() -> None:
    """Let this process see the change at once; others see it within seconds."""
    channels.forget()
    ways.forget()


def _facts(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "kind": endpoint.kind, "kinds": list(endpoint.kinds), "grade": endpoint.least_grade,
        "agency": endpoint.agency_id,
    }  # fmt: skip
