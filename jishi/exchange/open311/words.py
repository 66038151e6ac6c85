"""What the code words of a failed errand say: what happened, and what to do.  And of photos that could not be taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jishi.notify.channels.words import says as says_of_channel

WORDS = {
    "open311_no_service": _("No service of the agency stands for this category. The administrator names one."),
    "open311_400": _("The agency's system does not take it as it is (400). The administrator compares the services."),
    "open311_403": _("The agency's system does not take the key (403). The administrator enters a new one."),
    "open311_404": _("The agency's system knows no such service, request or jurisdiction (404)."),
    "open311_unclear": _("The answer is not one of the standard. Look at the address."),
}


def says(code: str) -> str:
    """The sentence of a code word, in the active language; nothing for none."""
    if not code:
        return ""
    known = WORDS.get(code)
    return str(known) if known is not None else says_of_channel(code)


def could_not_be_taken(photos: int) -> str:
    """That so many photos could not be taken, in the active language."""
    return ngettext("%(num)s photo could not be taken.", "%(num)s photos could not be taken.", photos) % {"num": photos}
