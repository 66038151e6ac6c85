"""Folds what a list says, row after row, into the history of one element.  Pure.

An empty cell says nothing, so what is known stays.  A row older than what the same list said before changes no field;
when it verifies, that still counts.  A field that was corrected here since stays until the list says something new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jishi.register.history import EMPTY, Fields, difference

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


@dataclass(slots=True)
class Said:
    """What one row says of an element: ``values`` are tracked ones, ``attributes`` by code.

    ``at`` is when it was so (None: the list does not say), ``verified_at`` when somebody looked, where the row is a
    verification; ``digest`` stands for the content.
    """

    at: datetime | None
    digest: str
    values: dict[str, Any]
    attributes: dict[str, Any]
    verified_at: datetime | None = None


@dataclass(slots=True)
class Stand:
    """How an element stands: its tracked values with ``attributes``, and what the same list has said so far.

    ``said`` are the values that the list gave last, ``seen`` when the list had it verified, ``mark`` tells which row
    was the last one (see :func:`mark_of`).
    """

    values: dict[str, Any]
    version: int = 0
    verified_at: datetime | None = None
    mark: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    seen: set[datetime] = field(default_factory=set)


@dataclass(slots=True)
class Step:
    """One step of the history that follows."""

    kind: str
    version: int
    at: datetime
    fields: Fields
    verified: str = ""


@dataclass(slots=True)
class Folded:
    """The element after all rows, the steps that led there, and what became of each row."""

    stand: Stand
    steps: list[Step]
    outcomes: list[str]


def nothing(source: str, external_id: str) -> Stand:
    """How an element stands that is not there yet."""
    return Stand({**EMPTY, "source": source, "external_id": external_id, "attributes": {}})


def mark_of(said: Said) -> str:
    """Which row this was: its moment, to compare with those of later lists, and its content."""
    return f"{int(said.at.timestamp()) if said.at else ''}:{said.digest}"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a fold is set in: the moment of writing, each category's codes of attributes, the area around a point."""

    now: datetime
    codes: Mapping[str, frozenset[str]]
    area_at: Callable[[float, float], int | None]


def fold(stand: Stand, rows: Sequence[Said], fallback: Mapping[str, Any], setting: Setting) -> Folded:
    """Fold rows, in the order of their moments, into an element.

    ``fallback`` gives the values of a new element that its first row does not say.  Rows up to the one that the list
    ended with the last time are in already.
    """
    folded = Folded(stand, [], [])
    marks = [mark_of(said) for said in rows]
    there = max((place for place, mark in enumerate(marks) if mark == stand.mark), default=-1)
    for place, said in enumerate(rows):
        if stand.version == 0:
            _create(folded, said, marks[place], fallback, setting)
        else:
            newer = place > there and _is_newer(marks[place], stand.mark)
            folded.outcomes.append(_update(folded, said, newer, setting))
    return folded


def _create(folded: Folded, said: Said, mark: str, fallback: Mapping[str, Any], setting: Setting) -> None:
    stand = folded.stand
    empty = {**EMPTY, "attributes": {}}
    stand.values = _with({**stand.values, **fallback}, said, setting)
    folded.steps.append(Step("created", 1, said.at or setting.now, difference(empty, stand.values)))
    stand.version, stand.mark = 1, mark
    stand.said = {**said.values, **_attributes(said)}
    _verify(folded, said, {})
    folded.outcomes.append(CREATED)


def _update(folded: Folded, said: Said, newer: bool, setting: Setting) -> str:
    stand = folded.stand
    changed: Fields = {}
    if newer:
        after = _with(stand.values, _new_in(said, stand), setting)
        changed = difference(stand.values, after)
        stand.values, stand.mark = after, mark_of(said)
        stand.said = {**stand.said, **said.values, **_attributes(said)}
    at_once = said.verified_at is not None and said.verified_at == said.at and said.verified_at not in stand.seen
    if changed and not at_once:
        stand.version += 1
        folded.steps.append(Step(_kind(changed), stand.version, said.at or setting.now, changed))
    verified = _verify(folded, said, changed if at_once else {})
    return UPDATED if verified or changed else UNCHANGED


def _is_newer(mark: str, known: str) -> bool:
    """Whether a row comes after what the list said last; of rows of one moment the later in the file counts."""
    moment, _, digest = mark.partition(":")
    known_moment, _, known_digest = known.partition(":")
    if moment != known_moment:
        return not moment or not known_moment or int(moment) > int(known_moment)
    return digest != known_digest


def _new_in(said: Said, stand: Stand) -> Said:
    """The row without what the list said before: a correction made here stays."""
    before = stand.said
    return Said(
        said.at, said.digest,
        {name: value for name, value in said.values.items() if name not in before or before[name] != value},
        {
            code: value
            for code, value in said.attributes.items()
            if f"attributes.{code}" not in before or before[f"attributes.{code}"] != value
        },
    )  # fmt: skip


def _attributes(said: Said) -> dict[str, Any]:
    return {f"attributes.{code}": value for code, value in said.attributes.items()}


def _with(values: Mapping[str, Any], said: Said, setting: Setting) -> dict[str, Any]:
    """The values after a row: attributes that the category does not have fall away, a moved point finds its area."""
    after = {**values, **said.values}
    moved = (values["lon"], values["lat"]) != (after["lon"], after["lat"])
    if moved and "area" not in said.values:
        after["area"] = None
    if after["area"] is None and after["lon"] is not None:
        after["area"] = setting.area_at(after["lon"], after["lat"])
    if after["grade"] != values["grade"] and "reasons" not in said.values:
        after["reasons"] = []
    known = setting.codes[after["category"]]
    after["attributes"] = {
        code: value for code, value in {**values["attributes"], **said.attributes}.items() if code in known
    }
    return after


def _verify(folded: Folded, said: Said, changed: Fields) -> bool:
    """Add the row's verification with what it changed, unless the list told of it before."""
    stand, at = folded.stand, said.verified_at
    if at is None or at in stand.seen:
        return False
    stand.seen.add(at)
    stand.version += 1
    stand.verified_at = max(filter(None, (stand.verified_at, at)))
    result = (
        "gone" if "status" in changed and changed["status"][1] == "closed" else "corrected" if changed else "correct"
    )
    folded.steps.append(Step("verified", stand.version, at, changed, result))
    return True


def _kind(changed: Fields) -> str:
    after = changed["status"][1] if "status" in changed else ""
    return {"closed": "closed", "active": "reopened"}.get(after, "changed")
