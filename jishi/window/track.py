"""What the following of a report brings by being there: its door, its letters, who is answered."""

from django.utils.translation import gettext_lazy as _

from jishi.window import answering, letter_jobs, receipt_panel
from jishi.window.doors import Door, register_door

__all__ = ["answering", "letter_jobs", "receipt_panel"]

register_door(
    Door(
        "track", 20, _("My report"), _("See where it stands, add to it, read the answer: with your number and secret."),
        "window:track", "search", at_station=False,
    )
)  # fmt: skip
