"""The sentences of what the station's part refuses."""

from django.utils.translation import gettext_lazy as _

from jishi.base.sentences import register

register(
    {
        "notice_half_english": _("In English a notice needs both its title and its text, or neither."),
        "notice_ends_first": _("A notice ends after it begins. Choose a later end, or leave it empty."),
        "notice_withdrawn": _("This notice was withdrawn. Write a new one."),
        "slot_closed": _("This half hour cannot be booked any more. Choose another one."),
        "slot_full": _("Somebody else took the last place of this half hour. Choose another one."),
        "appointment_unknown": _("No place stands under this code. Compare it with what you wrote down, sign by sign."),
        "appointment_over": _("This place cannot be given back any more: its time has come."),
        "appointment_moved": _("Somebody else has called this number meanwhile. Look at the queue as it stands now."),
        "area_elsewhere": _("Choose the area that you answer for."),
        "survey_incomplete": _("Each question needs an answer. Choose one where none is chosen."),
        "survey_today": _("An answer has come from this browser today. Thank you; come back another day."),
        "looks_machine": _("This came faster than anybody reads. Wait a few seconds and send it once more."),
    }
)
