"""The sentences of this room's refusals."""

from django.utils.translation import gettext_lazy as _

from jishi.base.sentences import register

register(
    {
        "receipt_unknown": _(
            "No report can be opened with this number and secret. Compare both with your receipt, sign by sign."
        ),
        "too_often": _(
            "Too many were sent from this connection. What you wrote is kept here; try again in %(minutes)s minutes."
        ),
        "from_elsewhere": _("This came from another site. Open the page here and send it again."),
        "stamp_unknown": _("This form was not given out here. Open it again; what you wrote is kept."),
        "stamp_old": _("This form has been open for more than three days. Send it once more."),
        "words_missing": _("Say in a few words what it is, or choose a category."),
        "label_unknown": _("This code leads nowhere any more. Report it by address or on the map."),
        "held_decided": _("Somebody has already decided on this report."),
        "undo_late": _("It was thrown away more than seven days ago and is gone for good."),
    }
)
