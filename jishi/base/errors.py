"""The one family of errors that a user can be shown."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """What was asked is not done, and why.

    ``code`` is a stable word (``stale``, ``wrong_state``, ``not_allowed`` …) that tests, the API and translations hang
    on; ``facts`` are values for the sentence.  :mod:`jishi.base.sentences` turns the code into words.
    """

    #: Codes that mean "somebody else was first": HTTP 409 with both versions.  All others are HTTP 403, 404 or 422.
    CONFLICTS = frozenset({"stale", "key_reused"})
    FORBIDDEN = frozenset({"not_allowed", "wrong_unit", "same_person", "task_elsewhere"})
    ABSENT = frozenset({"not_found"})

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}({facts})" if facts else self.code

    @property
    def status(self) -> int:
        """The HTTP status that says it."""
        if self.code in self.CONFLICTS:
            return 409
        if self.code in self.ABSENT:
            return 404
        return 403 if self.code in self.FORBIDDEN else 422
