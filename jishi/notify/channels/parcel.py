"""What goes out by a channel, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jishi.notify.kinds import Message


class Failed(Exception):
    """A delivery did not arrive, said by a code word; never by an address.

    ``retry``: it may arrive later, ``after`` so many seconds where the receiver asked for that.  ``gone``: who was to
    get it is no more.  ``recipient``: it is their address, the channel itself works.  ``answer`` is what the receiver
    said, for the one who tests a channel; it is kept nowhere.
    """

    def __init__(
        self,
        code: str,
        *,
        retry: bool = True,
        gone: bool = False,
        recipient: bool = False,
        after: int | None = None,
        answer: str = "",
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retry = retry and not gone
        self.gone = gone
        self.recipient = recipient
        self.after = after
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go out.

    ``key`` is what the receiver knows it by when it comes twice, ``link`` the absolute address, ``station`` a code,
    ``at`` when it happened, ``why`` the sentence of the rule by which it is sent.  ``stop`` is the address at which
    somebody of the public says that they want no more of it; staff have none.
    """

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
    stop: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """That it arrived: a short word for the log, and what the receiver said."""

    word: str
    answer: str = ""
