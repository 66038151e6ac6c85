"""The forms behind a receipt: opening it, adding, rating, taking back, and what is kept of its holder."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.base.uploads import Files
from jishi.matters.actions.words import LONGEST
from jishi.privacy import consent
from jishi.window.actions.reporting import LONGEST_WORDS
from jishi.window.actions.sending import MOST_PHOTOS
from jishi.window.forms.contact import LONGEST_NAME, ContactForm
from jishi.window.forms.report import ACCEPTED, PhotosField

_STARS = [(1, _("very bad")), (2, _("bad")), (3, _("so-so")), (4, _("good")), (5, _("very good"))]


def stars_field(label: Any) -> forms.TypedChoiceField:
    """Stars from 1 to 5, or none."""
    return forms.TypedChoiceField(
        label=label, choices=_STARS, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )


class OpenForm(forms.Form):
    """The number and the secret of a receipt, however they are typed."""

    number = forms.CharField(
        label=_("Number"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Secret"), max_length=40,
        help_text=_("Twelve signs, such as 7QK2-MX94-T0BD. Dashes and small letters do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class AddForm(forms.Form):
    """A word or photos more."""

    text = forms.CharField(
        label=_("What do you want to add?"), max_length=LONGEST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )  # fmt: skip
    files = PhotosField(  # type: ignore[assignment]  # the field, not what was sent
        label=_("Photos"), required=False, widget=Files(attrs={"multiple": True, "accept": ACCEPTED}),
        help_text=_("At most 5, each at most 10 MB. Where and with what they were taken is removed."),
    )  # fmt: skip
    publish = forms.BooleanField(label=_("These photos may be published"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.agreement = consent.current("publish_photo")
        self.fields["publish"].help_text = self.agreement.text

    def clean_files(self) -> list[Any]:
        """At most five at once."""
        files: list[Any] = self.cleaned_data["files"]
        if len(files) > MOST_PHOTOS:
            raise ValidationError(_("Only five photos can be taken."), code="many")
        return files

    def clean(self) -> dict[str, Any]:
        """A word or a photo there must be."""
        values = self.cleaned_data
        if not values.get("text", "").strip() and not values.get("files") and not self.errors:
            self.add_error("text", _("Write something or choose a photo."))
        return values

    @property
    def consents(self) -> tuple[str, ...]:
        """What was agreed to with these photos."""
        agreed = self.cleaned_data["publish"] and self.cleaned_data["files"]
        return (self.agreement.code,) if agreed else ()


class RateForm(forms.Form):
    """Is it mended?  And stars for the result and for the manner apart."""

    mended = forms.TypedChoiceField(
        label=_("Is it mended?"), widget=forms.RadioSelect, coerce=lambda word: word == "yes",
        choices=[("yes", _("Yes, it is mended")), ("no", _("No, it is not"))],
        error_messages={"required": _("Say whether it is mended.")},
    )  # fmt: skip
    result = stars_field(_("What came of it"))
    manner = stars_field(_("How you were treated"))
    text = forms.CharField(
        label=_("In your words"), max_length=LONGEST["reason"], required=False,
        help_text=_("If it is not mended: what is still wrong?"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whoever says that it is not mended says what is wrong."""
        values = self.cleaned_data
        if values.get("mended") is False and not values.get("text", "").strip():
            self.add_error("text", _("Say what is still wrong, so that somebody can go and look."))
        return values


class DisputeForm(forms.Form):
    """It is not mended, and why."""

    reason = forms.CharField(
        label=_("What is still wrong?"), max_length=LONGEST["reason"],
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Say what is still wrong, so that somebody can go and look.")},
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Taking a report back: why, if somebody wants to say, and that they mean it."""

    reason = forms.CharField(
        label=_("Why?"), max_length=LONGEST["reason"], required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )  # fmt: skip
    sure = forms.BooleanField(
        label=_("I take my report back"), error_messages={"required": _("Tick this if you mean it.")}
    )


class OwnForm(ContactForm):
    """What is kept of the holder of a receipt; ``named`` where a name stands beside it."""

    field_order = ("name", "phone", "email", "agree")

    name = forms.CharField(
        label=pgettext_lazy("window", "What to call you"), max_length=LONGEST_NAME, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    agree = forms.BooleanField(label=_("I agree"), required=False)

    def __init__(self, *args: Any, named: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.agreement = consent.current("contact")
        self.fields["agree"].help_text = self.agreement.text
        if named:
            del self.fields["agree"]
        else:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        """An address is kept with the consent to use it alone."""
        values = self.cleaned_data
        if "agree" in self.fields and (values.get("phone") or values.get("email")) and not values.get("agree"):
            self.add_error("agree", _("Tick that we may use it to tell you, or leave both empty."))
        return values
