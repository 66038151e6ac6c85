"""What a member of staff fills in about themselves."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jishi.stations.actions import LONGEST_TOKEN_DAYS
from jishi.stations.models import ApiToken


class TokenForm(forms.Form):
    """A new key to the API."""

    label = forms.CharField(
        label=_("What it is for"),
        max_length=60,
        help_text=_("Such as “night report” or “map screen”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=ApiToken.Scope.choices,
        initial=[ApiToken.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("Good for, in days"),
        min_value=1,
        max_value=LONGEST_TOKEN_DAYS,
        initial=90,
        help_text=_("A year at most. Shorter is safer."),
    )
