"""Turns one row of a list into what it says of an element, or says why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from jishi.base.errors import Refused
from jishi.exchange.moments import Moments
from jishi.exchange.points import Ground
from jishi.exchange.reading import Rejection, RowReader, digest_of
from jishi.exchange.register_map import ATTRIBUTE, KEY, MOMENTS, NEWEST, RegisterMap
from jishi.exchange.sources import normal
from jishi.exchange.tables import Row
from jishi.exchange.translations import usual_words
from jishi.privacy import is_person_name
from jishi.register import catalogue
from jishi.register.attributes import read_value, wrong_values
from jishi.register.folding import Said
from jishi.register.grading import REASONS

MOST_NAME, MOST_ADDRESS, MOST_TEXT = 120, 200, 200
_WRONG_POINTS = ("bad_point", "placeholder_point", "swapped_point", "far_point")
_BETWEEN = re.compile(r"[;；、,，/|]")
#: A list of today may come from a zone where it is tomorrow.
_AHEAD = timedelta(days=1)
_MOST_REMEMBERED = 50_000


@dataclass(slots=True)
class Place:
    """What one row says; ``fallback`` is for a new element whose first row does not say it."""

    number: int
    key: str
    said: Said
    fallback: dict[str, Any]
    flags: list[str]

    @property
    def shown(self) -> dict[str, Any]:
        """The values as they would come in, for a preview."""
        return {**self.fallback, **self.said.values}


class _Doubts:
    """What is doubtful about a row: marks, and what it must be rejected for."""

    def __init__(self, reader: RowReader, strict: bool) -> None:
        self._reader, self._strict = reader, strict
        self.flags: list[str] = []
        self.wrong: list[tuple[str, str]] = []

    def reject(self, reason: str, field: str) -> None:
        """The row cannot be taken for this."""
        self.wrong.append((reason, self._reader.label(field)))

    def doubt(self, flag: str, field: str) -> None:
        """A strict map rejects the row for this, another leaves the value out and marks it."""
        if self._strict:
            self.reject(flag, field)
        else:
            self.flags.append(flag)


class PlaceMapper(RowReader):
    """Maps the rows of one list; made once the header is known.

    Raises Refused("missing_columns" | "ambiguous_column" | "personal_column" | "map_unknown_code").
    """

    def __init__(
        self, map_: RegisterMap, header: list[str], ground: Ground, now: datetime, geojson: bool = False
    ) -> None:
        self.map = map_
        super().__init__(map_, header, ground, now, words=_own_words(ground), moments=MOMENTS, geojson=geojson)
        self._sorts = catalogue.sorts()
        self._zone = ZoneInfo(map_.zone or ground.zone)
        self._dates = Moments(map_.formats, self._zone.key)
        self._datum = map_.coordinates.datum
        self._codes = [name.removeprefix(ATTRIBUTE) for name in self.sources if name.startswith(ATTRIBUTE)]
        self._check_codes()
        self._tables = {
            code: {normal(word): value for word, value in map_.fields[ATTRIBUTE + code].values.items()}
            for code in self._codes
        }
        self._known: dict[tuple[str, str, str], tuple[Any, str]] = {}

    def read(self, row: Row) -> Place | Rejection:
        """Map one row."""
        raw = self.raw(row)
        if isinstance(raw, Rejection):
            return raw
        doubts = _Doubts(self, self.map.strict)
        values: dict[str, Any] = {}
        fallback: dict[str, Any] = {}
        at, verified_at = self._moments_of(raw, doubts)
        category = self._category(raw, values, fallback, doubts)
        self._words_of(raw, category, values, fallback, doubts)
        self._standing(raw, values, doubts)
        self._point(row, raw, values, doubts)
        attributes = self._attributes(raw, category, doubts) if category else {}
        key = self.external_id(raw, self._own_key(raw, values))
        if isinstance(key, Rejection):
            doubts.wrong.insert(0, (key.reason, key.column))
        if doubts.wrong or isinstance(key, Rejection):
            return Rejection(*doubts.wrong[0], more=tuple(doubts.wrong[1:]))
        digest = digest_of([repr(values), repr(attributes)])
        said = Said(at, digest, values, attributes, verified_at)
        return Place(row.number, key, said, fallback, list(dict.fromkeys(doubts.flags)))

    def _own_key(self, raw: Mapping[str, str], values: Mapping[str, Any]) -> str:
        """The key of a row that has no number: its name and address."""
        if raw.get(KEY):
            return ""
        return digest_of(normal(str(values.get(name, ""))) for name in ("name", "address"))

    def _moments_of(self, raw: Mapping[str, str], doubts: _Doubts) -> tuple[datetime | None, datetime | None]:
        found: dict[str, datetime | None] = dict.fromkeys(MOMENTS)
        for name in self.moments:
            moment = self.moment(name, raw, doubts.flags)
            if isinstance(moment, Rejection):
                doubts.wrong.append((moment.reason, moment.column))
            elif moment is not None and moment.at > self.now + _AHEAD:
                doubts.reject("in_future", name)
            elif moment is not None:
                found[name] = moment.at
            elif name == NEWEST:
                doubts.reject("missing_newest_by", name)
        return found[NEWEST], found["verified_at"]

    def _category(
        self, raw: Mapping[str, str], values: dict[str, Any], fallback: dict[str, Any], doubts: _Doubts
    ) -> str:
        """The category; where the row says none, the default counts for a new element alone."""
        code = self.code("category", raw, doubts.flags)
        if isinstance(code, Rejection):
            doubts.wrong.append((code.reason, code.column))
            return ""
        (values if raw["category"] else fallback)["category"] = code
        return code

    def _words_of(
        self, raw: Mapping[str, str], category: str, values: dict[str, Any], fallback: dict[str, Any], doubts: _Doubts
    ) -> None:
        """Name and address, without what identifies a person or a flat; a new element without a name gets one."""
        for name, most in (("name", MOST_NAME), ("address", MOST_ADDRESS)):
            flags: list[str] = []
            text = self.words(raw.get(name, ""), most, flags)
            if name == "name" and self._may_be_a_trader(category) and is_person_name(text):
                text = ""
                doubts.doubt("masked_name", name)
            for flag in flags:
                doubts.doubt(flag, name)
            if text:
                values[name] = text
        if "name" not in values:
            if self.map.strict and not doubts.wrong:
                doubts.reject("missing_name", "name")
            parts = (self.ground.names.get(category, ""), values.get("address", ""))
            fallback["name"] = " · ".join(filter(None, parts))[:MOST_NAME]
            doubts.flags.append("unnamed")

    def _may_be_a_trader(self, category: str) -> bool:
        """Whether an element of this category may be called by somebody's name: things and buildings never are."""
        sort = self._sorts.get(category)
        return sort is None or not (sort.category.kind == "thing" or sort.category.family == "building")

    def _standing(self, raw: Mapping[str, str], values: dict[str, Any], doubts: _Doubts) -> None:
        """Status, area, grade and its reasons, where the row says them."""
        status = self._coded("status", raw, doubts)
        if status:
            values["status"] = status
        area = self._coded("area", raw, doubts)
        if area:
            values["area"] = self.ground.areas[normal(area)]
        elif raw.get("area"):
            doubts.flags.append("unknown_area")
        reasons = self._reasons(raw, doubts)
        grade = self._coded("grade", raw, doubts)
        if grade in ("1", "2") and not reasons:
            doubts.doubt("grade_without_reason", "grade")
        elif grade:
            values["grade"] = int(grade)
            values["reasons"] = reasons

    def _reasons(self, raw: Mapping[str, str], doubts: _Doubts) -> list[str]:
        found = set()
        for word in _BETWEEN.split(raw.get("reasons", "")):
            code = self._coded("reasons", {"reasons": word.strip()}, doubts)
            if code:
                found.add(code)
            elif word.strip():
                doubts.doubt("unknown_reason", "reasons")
        return sorted(found)

    def _coded(self, name: str, raw: Mapping[str, str], doubts: _Doubts) -> str:
        """The code of a field that may be empty."""
        if name not in self.translations:
            return ""
        if not raw[name] and self.map.fields[name].default in ("", "reject"):
            return ""
        code = self.code(name, raw, doubts.flags)
        if isinstance(code, Rejection):
            doubts.wrong.append((code.reason, code.column))
            return ""
        return code

    def _point(self, row: Row, raw: Mapping[str, str], values: dict[str, Any], doubts: _Doubts) -> None:
        flags: list[str] = []
        point = self.points.read(row.cells, raw, flags)
        if point.lon is not None:
            values |= {"lon": point.lon, "lat": point.lat, "datum": self._datum}
        for flag in flags:
            if flag in _WRONG_POINTS:
                doubts.doubt(flag, "lon" if "lon" in self.sources else "point")
            else:
                doubts.flags.append(flag)

    def _attributes(self, raw: Mapping[str, str], category: str, doubts: _Doubts) -> dict[str, Any]:
        found = {}
        for code in self._codes:
            name = ATTRIBUTE + code
            default = self.map.fields[name].default
            text = raw[name] or (default if default != "reject" else "")
            if not text:
                continue
            value, wrong = self._value(category, code, text)
            if not wrong:
                found[code] = value
            elif wrong == "bad_attribute" and default == "reject":
                doubts.reject(wrong, name)
            else:
                doubts.doubt(wrong, name)
        return found

    def _value(self, category: str, code: str, text: str) -> tuple[Any, str]:
        """The value that a cell means for an attribute, or what is wrong with it."""
        key = (category, code, text)
        known = self._known.get(key)
        if known is None:
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[key] = self._read_value(category, code, text)
        return known

    def _read_value(self, category: str, code: str, text: str) -> tuple[Any, str]:
        schema = self._sorts[category].schema
        rules = schema["properties"].get(code)
        if rules is None:
            return None, "no_such_attribute"
        text = self._tables[code].get(normal(text), text)
        if rules.get("format") == "date":
            moment = self._dates.read(text)
            text = moment.at.astimezone(self._zone).date().isoformat() if moment else text
        value = read_value(rules, text)
        if isinstance(value, str) and "enum" not in rules:
            flags: list[str] = []
            value = self.words(value, MOST_TEXT, flags)
            if "masked" in flags:
                return None, "personal_attribute"
        return value, "bad_attribute" if wrong_values(schema, {code: value}) else ""

    def _check_codes(self) -> None:
        known = {code for sort in self._sorts.values() for code in sort.schema["properties"]}
        for code in self._codes:
            if code not in known:
                raise Refused("map_unknown_code", key="fields.attributes", value=code, allowed=", ".join(sorted(known)))


def _own_words(ground: Ground) -> dict[str, dict[str, str]]:
    """Word → code of each translated field, for everything that may be said without a table."""
    return {
        "category": dict(ground.categories),
        "status": usual_words("standing"),
        "grade": usual_words("grade"),
        "reasons": reason_words(),
        "area": {word: word for word in ground.areas},
    }


def reason_words() -> dict[str, str]:
    """Word → code of the reasons of a grade, in both languages."""
    found = {code: code for code in REASONS}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {normal(str(words)): code for code, words in REASONS.items()}
    return found


__all__ = ["KEY", "Place", "PlaceMapper"]
