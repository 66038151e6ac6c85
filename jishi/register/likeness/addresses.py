"""Addresses taken apart into their parts, so that two spellings of one place compare equal.

A part that one spelling leaves out (the province, the compound, the room) is unknown there, not different.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .english import read_english
from .numerals import figures

KEY_LENGTH = 120
CHINESE = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says; an empty part is not said."""

    region: str = ""  # district or county, the finest that is named above the street
    road: str = ""
    kind: str = ""  # the type of an English street: st, ave
    number: str = ""  # house or lane
    place: str = ""  # compound, mall or village, by name
    building: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""

    @property
    def street_key(self) -> str:
        """Down to the house number, or the compound where no road is named; empty when it says neither."""
        if self.road and self.number:
            return " ".join(part for part in (self.road, self.kind, self.number) if part)
        return self.place or self.road

    @property
    def key(self) -> str:
        """Everything that tells one place of a district from another."""
        parts = ((self.building, "b"), (self.entrance, "e"), (self.floor if not self.room else "", "f"),
                 (self.room, "r"))  # fmt: skip
        within = ".".join(part + sign for part, sign in parts if part)
        street = self.street_key
        return (f"{street}|{within}" if street and within else street)[:KEY_LENGTH]


def address_key(text: str) -> str:
    """A compact key: two spellings of one address have the same one.  Empty for an empty address."""
    return read(text).key


def street_key(text: str) -> str:
    """The first part of :func:`address_key`, up to the house number: what all units of one house share."""
    return read(text).street_key


@lru_cache(maxsize=65_536)
def read(text: str) -> Address:
    """The parts of an address, Chinese or English."""
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    if CHINESE.search(text):
        return _chinese(text)
    return Address(**read_english(text))


_NOISE = re.compile(r"[\s,.。、;:·•'\"“”‘’《》<>_|]+")
_BRACKETS = re.compile(r"[(\[【〔（].*?[)\]】〕）]")
_DASHES = re.compile("[‐‑‒–—―－~至]+")
_REGION = re.compile(
    r"^(?:中国)?(?:[^\d]{2,3}省|[^\d]{2,5}自治区)?(?:[^\d路街道]{2,7}?(?:市|自治州|地区|盟)(?![场民政区]))?"
    r"(?P<county>[^\d路街道市]{1,7}?(?<![小社园校厂景院库片营街])(?:区|县|旗)(?![^\d]?路)|[^\d路街道市区]{2,4}市(?!场))?"
)
_TOWN = re.compile(r"^[^\d路]{2,6}?(?:街道(?:办事处|办)?(?!\d)|镇(?![路街])|乡(?![路街]))")
_COMMUNITY = re.compile(r"^[^\d路街巷]{2,6}?(?:社区|居委会|村委会)")
_ROAD = re.compile(
    r"^(?P<road>[^\d]*?\d{0,3}(?:大街|大道|马路|公路|胡同|东路|西路|南路|北路|中路|路|街|道|巷|里(?=\d)|弄堂|(?<=.)环|(?<=.)线)"
    r"(?:[东南西北中]段)?)"
)
_NUMBER = re.compile(
    r"^(?P<number>[甲乙丙丁]?\d+(?:[-/]\d+)*[a-z]?(?:之\d+)?|[a-z]?\d+)(?P<unit>号院|号(?!楼)|弄|支弄|巷)(?:附(?P<more>\d+)号?)?"
)
_BUILDING = re.compile(
    r"^(?P<building>[a-z]?\d+[a-z]?|[a-z]|[甲乙丙丁东南西北])"
    r"(?P<unit>号楼|#楼|栋楼|号栋|栋|幢|座|组|队|#|号(?=$|\d|[甲乙丙丁])|号门(?=$)|楼(?!道|宇))"
)
_ENTRANCE = re.compile(r"^(?P<entrance>[a-z]?\d+|[a-z])(?:单元|门|号门|梯|号梯)")
_FLOOR = re.compile(r"^(?P<floor>b?\d+|负\d+)(?:层|楼|f(?![a-z]))")
_ROOM = re.compile(r"^(?P<room>[a-z]?-?\d+(?:[-/]\d+)*[a-z]?)(?:室|房|户|号铺|号商铺|铺|号)?")
_PLACE = re.compile(r"^(?P<place>[^\d#]+?)(?=[a-z]?\d|[a-z](?:栋|幢|座)|[甲乙丙丁东南西北](?:栋|幢|座)|$)")
_PLACE_ENDS = re.compile("(?:住宅)?(?:小区|社区)$")
_FILLER = re.compile("^(?:门牌|商铺|底商|内|旁|对面|附近|交叉口|路口|地块|的)+")


def _chinese(text: str) -> Address:
    text = _DASHES.sub("-", text)
    text = _BRACKETS.sub("", text)
    text = _NOISE.sub("", text)
    text = figures(text)
    parts: dict[str, str] = {}
    text = _without_region(text, parts)
    for pattern in (_ROAD, _NUMBER):
        text = _take(pattern, text, parts)
    if "road" not in parts:
        text = _place(text, parts)
    while text:
        shorter = _detail(text, parts)
        if shorter == text:
            break
        text = shorter
    return Address(**{name: _plain(found) for name, found in parts.items()})


def _without_region(text: str, parts: dict[str, str]) -> str:
    found = _REGION.match(text)
    if found and found.end() < len(text):
        if found["county"]:
            parts["region"] = found["county"]
        text = text[found.end() :]
    for pattern in (_TOWN, _COMMUNITY):
        found = pattern.match(text)
        if found and found.end() < len(text):
            text = text[found.end() :]
    return text


def _take(pattern: re.Pattern[str], text: str, parts: dict[str, str]) -> str:
    found = pattern.match(text)
    if not found:
        return text
    groups = found.groupdict()
    groups.pop("unit", None)
    more = groups.pop("more", None)
    if more and groups.get("number"):
        groups["number"] += f"-{more}"
    for name, said in groups.items():
        if said:
            parts.setdefault(name, said)
    return text[found.end() :]


def _place(text: str, parts: dict[str, str]) -> str:
    text = _FILLER.sub("", text)
    found = _PLACE.match(text)
    if not found:
        return text
    place = _PLACE_ENDS.sub("", found["place"]) or found["place"]
    parts.setdefault("place", place)
    return text[found.end() :]


def _detail(text: str, parts: dict[str, str]) -> str:
    """Take the next part within the house."""
    bare = re.match(r"^(\d+)-(\d+)-(\d+[a-z]?)(?:室|号)?$", text)
    if bare and "building" not in parts:
        parts["building"], parts["entrance"], parts["room"] = bare.groups()
        return ""
    pair = re.match(r"^(\d+)-(\d{3,4}[a-z]?)(?:室|号)?$", text)
    if pair:
        parts.setdefault("entrance" if "building" in parts else "building", pair[1])
        parts["room"] = pair[2]
        return ""
    floor = _FLOOR.match(text)
    inside = "building" in parts or ("number" in parts and "place" not in parts)
    if floor and (inside or "层" in floor[0] or "f" in floor[0] or re.match(r"^[a-z]?\d+", text[floor.end() :])):
        return _take(_FLOOR, text, parts)
    order = [_ENTRANCE, _ROOM] if "building" in parts else [_BUILDING, _ENTRANCE, _ROOM]
    for pattern in order:
        if pattern.match(text):
            return _take(pattern, text, parts)
    return _place(text, parts)


def _plain(part: str) -> str:
    """Without leading zeros, so that 03 is 3."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", part)
