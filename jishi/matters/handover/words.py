"""What the handover says when it refuses, and why a matter stays where it is."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jishi.base.sentences import register

register(
    {
        "handover_same_person": gettext_lazy("Somebody else takes the shift over. Choose another person."),
        "handover_elsewhere": gettext_lazy("%(name)s does not work at this station. Choose somebody else."),
        "handover_wrong_unit": gettext_lazy("You do not work in this unit. Hand over the work of your own unit."),
        "handover_waiting": gettext_lazy(
            "You have signed already, and %(name)s has yet to sign. Take your page back before you sign another one."
        ),
        "handover_not_yours": gettext_lazy("This page names somebody else. Only the one it names can sign it."),
        "handover_signed": gettext_lazy("This page is signed by both and stays as it is. Begin a new one."),
        "handover_withdrawn": gettext_lazy("This page was taken back. Ask the one who leaves for a new one."),
    }
)


def why_kept(code: str) -> str:
    """Why a matter stays with the one who leaves, by the code of what kept it."""
    return {
        "wrong_state": _("it waits for somebody else's word now"),
        "not_allowed": _("the post does not allow to assign it"),
        "wrong_unit": _("another unit is responsible"),
        "person_elsewhere": _("who comes does not work in the unit"),
        "moved_on": _("it has moved on meanwhile"),
    }.get(code, _("it has moved on meanwhile"))
