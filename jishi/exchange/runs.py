"""Where the files of a run lie, what its map is, and how its first rows look: no writes to the database."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from jishi.exchange.grounds import matters_ground, register_ground
from jishi.exchange.mapping import MatterMap, read_map
from jishi.exchange.models import Run, What
from jishi.exchange.reading import Rejection
from jishi.exchange.register_map import RegisterMap, read_register_map
from jishi.exchange.register_rows import Place, PlaceMapper
from jishi.exchange.rows import Mapped, Mapper
from jishi.exchange.tables import open_table
from jishi.exchange.template import template_map
from jishi.stations.models import Station

SHOWN = 8
#: The file of a filled-in template with its wrong cells marked.
MARKED = "marked.xlsx"


def folder_of(run_id: int) -> Path:
    """The folder of a run's files: ``table``, ``map.toml``, ``rejects.csv``, ``marked.xlsx``."""
    return Path(settings.DATA_DIR) / "imports" / str(run_id)


def map_of(run: Run) -> MatterMap | RegisterMap:
    """What the columns of a run's table mean: by its map file, or by the template that was filled in."""
    folder = folder_of(run.pk)
    if run.template:
        return template_map(folder / "table", run.datum, run.name)
    path = folder / "map.toml"
    return read_register_map(path) if run.what == What.REGISTER else read_map(path)


def sample_of(path: Path, map_: MatterMap | RegisterMap, station: Station, name: str) -> list[dict[str, Any]]:
    """The first rows as they would come in, ready to show."""
    with open_table(path, map_.file, name) as table:
        now, geojson = timezone.now(), table.format == "geojson"
        if isinstance(map_, RegisterMap):
            places = PlaceMapper(map_, table.header, register_ground(station), now, geojson=geojson)
            return [_shown_place(row.number, places.read(row)) for row in islice(table.rows(), SHOWN)]
        mapper = Mapper(map_, table.header, matters_ground(station), now, geojson=geojson)
        return [_shown(row.number, mapper.read(row)) for row in islice(table.rows(), SHOWN)]


def _shown(number: int, row: Mapped | Rejection) -> dict[str, Any]:
    if isinstance(row, Rejection):
        return {"row": number, "reason": row.reason, "column": row.column}
    return {
        "row": number,
        "external_id": row.external_id,
        "title": row.title,
        "category": row.category,
        "place": row.place,
        "closed": row.closed,
        "reported_at": row.reported_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else "",
        "flags": row.flags,
    }


def _shown_place(number: int, row: Place | Rejection) -> dict[str, Any]:
    if isinstance(row, Rejection):
        return {"row": number, "reason": row.reason, "column": row.column}
    at = row.said.at or row.said.verified_at
    return {
        "row": number,
        "external_id": row.key,
        "title": row.shown["name"],
        "category": row.shown["category"],
        "place": row.shown.get("address", ""),
        "at": at.isoformat() if at else "",
        "flags": row.flags,
    }
