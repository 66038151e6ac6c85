"""Every read of Open311: what is offered, what everybody may know of requests and their updates, and the keys."""

from jishi.exchange.open311.queries.counterparts import Side, side_of, sides_of, visible_errands
from jishi.exchange.open311.queries.jurisdictions import station_of
from jishi.exchange.open311.queries.keys import key_of, keys_of, posted_since
from jishi.exchange.open311.queries.requests import behind_token, one_request, requests_at, status_of, w3c
from jishi.exchange.open311.queries.services import Offer, changed_at, offer, offers
from jishi.exchange.open311.queries.updates import updates_at

__all__ = [
    "Offer", "Side", "behind_token", "changed_at", "key_of", "keys_of", "offer", "offers", "one_request",
    "posted_since", "requests_at", "side_of", "sides_of", "station_of", "status_of", "updates_at", "visible_errands",
    "w3c",
]  # fmt: skip
