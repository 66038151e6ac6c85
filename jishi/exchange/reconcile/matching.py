"""Finds the element that a row of a list is about: by its number, by what was decided before, by likeness.

Likeness proposes and never decides: such rows wait under "perhaps the same" until somebody says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from jishi.exchange.models import ReconcileList, ReconcileRow, RowKind, RowOutcome
from jishi.exchange.reconcile.comparing import differences
from jishi.exchange.reconcile.reading import ListFigures, Said
from jishi.register.models import Element
from jishi.register.queries import similar

CHUNK = 500
#: What was decided on a row that tells which element its key is.
_TELLING = (RowOutcome.CREATED, RowOutcome.VERIFIED, RowOutcome.CORRECTED)


def rows_for(list_: ReconcileList, said: Iterable[Said], figures: ListFigures) -> Iterator[ReconcileRow]:
    """The rows of a comparison, unsaved: what the list says, then what the register has and the list does not."""
    taken: set[int] = set()
    categories: set[str] = set()
    unknown: list[Said] = []
    for part in _chunks(said, CHUNK):
        known = _known(list_, [each.key for each in part])
        for each in part:
            categories.add(each.category)
            element = known.get(each.key)
            if element is not None and element.pk not in taken:
                taken.add(element.pk)
                yield _row(list_, each, element)
            elif each.values.get("status") == "closed":
                figures.gone += 1  # closed there and never known here: nothing to do
            else:
                unknown.append(each)
    yield from _by_likeness(list_, unknown, taken)
    list_.categories = sorted(categories - {""})
    yield from _ours(list_, taken)


def _row(list_: ReconcileList, said: Said, element: Element | None, **more: Any) -> ReconcileRow:
    told = asdict(said)
    del told["key"]
    if element is None:
        kind = RowKind.THEIRS
    else:
        kind = RowKind.DIFFERING if differences(told, element) else RowKind.SAME
    return ReconcileRow(**{"of_list": list_, "kind": kind, "key": said.key, "said": told, "element": element, **more})


def _known(list_: ReconcileList, keys: list[str]) -> dict[str, Element]:
    """The elements that bear these numbers, or that earlier lists of the source were found to mean by them."""
    found: dict[str, Element] = {}
    earlier = ReconcileRow.objects.filter(
        key__in=keys, of_list__station=list_.station_id, of_list__source=list_.source, outcome__in=_TELLING
    )
    for row in earlier.select_related("element__merged_into").order_by("decided_at", "pk"):
        if row.element is not None:
            found[row.key] = row.element
    numbered = Element.objects.filter(station=list_.station_id, source=list_.source, external_id__in=keys)
    for element in numbered.select_related("merged_into"):
        found[str(element.external_id)] = element
    return {key: _living(element) for key, element in found.items()}


def _living(element: Element) -> Element:
    """The element itself, or the one that it was merged into in the end."""
    while element.merged_into is not None:
        element = element.merged_into
    return element


def _by_likeness(list_: ReconcileList, unknown: list[Said], taken: set[int]) -> Iterator[ReconcileRow]:
    """Each row with the element that is likeliest the same, the likeliest pairs first, each element once."""
    pairs: list[tuple[int, int, Any]] = []
    for place, said in enumerate(unknown):
        values = said.values
        point = None if values.get("lon") is None else (values["lon"], values["lat"])
        name, address = str(values.get("name", "")), str(values.get("address", ""))
        found = similar(
            list_.by, list_.station_id, name=name, address=address, category=said.category, point=point
        )  # fmt: skip
        pairs += [(likely.score, place, likely) for likely in found if likely.element.pk not in taken]
    proposed: dict[int, Any] = {}
    for _score, place, likely in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if place not in proposed and likely.element.pk not in taken:
            taken.add(likely.element.pk)
            proposed[place] = likely
    for place, said in enumerate(unknown):
        likely = proposed.get(place)
        if likely is None:
            yield _row(list_, said, None)
        else:
            more = {"kind": RowKind.ALIKE, "score": likely.score, "alike": list(likely.reasons)}
            yield _row(list_, said, likely.element, **more)


def _ours(list_: ReconcileList, taken: set[int]) -> Iterator[ReconcileRow]:
    """The standing elements of the list's categories, within its area, that the list does not have."""
    rows = Element.objects.filter(station=list_.station_id, status="active", category__in=list_.categories)
    if list_.area_id is not None:
        rows = rows.filter(area=list_.area_id)
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        if pk not in taken:
            yield ReconcileRow(of_list=list_, kind=RowKind.OURS, element_id=pk)


def _chunks(items: Iterable[Said], size: int) -> Iterator[list[Said]]:
    part: list[Said] = []
    for item in items:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
