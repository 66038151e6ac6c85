"""What a letter to the public says, in the language of its receipt."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from jishi.notify.channels import Parcel
from jishi.notify.kinds import Message
from jishi.stations.models import Station
from jishi.window.models import Letter, Receipt

SALT = "jishi.window.stop"
LONGEST = 200

_TITLES: Mapping[str, str | Promise] = {
    "received": _l("Your report has come in"),
    "working": _l("Somebody works on your report"),
    "paused": _l("Your report waits for something"),
    "moved": _l("Another station has your report now"),
    "joined": _l("Your report was joined with another about the same"),
    "again": _l("Your report was taken up again"),
    "answered": _l("There is an answer to your report"),
}
_FOLLOWED: Mapping[str, str | Promise] = {
    "working": _l("Somebody works on what you follow"),
    "paused": _l("What you follow waits for something"),
    "moved": _l("Another station has what you follow now"),
    "joined": _l("What you follow was joined with another about the same"),
    "again": _l("What you follow was taken up again"),
    "answered": _l("There is an answer to what you follow"),
}


def parcel_of(letter: Letter, receipt: Receipt, station: Station, secret: str) -> Parcel:
    """What goes out: what happened, the number, the station, and where to read it."""
    with translation.override(receipt.language):
        number = receipt.matter.number if receipt.matter else ""
        titles = _TITLES if receipt.kind == Receipt.Kind.REPORTER else _FOLLOWED
        path = f"{reverse('window:track')}#{number}" + (f".{secret}" if secret else "")
        message = Message(
            str(titles[letter.what]), path, number=number, place=station.name, lines=tuple(_lines(letter.what, secret))
        )
        return Parcel(
            key=str(letter.key), thread=f"receipt:{receipt.pk}", kind=f"window.{letter.what}", grade=0, message=message,
            link=settings.ENV.url.rstrip("/") + path, language=receipt.language,
            why=_("You left this address to be told what comes of it."), station=station.code, at=letter.created_at,
            stop=settings.ENV.url.rstrip("/") + reverse("window:track_stop", args=[stop_token(receipt.pk)]),
        )  # fmt: skip


def _lines(what: str, secret: str) -> list[str]:
    if what == Letter.What.RECEIVED and secret:
        return [_("Secret: %(secret)s") % {"secret": secret},
                _("Keep this message and pass it on to nobody: whoever has it can read the report.")]  # fmt: skip
    if what == Letter.What.ANSWERED:
        return [_("Read it with your number and secret, and say whether it is mended.")]
    return [_("Read more with your number and secret.")]


def stop_token(receipt_id: int) -> str:
    """What stands in the address at which somebody says that they want no more letters; it opens nothing."""
    return signing.Signer(salt=SALT).sign(str(receipt_id))


def read_stop(token: str) -> int | None:
    """The receipt behind such an address; None for any other text."""
    try:
        return int(signing.Signer(salt=SALT).unsign(token[:LONGEST]))
    except (signing.BadSignature, ValueError):
        return None
