"""What the filters and the forms of this room offer."""

from __future__ import annotations

from jishi.register.catalogue import sorts
from jishi.stations import queries as stations
from jishi.stations.models import Staff, Station


def category_rows(*, active: bool = False) -> list[tuple[str, str, int]]:
    """All categories as a tree: code, name, depth; each stands right below what it belongs to."""
    known = {code: sort.category for code, sort in sorts().items() if sort.category.active or not active}
    children: dict[str | None, list[str]] = {}
    for code, category in known.items():
        children.setdefault(category.parent_id if category.parent_id in known else None, []).append(code)
    found: list[tuple[str, str, int]] = []

    def walk(code: str, depth: int) -> None:
        found.append((code, known[code].name, depth))
        for child in children.get(code, ()):
            walk(child, depth + 1)

    for top in children.get(None, ()):
        walk(top, 0)
    return found


def area_choices(user: Staff, station: Station) -> list[tuple[int, str]]:
    """The areas of the station."""
    return list(stations.areas_of(user, station).values_list("pk", "name"))
