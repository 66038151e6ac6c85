"""The form of a report, for the public: the fewest fields, and nothing that is required but what and where."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.base.errors import Refused
from jishi.base.fields import unchanging
from jishi.base.uploads import Files
from jishi.matters.actions import Place
from jishi.privacy import consent
from jishi.window.actions.reporting import LONGEST_PLACE, LONGEST_WORDS, Report
from jishi.window.forms.contact import LONGEST_NAME, ContactForm
from jishi.window.queries.places import PublicPlace
from jishi.window.queries.suggestions import category_choices, is_open

#: What is taken.  A phone that keeps another format of its own sends a JPEG where that is not asked for.
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class SaidField(forms.CharField):
    """Words as somebody wrote them, without the sign of nothing, which no database keeps."""

    def to_python(self, value: Any) -> str:
        """The words."""
        return str(super().to_python(value)).replace("\x00", "")


class PhotosField(forms.FileField):
    """Photos, several at once; which of them can be taken is said after the report is."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files that were sent, at most five; empty ones count for nothing."""
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return list(files)


@unchanging
class ReportForm(ContactForm):
    """What and where; all else may be left out."""

    words = SaidField(
        label=_("What is it?"), max_length=LONGEST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )  # fmt: skip
    category = forms.CharField(max_length=40, required=False)
    other = forms.CharField(label=_("Kind"), max_length=40, required=False)
    place = SaidField(
        label=_("Where is it?"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "done"}),
    )  # fmt: skip
    element = forms.CharField(max_length=40, required=False)
    at = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
    lon = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)
    lat = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)
    files = PhotosField(  # type: ignore[assignment]  # a form calls all that was sent so, too
        label=_("Photos"), required=False, widget=Files(attrs={"multiple": True, "accept": ACCEPTED}),
        help_text=_("At most 5, each at most 10 MB. Where and with what they were taken is removed."),
    )  # fmt: skip
    urgent = forms.BooleanField(
        label=_("This is an urgent need and cannot wait"), required=False,
        help_text=_("The desk looks at it first; it confirms the mark or says why not."),
    )  # fmt: skip
    name = SaidField(
        label=pgettext_lazy("window", "What to call you"), max_length=LONGEST_NAME, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    agree = forms.CharField(label=_("That we may answer you"), max_length=40, required=False)
    photos_agree = forms.CharField(max_length=40, required=False)

    def clean_other(self) -> str:
        """The category: a suggested one, else one of the list, else none: an odd value costs nobody their report."""
        wanted = (str(self.cleaned_data.get("category", "")), str(self.cleaned_data["other"]))
        code = next((each for each in wanted if is_open(each)), "")
        self.cleaned_data["category"] = code
        return code

    def clean_agree(self) -> str:
        """The text on contacts that was agreed to, or none."""
        return _agreed(self.cleaned_data["agree"], "contact")

    def clean_photos_agree(self) -> str:
        """The text on showing photos that was agreed to, or none."""
        return _agreed(self.cleaned_data["photos_agree"], "publish_photo")

    def clean(self) -> dict[str, Any]:
        """What and where there must be; a contact only with consent."""
        values = self.cleaned_data
        if not str(values.get("words", "")).strip() and not values.get("category") and "words" not in self.errors:
            self.add_error("words", _("Say in a few words what it is, or choose its kind."))
        where = values.get("place", "").strip() or values.get("element") or values.get("at") or self.point()
        if not where and "place" not in self.errors:
            self.add_error("place", _("Say where it is: an address, what stands beside it, or a point on the map."))
        if self.contact() and not values.get("agree") and not {"name", "phone", "email"} & set(self.errors):
            self.add_error("agree", _("Tick that we may use it to answer you, or leave name and contact empty."))
        return values

    def point(self) -> tuple[float, float] | None:
        """The point on the map, in WGS-84; None where there is none or it is nowhere on earth."""
        try:
            lon, lat = float(self.cleaned_data.get("lon", "")), float(self.cleaned_data.get("lat", ""))
        except ValueError:
            return None
        return (lon, lat) if -180 <= lon <= 180 and -85 <= lat <= 85 else None

    def report(self, known: PublicPlace | None, language: str) -> Report:
        """What is reported.  ``known`` is the place of the register that was chosen, or whose code was scanned."""
        values, point = self.cleaned_data, self.point()
        told = values["place"].strip()
        place = Place(
            name=(told or (known.name if known else ""))[: 2 * LONGEST_PLACE],
            lon=point[0] if point else None, lat=point[1] if point else None, element=known.id if known else None,
        )  # fmt: skip
        contact = self.contact()
        agreed = [values["agree"] if contact else "", values["photos_agree"]]
        return Report(
            values["words"].strip(), values["category"] or None, place, contact, bool(values["urgent"]),
            " ".join(filter(None, agreed)) or None,
            language=language,
        )  # fmt: skip

    def point_given(self) -> bool:
        """Whether the form comes with a point."""
        return bool(self["lon"].value() and self["lat"].value())

    def has_contact(self) -> bool:
        """Whether the form comes with a contact, so that its fields are shown."""
        return any(self[name].value() for name in ("name", "phone", "email"))

    def category_groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """All kinds to choose from."""
        return category_choices()


def _agreed(code: str, purpose: str) -> str:
    """The code of a text for this purpose, when there is such a one; an odd value agrees to nothing."""
    try:
        return code if consent.covers(consent.check([code]), purpose) else ""
    except Refused:
        return ""
