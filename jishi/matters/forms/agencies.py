"""The forms by which an outside agency answers, and the one that makes its link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.uploads import FilesField
from jishi.matters.agencies.actions import MOST_DAYS, USUAL_DAYS


class MakeLinkForm(forms.Form):
    """For how many days the link opens the matter."""

    days = forms.IntegerField(label=_("Good for (days)"), min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS)


class AnswerForm(forms.Form):
    """What every answer has: the key that makes it harmless to send twice."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def words(self) -> dict[str, str]:
        """The words of the answer."""
        return {name: self.cleaned_data[name] for name in ("reason", "text") if name in self.cleaned_data}

    def uploads(self) -> list[Any]:
        """The files that come with it."""
        return list(self.cleaned_data.get("files") or [])

    def refuse(self, refused: Refused) -> None:
        """Say what stands in the way, at the field that it is about."""
        name = str(refused.facts.get("field", "files" if refused.code.startswith("file_") else ""))
        said = KINDLY % refused.facts if refused.code == "personal" else sentence(refused)
        self.add_error(name if name in self.fields else None, said)


KINDLY = _(
    "This holds what identifies a person (%(what)s). Please take it out: the station has what it needs to reach those "
    "concerned, and everything else that you wrote is still here."
)


class AcceptForm(AnswerForm):
    """It is taken on."""


class ReturnForm(AnswerForm):
    """It is not for this agency, and why."""

    reason = forms.CharField(
        label=pgettext_lazy("agency", "Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Say whose it should be, or what is missing. No names and telephone numbers."),
    )  # fmt: skip


class ReportForm(AnswerForm):
    """It is done: what was done, and photos of it."""

    text = forms.CharField(
        label=pgettext_lazy("agency", "What was done"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was found, what was done, when. No names and telephone numbers."),
    )  # fmt: skip
    files = FilesField()  # type: ignore[assignment]  # the field, not what was sent


FORMS: Mapping[str, type[AnswerForm]] = {"accept": AcceptForm, "return": ReturnForm, "report": ReportForm}
