"""What the form of a report says by its script, in the language of the reader."""

from __future__ import annotations

from django.utils.translation import gettext as _


def form_words() -> dict[str, str]:
    """The sentences by name; ``{when}`` and ``{name}`` are filled in by the script."""
    return {
        "back": _("What you wrote at {when} is here again. Photos too, contacts not."),
        "discard": _("Throw it away and start anew"),
        "waiting": _(
            "No connection. Your report is kept on this phone and is sent by itself as soon as there is one. "
            "Leave this page open, or open it again later."
        ),
        "queued": _("The report of {when} has not arrived yet. It is being sent …"),
        "sending": _("Sending …"),
        "busy": _(
            "The station does not answer just now. Your report is kept on this phone and is sent again by itself."
        ),
        "many": _("Only five photos can be taken."),
        "remove": _("Remove {name}"),
        "asking": _("Asking the phone …"),
        "nowhere": _("The phone gives no position. Mark it on the map, or write where it is."),
        "receipt": _("Your last report from here: show its receipt again"),
    }
