"""The kinds of notices and the rules by which somebody is told, by registry: this room knows no matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jishi.notify.models import Notice


@dataclass(frozen=True, slots=True)
class Message:
    """What a notice says, in the reader's language: this much and no more leaves the house.

    ``title`` says what happened ("Pushed to you"), ``number``, ``category`` and ``place`` say of what, ``due`` is the
    moment that its clock runs to and ``owed`` what is owed by then, ``path`` the address inside Jishi.
    """

    title: str
    path: str
    number: str = ""
    category: str = ""
    place: str = ""
    due: datetime | None = None
    owed: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    ``group`` is what a member of staff sets channels for; ``write`` makes messages of notices, many at once, in the
    active language.  ``urgent`` ones ignore quiet hours whatever their grade; ``personal`` ones are for the people
    named alone, and go to no robot or webhook.
    """

    code: str
    label: Any
    group: str
    write: Callable[[list[Notice]], Mapping[int, Message]]
    urgent: bool = False
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Notices that a member of staff chooses channels for together; ``usual`` holds where nothing is chosen."""

    code: str
    label: Any
    usual: frozenset[str]
    order: int = 50


_kinds: dict[str, Kind] = {}
_groups: dict[str, Group] = {}
_rules: dict[str, Any] = {}


def register(*kinds: Kind) -> None:
    """Add kinds of notices; the same code again replaces one."""
    _kinds.update((kind.code, kind) for kind in kinds)


def register_group(*groups: Group) -> None:
    """Add groups of notices."""
    _groups.update((group.code, group) for group in groups)


def register_rules(rules: Mapping[str, Any]) -> None:
    """Add the sentences that say why somebody is told, by the code of the rule: "You lead the unit that …"."""
    _rules.update(rules)


def kind_of(code: str) -> Kind:
    """The kind with this code.  Raises ``LookupError``."""
    return _kinds[code]


def knows(code: str) -> bool:
    """Whether a kind with this code is registered."""
    return code in _kinds


def group_of(kind: Kind) -> Group:
    """The group that a kind belongs to."""
    return _groups[kind.group]


def all_kinds() -> list[Kind]:
    """Every kind, in the order of their groups."""
    return sorted(_kinds.values(), key=lambda kind: (_groups[kind.group].order, kind.code))


def groups() -> list[Group]:
    """Every group, in order."""
    return sorted(_groups.values(), key=lambda group: (group.order, group.code))


def why(rule: str) -> str:
    """The sentence of a rule, in the active language; empty for one that no room knows any more."""
    return str(_rules.get(rule, ""))


def moment_of(facts: Mapping[str, Any], name: str) -> datetime | None:
    """A moment among the facts of a notice."""
    text = facts.get(name)
    return datetime.fromisoformat(text) if text else None
