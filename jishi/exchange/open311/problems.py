"""What cannot be done, in the words of the standard: an array of errors, each with a code and a description."""

from __future__ import annotations

from collections.abc import Sequence


class Problem(Exception):
    """One or more errors of one HTTP status: 400 what was asked cannot be read, 403 the key, 404 there is none."""

    def __init__(self, status: int, *descriptions: str, after: int | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.descriptions: Sequence[str] = descriptions
        self.after = after

    @property
    def errors(self) -> list[dict[str, str | int]]:
        """The array."""
        return [{"code": self.status, "description": each} for each in self.descriptions]
