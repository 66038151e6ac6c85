"""Reads one row of a table, whatever it brings in: its words, moments, codes and point, without what may not stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from jishi.exchange.mapfile import TableMap
from jishi.exchange.moments import Moment, Moments
from jishi.exchange.points import Ground, Points
from jishi.exchange.sources import Columns, Source, normal
from jishi.exchange.tables import Row
from jishi.exchange.translations import Translation
from jishi.privacy import mask_personal, outside_law

MOST_ID = 80
#: Longer words are cut before they are looked through: twice of what is ever kept.
MOST_LOOKED_AT = 20_000
#: The number of a flat, which has no place in a register of places.
_ROOM = re.compile(
    r"\s?[-—]?\d{1,5}\s?(?:室|号房|房间|号室)|\s?,?\s?\b(?:apt|apartment|flat|suite|ste|room)\b\.?\s?#?\s?(?:\d+\w?|[A-Z]\d+)\b"
    r"|\s#\s?\d+\w?\b",
    re.IGNORECASE,
)
#: Without one of these no text identifies anybody, so it need not be looked at more closely.
_MAY_IDENTIFY = re.compile(r"[@＠]|(?:\d\D*){11}|[\u4e00-\u9fff]\s*[A-Za-zＡ-Ｚａ-ｚ]")


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row is not taken: a stable code, and the column it is about; ``more`` are further reasons with theirs."""

    reason: str
    column: str = ""
    more: tuple[tuple[str, str], ...] = ()


class RowReader:
    """Reads the rows of one table under a map; made once the header is known.

    ``words`` are this house's own words of each translated field; ``late`` names the moments whose date alone means the
    end of its day.  Raises Refused("missing_columns" | "ambiguous_column" | "personal_column" | "map_unknown_code").
    """

    def __init__(
        self,
        map_: TableMap,
        header: list[str],
        ground: Ground,
        now: datetime,
        *,
        words: Mapping[str, Mapping[str, str]],
        moments: Iterable[str],
        late: Iterable[str] = (),
        geojson: bool = False,
    ) -> None:
        self.table_map = map_
        self.ground = ground
        self.now = now
        self.columns = Columns(map_, header)
        self.sources: dict[str, Source] = self.columns.sources()
        zone = map_.zone or ground.zone
        self.moments = {
            name: Moments(
                map_.fields[name].formats or map_.formats,
                map_.fields[name].zone or zone,
                end_of_day=name in late,
            )
            for name in moments
            if name in self.sources
        }
        self.translations = {
            name: Translation(name, map_.fields[name], own) for name, own in words.items() if name in self.sources
        }
        self.points = Points(map_, self.sources, self.columns, ground, geojson)
        self._outside = {normal(word) for word in map_.outside_law}
        self._outside_known: dict[str, bool] = {}
        self._labels = {name: "+".join(source.names) for name, source in self.sources.items()}

    def raw(self, row: Row) -> dict[str, str] | Rejection:
        """The words of each field in this row; a rejection where the row cannot be read or is outside the law."""
        if row.problem:
            return Rejection(row.problem)
        for place, cell in enumerate(row.cells):
            if "\x00" in cell:
                return Rejection("nul_byte", self.columns.header[place])
        raw = {name: source.text(row.cells) for name, source in self.sources.items()}
        if self._is_outside(raw.get("category", "")):
            return self.reject("outside_law", "category")
        return raw

    def reject(self, reason: str, field_name: str) -> Rejection:
        """A rejection about the columns of a field."""
        return Rejection(reason, self.label(field_name))

    def label(self, field_name: str) -> str:
        """The columns that a field comes from, as the file calls them."""
        return self._labels.get(field_name, "")

    def _is_outside(self, words: str) -> bool:
        known = self._outside_known.get(words)
        if known is None:
            known = outside_law(words) or normal(words) in self._outside
            self._outside_known[words] = known
        return known

    def moment(self, name: str, raw: Mapping[str, str], flags: list[str]) -> Moment | Rejection | None:
        """The moment of a field, None where it is empty; an hour that a clock change made unsure is marked."""
        text = raw.get(name, "")
        if not text:
            return None
        moment = self.moments[name].read(text)
        if moment is None:
            return self.reject("bad_date", name)
        if moment.gap:
            flags.append("clock_gap")
        if moment.ambiguous:
            flags.append("ambiguous_hour")
        return moment

    def code(self, name: str, raw: Mapping[str, str], flags: list[str]) -> str | Rejection:
        """The code of a translated field; an unknown word takes the map's default or rejects the row."""
        found = self.translations[name].code(raw[name])
        if found is None:
            return self.reject(f"unknown_{name}", name)
        if found.flag:
            flags.append(found.flag)
        return found.code

    def words(self, text: str, most: int, flags: list[str], *, lines: bool = False) -> str:
        """Words as they may be kept: on one line, without what identifies a person or a flat, and cut to fit."""
        text = (text.strip() if lines else " ".join(text.split()))[:MOST_LOOKED_AT]
        masked = mask_personal(text) if _MAY_IDENTIFY.search(text) else text
        if _ROOM.search(masked):
            masked = _ROOM.sub("", masked).strip()
        if masked != text:
            flags.append("masked")
            text = masked
        if len(text) > most:
            flags.append("shortened")
            text = text[: most - 1] + "…"
        return text

    def external_id(self, raw: Mapping[str, str], digest: str) -> str | Rejection:
        """The number of a row in the system it came from; made of its content where the map says so."""
        external_id = raw.get("external_id", "")
        if not external_id and self.table_map.fields["external_id"].content:
            return f"content-{digest}"
        if not external_id:
            return self.reject("missing_external_id", "external_id")
        if len(external_id) > MOST_ID:
            return self.reject("long_external_id", "external_id")
        if _MAY_IDENTIFY.search(external_id) and mask_personal(external_id) != external_id:
            return self.reject("personal_external_id", "external_id")
        return external_id


def digest_of(parts: Iterable[str]) -> str:
    """What tells whether two rows of the same id say the same, whatever file format or date format they came in."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def safe_cells(cells: Iterable[str]) -> list[str]:
    """Cells as the rejects file may show them: what identifies a person masked, NUL bytes made visible."""
    return [mask_personal(cell.replace("\x00", "␀")) for cell in cells]
