"""The forms of Open311: a key for a client, and how an agency's system is reached."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jishi.exchange.open311.actions import keys
from jishi.exchange.open311.models import Counterpart
from jishi.matters import catalogue

_OFF = {"autocomplete": "off", "spellcheck": "false"}


class KeyForm(forms.Form):
    """What a key is for, for how long, and how much."""

    label = forms.CharField(
        label=_("What it is for"), max_length=60, widget=forms.TextInput(attrs=_OFF),
        help_text=_("Such as the name of the system that reports."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Good for (days)"), min_value=1, max_value=keys.MOST_DAYS, initial=keys.USUAL_DAYS
    )
    per_minute = forms.IntegerField(
        label=_("Posts a minute at most"), min_value=1, max_value=keys.MOST_POSTS, initial=keys.USUAL_POSTS
    )


class CounterpartForm(forms.Form):
    """Where an agency's system is, and which of its services stands for which category."""

    url = forms.CharField(
        label=_("Address"), max_length=300, widget=forms.URLInput(attrs=_OFF),
        help_text=_("The endpoint of GeoReport v2, such as https://api.example.org/open311/v2"),
    )  # fmt: skip
    jurisdiction = forms.CharField(
        label=_("Jurisdiction"), max_length=80, required=False, widget=forms.TextInput(attrs=_OFF),
        help_text=_("jurisdiction_id, where the agency says that it is needed."),
    )  # fmt: skip
    key = forms.CharField(
        label=_("API key"), max_length=400, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("The agency gives it to you. It is kept sealed and never shown again."),
    )  # fmt: skip
    services = forms.CharField(
        label=_("Services"), max_length=4000, widget=forms.Textarea(attrs={**_OFF, "rows": 6}),
        help_text=_("A line for each: our category = their service code. “* = code” stands for all others."),
    )  # fmt: skip

    def __init__(self, *args: Any, known: Counterpart | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known is None:
            return
        self.fields["url"].initial, self.fields["jurisdiction"].initial = known.url, known.jurisdiction
        self.fields["services"].initial = "\n".join(
            f"{code or '*'} = {theirs}" for code, theirs in sorted(known.services.items())
        )
        if known.key_sealed is not None:
            self.fields["key"].help_text = gettext("●●● is kept. Leave it empty to keep it.")

    def clean_services(self) -> dict[str, str]:
        """The lines, read."""
        found: dict[str, str] = {}
        for line in str(self.cleaned_data["services"]).splitlines():
            ours, equals, theirs = (part.strip() for part in line.partition("="))
            if not line.strip():
                continue
            code = "" if ours == "*" else ours
            if not equals or not theirs or (code and code not in catalogue.categories()):
                raise ValidationError(gettext("This line cannot be used: %(line)s") % {"line": line.strip()[:80]})
            found[code] = theirs
        return found
