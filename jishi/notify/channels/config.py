"""Where a channel leads and its secrets: sealed as one text, opened at sending."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from jishi.notify.channels.parcel import Failed
from jishi.notify.models import Endpoint, EndpointKind, PushSubscription
from jishi.privacy import Unreadable, open_sealed, seal

SLOT = "config"
#: What of a channel is secret: never shown again, and cut out of every answer that is shown.
SECRETS = {
    EndpointKind.SMTP: ("password",),
    EndpointKind.WEBHOOK: ("secret",),
    EndpointKind.WECOM: ("token",),
    EndpointKind.DINGTALK: ("token", "secret"),
    EndpointKind.FEISHU: ("token",),
    EndpointKind.SMS: ("secret",),
}
Config = Mapping[str, Any]


def config_of(endpoint: Endpoint) -> dict[str, Any]:
    """Where a channel leads.  Raises ``Failed`` when it cannot be opened.  Opened once for each object of a row."""
    sealed, opened = endpoint.__dict__.get("_opened", (None, {}))
    if sealed is None or sealed is not endpoint.config_sealed:
        opened = _open(("endpoint", endpoint.pk), endpoint.config_sealed)
        endpoint.__dict__["_opened"] = (endpoint.config_sealed, opened)
    return dict(opened)


def subscription_of(subscription: PushSubscription) -> dict[str, Any]:
    """Where an installed app is reached.  Raises ``Failed`` when it cannot be opened."""
    return _open(("subscription", subscription.pk), subscription.config_sealed)


def sealed(kind: str, pk: int, config: Config) -> bytes:
    """A configuration, sealed for this ``endpoint`` or ``subscription``."""
    return seal((kind, pk), SLOT, json.dumps(dict(config), ensure_ascii=False))


def _open(subject: tuple[str, int], given: bytes | memoryview | None) -> dict[str, Any]:
    if given is None:
        raise Failed("not_set_up", retry=False)
    try:
        found: dict[str, Any] = json.loads(open_sealed(subject, SLOT, bytes(given)))
    except Unreadable as error:
        raise Failed("unreadable", retry=False) from error
    return found
