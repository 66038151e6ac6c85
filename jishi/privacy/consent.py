"""What somebody agreed to: a purpose and the version of its text, never who.  The texts are data, in ``catalog/consent.toml``.

A consent is written as ``contact.1`` and stands in the facts of an event or beside the party that it is about.
"""  # noqa: E501

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from jishi.base.errors import Refused

_FILE = Path(__file__).parent / "catalog" / "consent.toml"


@dataclass(frozen=True, slots=True)
class Consent:
    """One version of what is agreed to for one purpose."""

    purpose: str
    version: int
    zh: str
    en: str

    @property
    def code(self) -> str:
        """How it is written down: ``contact.1``."""
        return f"{self.purpose}.{self.version}"

    @property
    def text(self) -> str:
        """The words in the language of the reader."""
        return self.en if (get_language() or "").startswith("en") else self.zh


def purposes() -> list[str]:
    """All purposes, in the order of the catalogue."""
    return list(dict.fromkeys(purpose for purpose, _version in _texts()))


def current(purpose: str) -> Consent:
    """The text that is shown now for a purpose.  Raises ``Refused("unknown_consent")``."""
    versions = [each for each in _texts().values() if each.purpose == purpose]
    if not versions:
        raise Refused("unknown_consent", consent=purpose)
    return max(versions, key=lambda each: each.version)


def read(code: str) -> Consent:
    """The text behind what was written down, also of an earlier version.  Raises ``Refused("unknown_consent")``."""
    purpose, _, version = code.rpartition(".")
    found = _texts().get((purpose, int(version))) if version.isdecimal() else None
    if found is None:
        raise Refused("unknown_consent", consent=code[:40])
    return found


def check(codes: Iterable[str]) -> list[str]:
    """These consents, each once and in order, when every one is known.  Raises ``Refused("unknown_consent")``."""
    return sorted({read(code).code for code in codes})


def covers(codes: Iterable[str], purpose: str) -> bool:
    """Whether one of these consents is for the purpose."""
    return any(code.rpartition(".")[0] == purpose for code in codes)


@cache
def _texts() -> Mapping[tuple[str, int], Consent]:
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["text"]
    return {(row["purpose"], row["version"]): Consent(**row) for row in rows}
