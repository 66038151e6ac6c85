"""The base map that the operator gives: files of their own, or a tile service by its address."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

ENDINGS = (".pmtiles", ".geojson", ".geojson.gz")
PMTILES_MAGIC = b"PMTiles\x03"
#: What a file of GeoJSON shows, by its name; another one says it by the tags of its features.
ROLES = {
    "road": r"road|street|highway|道路", "building": r"building|house|建筑|楼", "water": r"water|river|lake|水",
    "green": r"green|park|landuse|绿", "label": r"label|place|name|地名",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of the base map."""

    name: str
    path: Path

    @property
    def kind(self) -> str:
        """``pmtiles`` or ``geojson``."""
        return "pmtiles" if self.name.endswith(".pmtiles") else "geojson"

    @property
    def packed(self) -> bool:
        """Whether the file itself is gzipped."""
        return self.name.endswith(".gz")

    @property
    def role(self) -> str:
        """``road``, ``building``, ``water``, ``green``, ``label``, or ``""`` where its name does not say."""
        return next((role for role, like in ROLES.items() if re.search(like, self.name, re.IGNORECASE)), "")

    @property
    def mark(self) -> str:
        """Changes whenever the file does."""
        facts = self.path.stat()
        return f"{facts.st_mtime_ns:x}-{facts.st_size:x}"


def sheets() -> list[Sheet]:
    """The files of the base map, in the order of their names; none where the operator gave none."""
    place: Path = settings.BASEMAP
    if place.is_file():
        return [Sheet(place.name, place)] if place.name.endswith(ENDINGS) else []
    if not place.is_dir():
        return []
    return [
        Sheet(path.name, path) for path in sorted(place.iterdir()) if path.name.endswith(ENDINGS) and path.is_file()
    ]


def sheet(name: str) -> Sheet | None:
    """The file of this name, which is only ever compared with those that are there."""
    return next((each for each in sheets() if each.name == name), None)


def described(view: str = "register:basemap") -> dict[str, Any]:
    """What a page tells its map: a tile service, else an archive of tiles, else files of GeoJSON, else nothing.

    ``view`` is the name of the address at which the files are found: another one for the public than for staff.
    """
    if settings.WMTS:
        return {"kind": "wmts", "layers": settings.WMTS, "credit": settings.WMTS_CREDIT}
    found = sheets()
    archive = next((each for each in found if each.kind == "pmtiles"), None)
    if archive is not None:
        return {"kind": "pmtiles", "url": _address(archive, view)}
    if found:
        return {"kind": "geojson", "files": [{"role": each.role, "url": _address(each, view)} for each in found]}
    return {"kind": "none"}


def origins() -> list[str]:
    """The origins of the tile service, which the policy of a page with a map must name."""
    return sorted({f"https://{urlsplit(address).netloc}" for address in settings.WMTS})


def faults() -> list[str]:
    """The names of the files that are not what their names say."""
    return [each.name for each in sheets() if not _is_sound(each)]


def _is_sound(each: Sheet) -> bool:
    try:
        if each.kind == "pmtiles":
            with each.path.open("rb") as file:
                return file.read(8) == PMTILES_MAGIC
        text = gzip.decompress(each.path.read_bytes()) if each.packed else each.path.read_bytes()
        found = json.loads(text)
        return isinstance(found, dict) and found.get("type") == "FeatureCollection"
    except (OSError, ValueError, EOFError):
        return False


def _address(each: Sheet, view: str) -> str:
    return f"{reverse(view, args=[each.name])}?v={each.mark}"
