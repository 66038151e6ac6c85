"""The doors of a station's home that this part of the room brings."""

from django.utils.translation import gettext_lazy as _

from jishi.window.doors import Door, register_door

register_door(
    Door(
        "report", 10, _("Report something"),
        _("Something broken, dangerous or in the way: say what and where, with a photo if you like."),
        "window:report", "plus", main=True,
    )
)  # fmt: skip
