"""The sentences of this room's refusals."""

from django.utils.translation import gettext_lazy as _

from jishi.base.sentences import register

register(
    {
        "receipt_unknown": _(
            "No report can be opened with this number and secret. Compare both with your receipt, sign by sign."
        ),
        "receipt_shut": _(
            "For your safety a report stays open for half an hour. Open it again with its number and secret."
        ),
        "receipt_waits": _("The desk has not looked at it yet. Come back when it has taken it up."),
        "reporter_first": _("Whoever reported it says whether it is mended. If it is not, say so on your page."),
        "moved_on": _("It has moved on in the meantime. Look at how it stands now; what you wrote is still here."),
        "cannot_unfollow": _("This is a report, which is not followed but taken back."),
        "cannot_withdraw": _("It cannot be taken back now. Your page says where it stands."),
        "too_many_tries": _("Too many wrong tries came from this connection. Wait %(minutes)s minutes and try again."),
        "too_often": _(
            "Too many were sent from this connection. What you wrote is kept here; try again in %(minutes)s minutes."
        ),
        "from_elsewhere": _("This came from another site. Open the page here and send it again."),
        "stamp_unknown": _("This form was not given out here. Open it again; what you wrote is kept."),
        "stamp_old": _("This form has been open for more than three days. Send it once more."),
        "nearby_gone": _("This one was closed in the meantime. If it is still there, report it."),
        "too_many_labels": _("At most %(most)s labels are printed at once. Narrow the list down."),
        "label_closed": _("%(number)s stands no more, so that a code on it would lead nowhere."),
        "held_decided": _("Somebody has already decided on this report."),
        "undo_late": _("It was thrown away more than seven days ago and is gone for good."),
    }
)
