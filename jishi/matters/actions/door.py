"""The doors by which an outside agency and the public give a command: nobody on staff stands behind them."""

from __future__ import annotations

from dataclasses import dataclass

from jishi.matters import loop


@dataclass(frozen=True, slots=True)
class Door:
    """An agency, and the link to one matter or the key to the API by which it came."""

    agency: int
    link: int | None = None
    key: int | None = None

    @property
    def actor(self) -> loop.Actor:
        """Who gives the command."""
        return loop.agency_actor(self.agency)

    @property
    def facts(self) -> dict[str, int]:
        """What the event says of the door."""
        return {name: pk for name, pk in (("link", self.link), ("key", self.key)) if pk is not None}

    @property
    def scope(self) -> str:
        """Whose idempotency keys these are: two agencies may use the same one."""
        return f"agency{self.agency}"


@dataclass(frozen=True, slots=True)
class PublicDoor:
    """The public, with the receipt by which it came; none where it reports."""

    receipt: int | None = None

    @property
    def actor(self) -> loop.Actor:
        """Who gives the command."""
        return loop.public_actor()

    @property
    def facts(self) -> dict[str, int]:
        """What the event says of the door."""
        return {"receipt": self.receipt} if self.receipt is not None else {}

    @property
    def scope(self) -> str:
        """Whose idempotency keys these are: two receipts may use the same one."""
        return "window" if self.receipt is None else f"receipt{self.receipt}"
