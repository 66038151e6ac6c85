"""Where the files of a run lie, and how its first rows look: no writes to the database."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from jishi.exchange.grounds import matters_ground
from jishi.exchange.mapping import MatterMap
from jishi.exchange.reading import Rejection
from jishi.exchange.rows import Mapped, Mapper
from jishi.exchange.tables import open_table
from jishi.stations.models import Station

SHOWN = 8


def folder_of(run_id: int) -> Path:
    """The folder of a run's files: ``table``, ``map.toml``, ``rejects.csv``."""
    return Path(settings.DATA_DIR) / "imports" / str(run_id)


def sample_of(path: Path, map_: MatterMap, station: Station, name: str) -> list[dict[str, Any]]:
    """The first rows as they would come in, ready to show."""
    ground = matters_ground(station)
    with open_table(path, map_.file, name) as table:
        mapper = Mapper(map_, table.header, ground, timezone.now(), geojson=table.format == "geojson")
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
