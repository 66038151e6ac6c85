"""Which columns of the table feed which field, which are dropped and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from jishi.base.errors import Refused
from jishi.exchange.mapfile import Field, TableMap
from jishi.privacy import looks_personal_column

_WHOLE = re.compile(r"^-?\d+\.0+$")
_SLOT = re.compile(r"\{([^{}]+)\}")
_EDGES = re.compile(r"^[\s·,;:/|,;、–—-]+|[\s·,;:/|,;、–—-]+$")
_known: dict[str, str] = {}


def normal(text: str) -> str:
    """A word as translations compare it: compatibility form, case and spacing apart, "3.0" like "3"."""
    found = _known.get(text)
    if found is None:
        found = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        if _WHOLE.match(found):
            found = found.partition(".")[0]
        if len(_known) > 50_000:
            _known.clear()
        _known[text] = found
    return found


class Source:
    """Reads the words of one field from a row: one column, several joined, a template, or a constant."""

    def __init__(self, spec: Field, places: Sequence[int | None], names: Sequence[str], null: frozenset[str]) -> None:
        self.names = tuple(names)
        self._spec = spec
        self._null = null
        self._places = [place for place in places if place is not None]
        self._slots = dict(zip(spec.columns, places, strict=True)) if spec.template else {}

    def text(self, cells: Sequence[str]) -> str:
        """The field's words in this row; empty for a null word."""
        spec = self._spec
        if spec.constant:
            return spec.constant
        if spec.template:
            return self._filled(cells)
        if len(self._places) == 1:
            return self._cell(cells, self._places[0])
        return spec.separator.join(text for place in self._places if (text := self._cell(cells, place)))

    def _cell(self, cells: Sequence[str], place: int | None) -> str:
        if place is None or place >= len(cells):
            return ""
        text = cells[place].strip()
        if not text or text.casefold() in self._null:
            return ""
        return text.partition(".")[0] if self._spec.integer and _WHOLE.match(text) else text

    def _filled(self, cells: Sequence[str]) -> str:
        """The template with its columns filled in; what stands between two empty columns is left out at both ends."""
        empty = True

        def fill(match: re.Match[str]) -> str:
            nonlocal empty
            text = self._cell(cells, self._slots[match[1].strip()])
            empty = empty and not text
            return text

        filled = _SLOT.sub(fill, self._spec.template)
        return "" if empty else _EDGES.sub("", filled)


class Columns:
    """The header of a table under a map: who uses a column, and which columns are dropped for which reason.

    Raises Refused("missing_columns" | "ambiguous_column" | "personal_column").
    """

    def __init__(self, map_: TableMap, header: list[str]) -> None:
        self.map = map_
        self.header = header
        self._places = {name: place for place, name in enumerate(header)}
        self._alike: dict[str, list[int]] = {}
        for place, name in enumerate(header):
            self._alike.setdefault(normal(name), []).append(place)
        named = map_.columns()
        missing = [name for name in (*named, *map_.party.values()) if self.place(name) is None]
        if missing:
            raise Refused("missing_columns", columns=", ".join(dict.fromkeys(missing)), header=", ".join(header[:60]))
        self.party_columns = {role: self._need(name) for role, name in map_.party.items()}
        self.dropped: dict[str, str] = {}
        self._used = {self._need(name) for name in named}
        self._drops = {at for name in map_.drop if (at := self.place(name)) is not None}
        self._private: set[int] = set()
        self._names = {self._need(name) for name in map_.plain_names}
        self.learn(0)
        self._refuse_personal_keys()
        self._null = frozenset(word.strip().casefold() for word in map_.null)

    def place(self, name: str) -> int | None:
        """Where a column stands: by its exact name, else by its name whatever its case and spacing."""
        place: int | None = self._places.get(" ".join(name.split()))
        if place is not None:
            if f"{self.header[place]}#2" in self._places:
                raise Refused("ambiguous_column", column=name)
            return place
        alike = self._alike.get(normal(name), [])
        if len(alike) > 1:
            raise Refused("ambiguous_column", column=name)
        return alike[0] if alike else None

    def _need(self, name: str) -> int:
        place = self.place(name)
        assert place is not None
        return place

    def learn(self, start: int) -> None:
        """Judge the columns from ``start`` on: a GeoJSON header grows while it is read."""
        text = {self._need(name) for name in self.map.fields["text"].columns} if "text" in self.map.fields else set()
        for place in range(start, len(self.header)):
            name = self.header[place]
            kind = looks_personal_column(name)
            if kind == "name" and place in self._names and normal(name) in ("name", "names", "名字"):
                kind = None
            if kind:
                self._private.add(place)
            if place in self.party_columns.values():
                self._private.add(place)
            elif kind:
                self.dropped[name] = f"personal_{kind}"
            elif place in self._drops:
                self.dropped[name] = "listed"
            elif place in text and not self.map.keep_text:
                self.dropped[name] = "free_text"
            elif place not in self._used and not name.startswith("@"):
                self.dropped[name] = "not_mapped"

    def mark_personal(self, place: int, kind: str) -> None:
        """Note that a column's cells identify people although its name does not say so."""
        self._private.add(place)
        if place not in self._used and place not in self.party_columns.values():
            self.dropped[self.header[place]] = f"personal_{kind}"

    def may_show(self, place: int) -> bool:
        """Whether the cells of a column may stand in the rejects file."""
        if place >= len(self.header):
            return False
        return place not in self._private and self.dropped.get(self.header[place]) not in ("free_text", "listed")

    def is_private(self, place: int) -> bool:
        """Whether a column is known to hold what identifies people."""
        return place in self._private

    def sources(self) -> dict[str, Source]:
        """A source for each field of the map, without the columns that are dropped."""
        made = {}
        for name, spec in self.map.fields.items():
            if (spec.content and not spec.columns) or (name == "text" and not self.map.keep_text):
                continue
            places = [self._kept(column) for column in spec.columns]
            if spec.columns and all(place is None for place in places):
                continue
            names = [column for column, place in zip(spec.columns, places, strict=True) if place is not None]
            null = self._null | {word.strip().casefold() for word in spec.null}
            made[name] = Source(spec, places, names, null)
        return made

    def party(self, cells: Sequence[str]) -> tuple[str, str]:
        """Name and contact of the party in this row."""
        return self._party(cells, "name"), self._party(cells, "contact")

    def _party(self, cells: Sequence[str], role: str) -> str:
        place = self.party_columns.get(role)
        if place is None or place >= len(cells):
            return ""
        text = cells[place].strip()
        return "" if text.casefold() in self._null else text

    def _kept(self, name: str) -> int | None:
        place = self._need(name)
        return None if place in self._private or place in self._drops else place

    def _refuse_personal_keys(self) -> None:
        """A field that a matter cannot do without may not come from a column about a person."""
        for name in self.map.required:
            spec = self.map.fields[name]
            for column in spec.columns:
                if self._kept(column) is None:
                    raise Refused("personal_column", field=name, column=column)
