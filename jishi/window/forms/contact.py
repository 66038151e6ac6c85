"""How to reach somebody, as three forms of the window ask for it: the report, the counter, and what is kept."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.window.contact import Contact

LONGEST_NAME = 40


class ContactForm(forms.Form):
    """Phone and e-mail, either or none.  A form that asks for a name too has a field ``name``."""

    phone = forms.RegexField(
        r"^[0-9+\-() ]{5,24}$", label=pgettext_lazy("window", "Phone"), max_length=24, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": _("Write the number with digits alone, or leave it out.")},
    )  # fmt: skip
    email = forms.CharField(
        label=pgettext_lazy("window", "E-mail"), max_length=90, required=False,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
    )  # fmt: skip

    def clean_email(self) -> str:
        """An address of mail, or none."""
        email = str(self.cleaned_data["email"]).strip()
        if email:
            try:
                validate_email(email)
            except ValidationError as error:
                raise ValidationError(_("Look at the address again, or leave it out."), code="invalid") from error
        return email

    def contact(self) -> Contact:
        """How to reach whoever is meant."""
        return Contact(*(str(self.cleaned_data.get(name, "")).strip() for name in ("name", "phone", "email")))
