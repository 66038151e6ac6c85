"""The ways out of the house: what a channel is given, what it answers, and how it fails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jishi.notify.kinds import Message
from jishi.notify.models import Delivery


class Failed(Exception):
    """A delivery did not arrive.

    ``code`` is a word that stands in rows and logs, never an address or a text.  ``retry``: another attempt may help.
    ``gone``: there is nobody at that address any more.
    """

    def __init__(self, code: str, *, retry: bool = True, gone: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.retry = retry
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out: the message in the reader's language, and by which key the receiver knows it again."""

    key: str
    thread: str
    kind: str
    grade: int
    message: Message
    link: str
    language: str
    why: str
    station: str
    at: datetime


def send(delivery: Delivery, parcel: Parcel) -> str:
    """Deliver by the channel of ``delivery``; a short word for the log.  Raises ``Failed``."""
    raise Failed("no_channel", retry=False)


def channels_ready(station_id: int) -> frozenset[str]:
    """The channels by which people of a station can be reached at all."""
    return frozenset()
