"""A test of an endpoint: one real message, and what was really answered."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jishi.notify import channels
from jishi.notify.channels import Failed, Parcel, note_failure, note_success
from jishi.notify.channels.config import config_of
from jishi.notify.channels.words import says, scrubbed
from jishi.notify.kinds import Message
from jishi.notify.models import Endpoint
from jishi.stations.models import Station


@dataclass(frozen=True, slots=True)
class Tested:
    """How a test went: the sentence, what the other side said, and how long it took."""

    good: bool
    words: str
    answer: str
    seconds: float


def try_out(endpoint: Endpoint, station: Station, link: str, to: str = "") -> Tested:
    """Send a test, also through an endpoint that is off; its last success or error is kept."""
    parcel = Parcel(
        key=str(uuid.uuid4()), thread=f"endpoint:{endpoint.pk}", kind="channel.test", grade=0,
        message=Message(title=_("Test: this channel works"), path=""), link=link,
        language=translation.get_language() or "zh-hans", why="", station=station.code, at=timezone.now(),
    )  # fmt: skip
    began = time.monotonic()
    try:
        reply = channels.send_through(endpoint, parcel, to)
    except Failed as problem:
        seconds = time.monotonic() - began
        note_failure(endpoint, problem)
        return Tested(False, says(problem.code), _clean(endpoint, problem.answer, to), seconds)
    seconds = time.monotonic() - began
    note_success(endpoint)
    return Tested(True, _("It was taken."), _clean(endpoint, reply.answer, to), seconds)


def _clean(endpoint: Endpoint, answer: str, to: str) -> str:
    """The answer without anything of the configuration that it may quote."""
    try:
        config = config_of(endpoint)
    except Failed:
        config = {}
    known = [str(value) for name, value in config.items() if name not in ("port", "security")]
    url = urlsplit(str(config.get("url", "")))
    return scrubbed(answer, [to, *known, url.path, url.query])
