"""Why a contact is opened: a code, never words."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REASONS = {
    "call_back": _("to ask about this place"), "visit": _("to meet on site"), "emergency": _("somebody is in danger"),
    "correct": _("to correct what was entered"), "oversight": _("to check how this place is kept"),
}  # fmt: skip


class RevealForm(forms.Form):
    """What for."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("reveal", "What for"), widget=forms.RadioSelect, choices=list(REASONS.items())
    )
