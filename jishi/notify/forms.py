"""How somebody wants to be told."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jishi.notify import kinds
from jishi.notify.models import Preference
from jishi.notify.ways import TO_PERSONS

_MOBILE = re.compile(r"\+?[0-9]{6,15}")
_GAPS = re.compile(r"[ \-()（）]")


class PreferenceForm(forms.Form):
    """Channels by group of notices, and the hours in which only red gets through."""

    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, preference: Preference, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"quiet_from": preference.quiet_from, "quiet_until": preference.quiet_until}
        super().__init__(*args, **kwargs)
        self.groups = kinds.groups()
        for group in self.groups:
            self.fields[f"to_{group.code}"] = forms.MultipleChoiceField(
                label=group.label,
                required=False,
                choices=[(channel.value, channel.label) for channel in TO_PERSONS],
                widget=forms.CheckboxSelectMultiple,
                initial=sorted(preference.channels.get(group.code, group.usual)),
            )

    def rows(self) -> list[tuple[Any, list[tuple[str, Any, bool]]]]:
        """The matrix: each group with its boxes (name, channel, ticked)."""
        return [(group.label, self._boxes(f"to_{group.code}")) for group in self.groups]

    def channels(self) -> dict[str, list[str]]:
        """What was chosen, by group."""
        return {group.code: self.cleaned_data[f"to_{group.code}"] for group in self.groups}

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end."""
        starts, ends = self.cleaned_data.get("quiet_from"), self.cleaned_data.get("quiet_until")
        if not self.errors and (starts is None) != (ends is None):
            missing = "quiet_until" if ends is None else "quiet_from"
            self.add_error(missing, _("Quiet hours need both a beginning and an end. Leave both empty for none."))
        elif starts is not None and starts == ends:
            self.add_error("quiet_until", _("This would be the whole day. Give another end, or leave both empty."))
        return self.cleaned_data

    def _boxes(self, name: str) -> list[tuple[str, Any, bool]]:
        ticked = self[name].value() or []
        return [(name, channel, channel.value in ticked) for channel in TO_PERSONS]


class MobileForm(forms.Form):
    """The number at which somebody is texted."""

    mobile = forms.CharField(
        label=_("Mobile number"),
        max_length=24,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Of your duty phone. It is sealed, and used for nothing but text messages about matters."),
    )

    def clean_mobile(self) -> str:
        """The digits alone, with the + of a country's code."""
        number = _GAPS.sub("", self.cleaned_data["mobile"])
        if not _MOBILE.fullmatch(number):
            raise ValidationError(_("This is not a telephone number. Give its digits, such as 13800138000."))
        return number
