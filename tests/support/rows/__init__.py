"""The permission table's rows and the boundary's exceptions, one module for each part of the house that brings addresses.

A module may have: ``ADDRESSES`` (rows as in the table), ``SENT`` (what a POST sends, by name) or ``sent(world, name)``,
``arguments(world, name)`` (what stands in the address, None where the name is not its own), ``OF_STAFF`` (names that
belong to one member of staff), ``PUBLIC`` (names without a station), ``COMMANDS`` (rows of commands),
``GIVEN_IN`` and ``values(world, verb, api)`` for them, ``THROUGH_A_LINK`` (commands that nobody on staff gives), and the exceptions
``PERSON_COLUMNS``, ``OTHER_NAMES``, ``IN_ROUTES``, ``IN_API_QUERIES``, ``NAMED_ANSWERS``.
"""  # noqa: E501

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

#: Every module beside this one, by its name.
MODULES = tuple(import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))


def addresses() -> str:
    """The rows of all modules."""
    return "".join(getattr(module, "ADDRESSES", "").rstrip() for module in MODULES)


def commands() -> str:
    """The rows of commands of all modules."""
    return "".join(getattr(module, "COMMANDS", "").rstrip() for module in MODULES)


def arguments(world: Any, name: str) -> list[Any] | None:
    """What stands in the address of a name, by the module that knows it."""
    for module in MODULES:
        found: list[Any] | None = module.arguments(world, name) if hasattr(module, "arguments") else None
        if found is not None:
            return found
    return None


def sent(world: Any, name: str) -> dict[str, Any] | None:
    """What a POST to a name sends, by the module that knows it."""
    for module in MODULES:
        found: dict[str, Any] | None = getattr(module, "SENT", {}).get(name)
        if found is None and hasattr(module, "sent"):
            found = module.sent(world, name)
        if found is not None:
            return found
    return None


def values(world: Any, verb: str, api: bool) -> dict[str, Any] | None:
    """The fields of a command, by the module that brings it."""
    for module in MODULES:
        if verb in getattr(module, "GIVEN_IN", {}):
            found: dict[str, Any] = module.values(world, verb, api)
            return found
    return None


def given_in() -> dict[str, str]:
    """The state in which each command of the modules can be given."""
    return {verb: state for module in MODULES for verb, state in getattr(module, "GIVEN_IN", {}).items()}


def names(what: str) -> set[str]:
    """All that the modules say under one name, such as ``PERSON_COLUMNS``."""
    return {each for module in MODULES for each in getattr(module, what, ())}
