"""Every write to a matter.  All of them end in :func:`apply`: one transaction that changes, records and queues."""

from jishi.matters.actions.apply import Applied, actor_of, apply
from jishi.matters.actions.door import Door, PublicDoor
from jishi.matters.actions.parties import purge_parties, reveal_party
from jishi.matters.actions.report import PartyInput, Place, report_matter
from jishi.matters.actions.verbs import bulk, drop_view, give, save_view

__all__ = [
    "Applied",
    "Door",
    "PartyInput",
    "Place",
    "PublicDoor",
    "actor_of",
    "apply",
    "bulk",
    "drop_view",
    "give",
    "purge_parties",
    "report_matter",
    "reveal_party",
    "save_view",
]
