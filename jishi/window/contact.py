"""How to reach somebody of the public, as they wrote it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach whoever reports; all of it optional."""

    name: str = ""
    phone: str = ""
    email: str = ""

    @property
    def reach(self) -> str:
        """The number and the address as one value, as a party keeps them."""
        return " ".join(part for part in (self.phone.replace(" ", ""), self.email) if part)

    @classmethod
    def read(cls, name: str, reach: str) -> Contact:
        """The contact that a party keeps."""
        parts = reach.split()
        email = next((part for part in parts if "@" in part), "")
        return cls(name, " ".join(part for part in parts if part != email), email)

    def __bool__(self) -> bool:
        return bool(self.name or self.reach)
