"""Fetching the photos that a client named by their address: they join the matter as what the public added.

Those of a report in quarantine wait until it is let in, and are forgotten with it once it was thrown away for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.exchange.open311.models import Picture
from jishi.exchange.open311.queries.requests import CHANNEL
from jishi.files.actions import LARGEST
from jishi.jobs.actions import enqueue
from jishi.matters import commands
from jishi.matters.actions import apply
from jishi.matters.actions.door import PublicDoor
from jishi.matters.models import Matter
from jishi.notify.channels import guard, http
from jishi.notify.channels.parcel import Failed
from jishi.window.models import Held, Receipt
from jishi.window.queries.tracking import subject_of

JOB = "exchange.open311_picture"
#: So often a photo is asked for before the desk reads that it could not be had.
MOST_TRIES = 5
_SECONDS = 25.0
_AGENT = {"User-Agent": "Jishi Open311", "Accept": "image/jpeg, image/png, image/webp"}


def fetch_soon(picture: Picture) -> None:
    """Ask for a photo as soon as the transaction stands."""
    enqueue(JOB, {"picture": picture.pk}, dedupe_key=f"open311:picture:{picture.pk}")


def door_of(matter: Matter, receipt: Receipt | None, consents: Sequence[str]) -> PublicDoor:
    """The door by which a client adds to a matter: in the name of its receipt where the matter came from a client, else
    in nobody's, since whoever reported at the window or the counter is not who speaks."""
    known = receipt is not None and matter.channel == CHANNEL
    return PublicDoor(receipt=receipt.pk if receipt and known else None, consents=tuple(consents))


def may_be_fetched(url: str) -> bool:
    """Whether a photo at this address would be asked for at all."""
    try:
        guard.check_url(url)
    except Failed:
        return False
    return True


def let_in() -> int:
    """Ask for the photos of reports that came out of quarantine; returns how many."""
    Picture.objects.filter(receipt__held__state=Held.State.THROWN, receipt__held__purged_at__isnull=False).delete()
    rows = Picture.objects.filter(receipt__held__isnull=False, receipt__matter__isnull=False, tries=0)
    for picture in rows:
        fetch_soon(picture)
    return len(rows)


def fetch_picture(pk: int, now: datetime) -> None:
    """Fetch one photo and add it to its matter.  Raises ``Failed`` while it may still come later."""
    picture = Picture.objects.select_related("receipt").filter(pk=pk).first()
    if picture is None or picture.receipt.matter_id is None:
        return
    try:
        answer = http.get(picture.url, _AGENT, whole=_SECONDS, most=LARGEST + 1)
        http.accepted(answer)
        if not answer.whole:
            raise Failed("file_large", retry=False)
    except Failed as problem:
        _could_not(picture, problem, now)
        return
    try:
        _add(picture, commands.Add(photos=1), now, ContentFile(answer.body, name="photo"))
    except Refused as refused:
        _could_not(picture, Failed(refused.code, retry=False), now)


def _could_not(picture: Picture, problem: Failed, now: datetime) -> None:
    """Ask again later; in the end say on the matter that there was a photo, and that it could not be had."""
    if problem.retry and picture.tries + 1 < MOST_TRIES:
        Picture.objects.filter(pk=picture.pk).update(tries=picture.tries + 1)
        raise problem
    with translation.override("zh-hans"):
        words = _("A photo came with this as an address, and could not be fetched.")
    try:
        _add(picture, commands.Add(text=words), now)
    except Refused:  # closed meanwhile: nothing is added to what is over
        Picture.objects.filter(pk=picture.pk).delete()


@transaction.atomic
def _add(picture: Picture, command: commands.Add, now: datetime, *files: ContentFile[bytes]) -> None:
    matter = cast(Matter, picture.receipt.matter)
    apply(
        subject_of(matter).pk,
        command,
        by=None,
        door=door_of(matter, picture.receipt, picture.consents.split()),
        key=f"open311:picture:{picture.pk}",
        uploads=files,
        now=now,
    )
    Picture.objects.filter(pk=picture.pk).delete()
