"""The forms of the other commands: closing, merging, links, parts, contacts, visits, counts, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.base.uploads import FilesField
from jishi.register import labels
from jishi.register.actions.contacts import MOST_REACH
from jishi.register.catalogue import MOST_DAYS
from jishi.register.forms.element import From, Hidden
from jishi.register.models import Contact, Element
from jishi.register.queries import elements_at
from jishi.register.visits import HAZARDS, NEEDS
from jishi.stations.models import Staff


class CommandForm(Hidden):
    """A command to one element; most need nothing but that it is meant."""

    def __init__(self, element: Element, user: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.element, self.user = element, user

    def find(self, number: str) -> Element:
        """The other element of a command, at the same station."""
        found = elements_at(self.user, self.element.station_id).filter(number=number.strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("There is no element of this number at this station."), code="unknown")
        if found.pk == self.element.pk:
            raise forms.ValidationError(_("This is the same element. Give the number of the other one."), code="same")
        return found


class SourcedForm(CommandForm, From):
    """A command that may rest on a list."""


def _number() -> forms.CharField:
    return forms.CharField(
        label=_("Number of the other one"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "nearby-numbers"}),
        help_text=_("Such as XH-E-000123; those nearby are offered."),
    )  # fmt: skip


class MergeForm(CommandForm):
    """Which of the two stays."""

    number = _number()
    keep = forms.ChoiceField(label=_("Which one stays?"), widget=forms.RadioSelect, initial="this", choices=[
        ("this", _("This one; the other one leaves the register and points here")),
        ("other", _("The other one; this one leaves the register and points there")),
    ])  # fmt: skip

    def clean_number(self) -> Element:
        """The other element."""
        return self.find(self.cleaned_data["number"])


class LinkForm(CommandForm):
    """What this element is to another one."""

    kind = forms.ChoiceField(label=_("This element"), choices=[
        (f"{kind}-{way}", words[place])
        for place, way in enumerate(("to", "from")) for kind, words in labels.LINKS.items()
    ])  # fmt: skip
    number = _number()

    def clean_number(self) -> Element:
        """The other element."""
        return self.find(self.cleaned_data["number"])


class PartForm(CommandForm):
    """A part with a cadence of its own."""

    name = forms.CharField(
        label=pgettext_lazy("part", "Part"), max_length=60, help_text=_("A boiler room, a kitchen, a gas store."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )  # fmt: skip
    cadence = forms.IntegerField(
        label=_("To be verified every so many days"), min_value=1, max_value=MOST_DAYS, initial=30
    )


class ContactForm(CommandForm):
    """How a role at these premises is reached."""

    role = forms.ChoiceField(label=pgettext_lazy("contact", "Role"), choices=Contact.Role.choices)
    reach = forms.CharField(
        label=_("Number or address to reach them"), max_length=MOST_REACH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Sealed; opened one at a time, with a reason that is logged; deleted when the premises close."),
    )  # fmt: skip


class VisitForm(CommandForm):
    """A visit to a building, as counts."""

    at = forms.DateTimeField(
        label=pgettext_lazy("visit", "Visited"), required=False, help_text=_("Left open: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    doors = forms.IntegerField(label=_("Doors in the building"), min_value=0, max_value=10_000)
    reached = forms.IntegerField(label=_("Doors reached"), min_value=0, max_value=10_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group, codes in (("hazard", HAZARDS), ("need", NEEDS)):
            for code, label in codes.items():
                self.fields[f"{group}-{code}"] = forms.IntegerField(
                    label=str(label), required=False, min_value=0, max_value=10_000
                )

    def group(self, name: str) -> list[forms.BoundField]:
        """The fields of the hazards or of the needs."""
        return [field for field in self if field.name.startswith(f"{name}-")]

    def counts(self, name: str) -> Mapping[str, int]:
        """What was counted of a group, by code."""
        start = f"{name}-"
        return {key.removeprefix(start): n for key, n in self.cleaned_data.items() if key.startswith(start) and n}

    def clean_at(self) -> Any:
        """A moment that has come."""
        at = self.cleaned_data.get("at")
        if at and at > timezone.now():
            raise forms.ValidationError(_("This moment has not come yet."), code="future")
        return at

    def clean(self) -> dict[str, Any]:
        """No more doors are reached than there are."""
        found = super().clean() or self.cleaned_data
        if (found.get("reached") or 0) > (found.get("doors") or 0) and "doors" in found:
            self.add_error("reached", forms.ValidationError(_("More doors reached than there are."), code="many"))
        return found


class CountForm(CommandForm):
    """How many live in a building on a date."""

    date = forms.DateField(
        label=pgettext_lazy("count", "Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )  # fmt: skip
    households = forms.IntegerField(label=_("Households"), min_value=0, max_value=100_000)
    long_term = forms.IntegerField(label=_("Long-term residents"), min_value=0, max_value=100_000)
    temporary = forms.IntegerField(label=_("Temporary residents"), min_value=0, max_value=100_000)


class AttachForm(CommandForm):
    """Photos or papers."""

    files = FilesField(required=True)  # type: ignore[assignment]  # the field, not what was sent


#: The form of each command but ``change`` and ``verify``, which have the element's own fields.
FORMS: Mapping[str, type[CommandForm]] = {
    "close": SourcedForm, "reopen": SourcedForm, "merge": MergeForm, "unmerge": CommandForm, "link": LinkForm,
    "part": PartForm, "contact": ContactForm, "visit": VisitForm, "count": CountForm, "attach": AttachForm,
}  # fmt: skip
