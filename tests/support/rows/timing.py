"""Requests for more time, timers, small before big, in the permission table."""

from __future__ import annotations

from typing import Any

from jishi.matters.tests import factory

COMMANDS = """
request   yes   yes    -    yes     -   -       -       -       -     yes    -
refuse    yes   yes    -    -       -   -       -       -       -     yes    -
"""
GIVEN_IN = {"request": "handling", "refuse": "asked"}


def values(world: Any, verb: str, api: bool) -> dict[str, Any]:
    """The fields of a command of ours."""
    why = {"reason": "等待配件"}
    if verb == "refuse":
        return why
    return {"what": "extend", **({"minutes": 60} if api else {"amount": 1, "measure": "hours"}), **why}


def asked(house: factory.House) -> Any:
    """A matter whose unit asked for more time."""
    matter = factory.a_matter(house, "handling")
    return factory.give(house, matter, "request", by=house.officer, what="extend", minutes=60, reason="等待配件")
