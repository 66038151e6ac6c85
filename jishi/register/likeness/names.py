"""Names of places and organisations in a form that can be compared: legal form, region and branch told apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from .addresses import CHINESE
from .numerals import figures

# Signs that tell one thing from its neighbour: the east gate is not the west gate, hall A is not hall B.
TELLING = tuple(map(frozenset, ("东南西北中", "甲乙丙丁戊", "大小", "上下", "新老旧", "男女", "前后", "左右", "内外")))


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart; ``flat`` is all of it that counts, ``core`` is ``flat`` without its branch."""

    flat: str = ""
    core: str = ""
    branch: str = ""
    numbers: tuple[str, ...] = ()
    counted: tuple[tuple[str, str], ...] = ()  # what is numbered, and its number: 栋 3, 单 2
    bag: str = ""  # the signs (or English words) in order: the same however the parts are turned about


_LEGAL = re.compile(
    "(?:个体工商户|有限责任公司|股份有限公司|集团有限公司|有限公司|总公司|分公司|公司|集团|合伙企业|经营部|个体户)"
)
_LEGAL_FORMS = ("有限责任公司", "有限公司", "股份有限公司")
_REGION = re.compile(
    r"^(?:[^\d]{2,3}省)?[^\d]{2,3}?(?<![超菜夜集早花股])市(?![场政民立中部])(?:[^\d]{1,3}?(?<![小社园校厂景院库片营])区)?"
)
_DISTRICT = re.compile(r"^[^\d]{1,3}?(?<![小社园校厂景院库片营])[区县](?![医政委])")
_BRACKETED = re.compile(r"[(\[【〔](?P<inside>[^)\]】〕]*)[)\]】〕]?")
_BRANCH = re.compile("(?:分店|店|门店|分公司|营业部|分部|营业厅|分理处|支行|专卖|校区|院区)$")
_SIGNS = re.compile(r"[^\w]+|_")
_COUNTED = re.compile("(\\d+[a-z]?)([栋单层室期号门区组店厂库井])")
_NUMBERS = re.compile(r"\d+[a-z]?|(?<![a-z])[a-z](?![a-z])")
_SCHOOL = re.compile("第?(\\d+)(小|中|幼)(?:学|儿园)?$")
_SHORTER = (
    ("卫生服务中心", "卫生中心"), ("派出机构", ""), ("幼儿园", "幼园"), ("住宅小区", "小区"), ("便民", ""),
    ("号楼", "栋"), ("幢", "栋"), ("号院", "院"),
)  # fmt: skip
_NUMBERED_BUILDING = re.compile(r"(\d+)(?:#楼?|栋楼|号栋|座)")
_LOOSE_ENDS = re.compile("(?<=..)(?:门店|分店|小区)$")
_LEGAL_ENGLISH = frozenset(
    ("inc", "incorporated", "llc", "ltd", "limited", "co", "corp", "corporation", "company", "lp", "llp", "pllc",
     "the", "of", "and", "at", "a", "an")
)  # fmt: skip
_SHORT_ENGLISH = {
    "saint": "st", "street": "st", "avenue": "ave", "number": "no", "center": "ctr", "centre": "ctr", "market": "mkt",
    "north": "n", "south": "s", "east": "e", "west": "w", "international": "intl", "brothers": "bros",
}  # fmt: skip


def read_name(text: str) -> Name:
    """The parts of a name, Chinese or English; all empty for an empty one."""
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    return _chinese(text) if CHINESE.search(text) else _english(text)


def _chinese(text: str) -> Name:
    text = figures(text)
    branch = ""
    bracketed = _BRACKETED.search(text)
    if bracketed and _BRANCH.search(bracketed["inside"].strip()):
        branch = bracketed["inside"].strip()
    else:
        head, dash, tail = re.sub(r"(?<=\d)-(?=\d)", "/", text).partition("-")
        if dash and _BRANCH.search(tail) and head.strip():
            branch = tail
    core = text.replace(bracketed[0], "") if branch and bracketed and branch in bracketed[0] else text
    if branch and core == text:
        core = re.sub("-" + re.escape(branch) + "$", "", text)
    branch = _BRANCH.sub("", _spelled(branch))
    core = _loose(_spelled(core))
    flat = core + branch
    counted = tuple(sorted((what, number) for number, what in _COUNTED.findall(flat)))
    return Name(flat, core, branch, _numbers(flat), counted, "".join(sorted(flat)))


def _spelled(text: str) -> str:
    """One spelling for forms that mean the same."""
    text = _SIGNS.sub("", _NUMBERED_BUILDING.sub(r"\1栋", text))
    for long, short in _SHORTER:
        text = text.replace(long, short)
    shorter = _LEGAL.sub("", _without_misspelt_form(text))
    if len(shorter) >= 2:
        text = shorter
    text = _SCHOOL.sub(r"第\1\2学", text)
    for pattern in (_REGION, _DISTRICT):
        found = pattern.match(text)
        if found and len(text) - found.end() >= 3:
            text = text[found.end() :]
    return text


def _without_misspelt_form(text: str) -> str:
    """A legal form with one slip in it is one all the same."""
    if text.endswith(_LEGAL_FORMS) or sum(sign in "有限责任公司" for sign in text[-5:]) < 3:
        return text
    for form in _LEGAL_FORMS:
        for length in (len(form) + 1, len(form), len(form) - 1):
            if len(text) >= length + 2 and OSA.distance(text[-length:], form) <= 1:
                return text[:-length]
    return text


def _loose(text: str) -> str:
    return _LOOSE_ENDS.sub("", text)


def _english(text: str) -> Name:
    text = re.sub(r"(?<=\w)['’.](?=\w\b)", "", text.replace("&", " and "))
    words = [_SHORT_ENGLISH.get(word, word) for word in _SIGNS.sub(" ", text).split()]
    kept = [word for word in words if word not in _LEGAL_ENGLISH] or words
    flat = " ".join(kept)
    return Name(flat, flat, "", _numbers(flat), (), " ".join(sorted(kept)))


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(sorted(found.lstrip("0") or "0" for found in _NUMBERS.findall(text)))


def grams(name: Name) -> list[str]:
    """The pieces by which a name finds others like it: two signs, or of English words three."""
    core = name.flat
    if not core:
        return []
    if CHINESE.search(core):
        pieces = {core[at : at + 2] for at in range(len(core) - 1)}
        if len(core) <= 5:
            pieces.update(sign for sign in core if not sign.isdigit())
        return sorted(pieces)
    return sorted({word[at : at + 3] for word in core.split() for at in range(max(1, len(word) - 2))})
