"""What the codes say by which a delivery failed, and the rules by which a channel of the station is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from jishi.notify import kinds
from jishi.notify.actions.telling import BY_AGENCY, BY_ENDPOINT
from jishi.notify.channels.words import says

_reasons: dict[str, Any] = {}


def register(reasons: Mapping[str, Any]) -> None:
    """Add sentences for codes of failures: what happened, and what to do."""
    _reasons.update(reasons)


def words(code: str) -> str:
    """Why a delivery failed, in the active language."""
    known = _reasons.get(code)
    return str(known) if known else says(code)


register(
    {
        "no_channel": gettext_lazy("There is no such channel here. Set one up, then retry."),
        "unknown_kind": gettext_lazy("This kind of notice is not known any more. Give it up."),
        "nothing_to_say": gettext_lazy("What it was about is not there any more."),
        "account_closed": gettext_lazy("The account is closed."),
        "gone": gettext_lazy("There is nobody at that address any more."),
    }
)
kinds.register_rules(
    {
        BY_ENDPOINT: gettext_lazy("This channel of the station is told of such notices."),
        BY_AGENCY: gettext_lazy("The matter was referred to this agency, which is told by this channel."),
    }
)
