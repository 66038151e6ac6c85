"""Translates the words of a column into the codes of this house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from jishi.base.errors import Refused
from jishi.exchange.mapfile import Field
from jishi.exchange.sources import normal


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("/"))


#: Words that need no translation table.
_USUAL: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "status": {
        "open": _words("open/opened/new/pending/in progress/未办结/未结/处理中/办理中/受理中/待处理/进行中"),
        "closed": _words("closed/resolved/completed/done/已办结/办结/已结/已结案/结案/已完成/完成/已关闭/关闭"),
    },
    "grade": {
        "1": ("1", "red", "红", "红色", "一级"),
        "2": ("2", "orange", "橙", "橙色", "二级"),
        "3": ("3", "yellow", "黄", "黄色", "三级"),
        "4": ("4", "blue", "蓝", "蓝色", "四级"),
        "0": ("0",),
    },
    "standing": {
        "active": _words("active/open/in business/standing/正常/在用/营业/开业/在营/存续"),
        "closed": _words("closed/closed down/out of business/gone/停用/停业/关闭/已关闭/注销/已注销/拆除/已拆除"),
    },
    "outcome": {
        code: (code, code.replace("_", " "))
        for code in ("fixed", "no_action", "referred", "unverifiable", "withdrawn", "out_of_scope")
    },
}


class Found(NamedTuple):
    """A code, and the flag for a word that had no translation."""

    code: str
    flag: str = ""


class Translation:
    """Translates one field: its table first, then this house's own codes and names, then the map's default.

    Raises Refused("map_unknown_code") when the table or the default leads to a code that this station does not have.
    """

    def __init__(self, name: str, spec: Field, own: Mapping[str, str]) -> None:
        self._name = name
        self._own = own
        self._table: dict[str, str] = {}
        for word, code in spec.values.items():
            self._table[normal(word)] = self._check(name, f'values."{word}"', code)
        self._default = spec.default
        if spec.default and spec.default != "reject":
            self._default = self._check(name, "default", spec.default)
        if spec.constant:
            self._check(name, "constant", spec.constant)
        self._known: dict[str, Found | None] = {}

    def _check(self, name: str, key: str, code: str) -> str:
        if not code:
            return ""
        own = self._own.get(normal(code))
        if own is None:
            allowed = ", ".join(dict.fromkeys(self._own.values()))
            raise Refused("map_unknown_code", key=f"fields.{name}.{key}", value=code, allowed=allowed)
        return own

    def code(self, word: str) -> Found | None:
        """The code for a word; None when the row must be rejected for it."""
        try:
            return self._known[word]
        except KeyError:
            found = self._known[word] = self._find(word)
            return found

    def _find(self, word: str) -> Found | None:
        key = normal(word)
        found = self._table.get(key)
        if found is None and key:
            found = self._own.get(key)
        if found is not None:
            return Found(found)
        if self._default == "reject":
            return None
        if self._name == "category":
            return Found(self._default, "default_category") if self._default else None
        if self._name == "status":
            if self._default:
                return Found(self._default, "default_status")
            return None if key else Found("", "default_status")
        flag = f"unknown_{self._name}" if key and self._name in ("grade", "outcome") and not self._default else ""
        return Found(self._default, flag)


def usual_words(name: str) -> dict[str, str]:
    """Word → code of a field that needs no translation table."""
    return {normal(word): code for code, words in _USUAL[name].items() for word in words}
