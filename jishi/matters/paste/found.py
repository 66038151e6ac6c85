"""What a rule read, and where it read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Span(NamedTuple):
    """A part of the text, from ``start`` up to but not including ``end``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words themselves."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Found:
    """A value, the part of the text that it was read from, and the rule that read it.

    ``why`` is a code for the explanation on screen; ``word`` the word of the catalogue or the label that it hangs on.
    """

    value: Any
    span: Span
    why: str
    word: str = ""
