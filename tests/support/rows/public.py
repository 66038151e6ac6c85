"""What the public does to a matter, and the desk's mark of an urgent need, in the permission table."""

from __future__ import annotations

from typing import Any

from jishi.matters.actions import PublicDoor, apply
from jishi.matters.commands import BY_VERB
from jishi.matters.models import Matter
from jishi.matters.tests import factory

COMMANDS = """
mark_urgent    yes   yes    yes    -     -   -       -       -       -     yes    -
unmark_urgent  yes   yes    yes    -     -   -       -       -       -     yes    -
"""
GIVEN_IN = {"mark_urgent": "handling", "unmark_urgent": "urgent"}
#: Given by the public, through a receipt.
THROUGH_A_LINK = {"follow", "add", "dispute"}


def values(world: Any, verb: str, api: bool) -> dict[str, Any]:
    """The fields of a command of ours."""
    return {} if verb == "mark_urgent" else {"reason": "情况已缓解"}


def urgent(house: factory.House) -> Matter:
    """A matter that the desk confirmed as an urgent need."""
    return factory.give(house, factory.a_matter(house, "handling"), "mark_urgent")


def by_receipt(matter: Matter | int, verb: str, receipt: int = 1, **more: Any) -> None:
    """The public gives a command."""
    apply(matter, BY_VERB[verb](**more), by=None, door=PublicDoor(receipt))
