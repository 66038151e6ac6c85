"""Reads a list of an authority through a map of the register: what it says of each key in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from jishi.exchange.grounds import register_ground
from jishi.exchange.reading import Rejection
from jishi.exchange.register_map import RegisterMap
from jishi.exchange.register_rows import PlaceMapper
from jishi.exchange.running import batches
from jishi.exchange.spool import Kept, Spool
from jishi.exchange.tables import open_table
from jishi.stations.models import Station

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Said:
    """What a list says of one key: tracked values and attributes; ``usual`` are those that only a new element takes."""

    key: str
    values: dict[str, Any]
    attributes: dict[str, Any]
    usual: dict[str, Any]

    @property
    def category(self) -> str:
        """The category, as said or by default."""
        return str(self.values.get("category") or self.usual.get("category") or "")

    @property
    def name(self) -> str:
        """The name, as said or made up of the category and the address."""
        return str(self.values.get("name") or self.usual.get("name") or "")


@dataclass
class ListFigures:
    """What became of the rows: ``read`` is always those kept under a key and those rejected."""

    read: int = 0
    kept: int = 0
    keys: int = 0
    gone: int = 0
    rejected_by: Counter[str] = field(default_factory=Counter)
    rejects: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The figures as they are kept."""
        rejected = self.rejected_by.total()
        return {**self.__dict__, "rejected_by": dict(self.rejected_by.most_common()), "rejected": rejected}


def read_list(
    path: Path, map_: RegisterMap, station: Station, name: str, now: datetime, figures: ListFigures,
    progress: Callable[[int], object],
) -> Iterator[Said]:  # fmt: skip
    """What the list says of each key in the end, in the order of the keys.

    Of several rows of one key a later one weighs more, and an empty cell says nothing.  Raises Refused where the file
    or the map cannot be used at all.
    """
    with open_table(path, map_.file, name) as table, Spool() as spool:
        mapper = PlaceMapper(map_, table.header, register_ground(station), now, geojson=table.format == "geojson")
        for batch in batches(table.rows()):
            for row in batch:
                found = mapper.read(row)
                if isinstance(found, Rejection):
                    figures.rejected_by[found.reason] += 1
                    if len(figures.rejects) < SHOWN:
                        figures.rejects.append({"row": row.number, "reason": found.reason, "column": found.column})
                    continue
                said = found.said
                order = said.at.timestamp() if said.at else 0.0
                spool.put(Kept(found.key, order, row.number, [said.values, said.attributes, found.fallback]))
                figures.kept += 1
            figures.read += len(batch)
            progress(figures.read)
        mapper.points.check_degrees()
        for group in spool.groups():
            figures.keys += 1
            yield _folded(group)


def _folded(group: list[Kept]) -> Said:
    said = Said(group[0].key, {}, {}, {})
    for kept in group:
        values, attributes, usual = kept.data
        said.values.update(values)
        said.attributes.update(attributes)
        said.usual.update(usual)
    return said
