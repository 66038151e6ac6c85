"""What is filled in to keep a matter beyond its time, and to show something of it to the public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jishi.files.covering import MOST_BOXES, Box
from jishi.matters.keeping.holds import LONGEST as LONGEST_REASON
from jishi.matters.models import PublishedPhoto
from jishi.matters.publishing.actions import LONGEST as LONGEST_WORDS

#: The sides of a covered place as the form sends them, in percent of the photo.
SIDES = ("left", "top", "width", "height")


class HoldForm(forms.Form):
    """Why the contents of a matter must not be deleted."""

    reason = forms.CharField(
        label=_("Why it must be kept"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as the file number of a case or a request of a court. No names of the public."),
    )  # fmt: skip


class WordsForm(forms.Form):
    """What the public is told of a matter."""

    text = forms.CharField(
        label=_("What the public reads"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In your own words: what it is and what is done. No names, numbers, plates or flats."),
    )  # fmt: skip


class PhotoForm(forms.Form):
    """What the photo shows, and the word that nobody can be known in it.  The covered places stand beside it."""

    when = forms.ChoiceField(
        label=_("The photo shows it"), choices=PublishedPhoto.When.choices, widget=forms.RadioSelect
    )
    confirmed = forms.BooleanField(
        label=_("I have looked at the whole photo: nothing that is left identifies anybody."),
        error_messages={"required": _("Look at the photo once more, then say that nothing in it identifies anybody.")},
    )


class Rows:
    """The rows of covered places as they were sent: percent as text, and whether each can be read."""

    def __init__(self, data: Any = None, *, more: bool = False) -> None:
        columns = [data.getlist(side)[: MOST_BOXES + 1] for side in SIDES] if data is not None else [[], [], [], []]
        rows = [dict(zip(SIDES, values, strict=True)) for values in zip(*columns, strict=False)]
        self.rows: list[Mapping[str, str]] = [row for row in rows if any(value.strip() for value in row.values())]
        self.blank = more or not self.rows

    @property
    def shown(self) -> list[Mapping[str, str]]:
        """The rows to draw, with an empty one to fill in."""
        return [*self.rows, dict.fromkeys(SIDES, "")] if self.blank else self.rows

    def boxes(self) -> list[Box] | None:
        """The places as shares of the photo; None where a number cannot be read."""
        try:
            return [Box(*self._shares(row)) for row in self.rows]
        except ValueError:
            return None

    def _shares(self, row: Mapping[str, str]) -> Iterable[float]:
        return (float(row[side].strip().replace(",", ".")) / 100 for side in SIDES)
