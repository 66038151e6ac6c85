"""The forms of the station's part: a notice, a report at the counter, a place at the counter, the survey."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.uploads import FilesField
from jishi.matters.actions import Place
from jishi.window.actions.notices import Said
from jishi.window.actions.reporting import LONGEST_PLACE, LONGEST_WORDS
from jishi.window.forms.contact import LONGEST_NAME, ContactForm
from jishi.window.models import Notice
from jishi.window.queries.places import PublicPlace
from jishi.window.queries.suggestions import category_choices
from jishi.window.surveying import edition


class RefusingForm(forms.Form):
    """A form that says a refusal where it belongs."""

    def refuse(self, refused: Refused) -> None:
        """Say it at the field that it is about, or above all where it is about none."""
        name = str(refused.facts.get("field", ""))
        self.add_error(name if name in self.fields else None, sentence(refused))


class NoticeForm(RefusingForm):
    """A notice: Chinese words, English ones where somebody writes them, and for how long it is shown."""

    title_zh = forms.CharField(label=_("Title"), max_length=80, help_text=_("In Chinese, in one line."))
    text_zh = forms.CharField(
        label=pgettext_lazy("notice", "Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("In Chinese, as you would tell it to a neighbour. An empty line begins a paragraph."),
    )  # fmt: skip
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    text_en = forms.CharField(
        label=_("Text in English"), max_length=6000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    starts = forms.DateTimeField(
        label=pgettext_lazy("notice", "Shown from"), required=False, help_text=_("Left empty: from now on."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    ends = forms.DateTimeField(
        label=pgettext_lazy("notice", "Shown until"), required=False,
        help_text=_("Left empty: until somebody withdraws it."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    pinned = forms.BooleanField(label=_("It stands first, before newer ones"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    ENGLISH = ("title_en", "text_en")

    def said(self, now: datetime) -> Said:
        """What is written."""
        given = self.cleaned_data
        words = {name: given[name].replace("\r\n", "\n").strip() for name in ("title_zh", "text_zh", *self.ENGLISH)}
        return Said(**words, starts=given["starts"] or now, ends=given["ends"], pinned=given["pinned"])

    @staticmethod
    def of(notice: Notice) -> dict[str, Any]:
        """What the form begins with for a notice."""
        names = ("title_zh", "text_zh", "title_en", "text_en", "starts", "ends", "pinned", "version")
        return {name: getattr(notice, name) for name in names}


class CounterForm(RefusingForm, ContactForm):
    """What somebody tells at the counter, written down by a clerk."""

    words = forms.CharField(
        label=_("What is it?"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        help_text=_("In their own words. Who it is belongs below, not here."),
    )  # fmt: skip
    category = forms.ChoiceField(label=_("Kind"), required=False)
    place = forms.CharField(
        label=_("Where is it?"), max_length=LONGEST_PLACE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    element = forms.CharField(max_length=40, required=False)
    area = forms.TypedChoiceField(label=pgettext_lazy("window", "Area"), required=False, coerce=int, empty_value=None)
    files = FilesField()  # type: ignore[assignment]  # the field, not what was sent
    urgent = forms.BooleanField(
        label=_("An urgent need that cannot wait"), required=False,
        help_text=_("It stands first in the desk's queue until somebody confirms it or says why not."),
    )  # fmt: skip
    name = forms.CharField(
        label=pgettext_lazy("window", "What to call them"), max_length=LONGEST_NAME, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    agree = forms.BooleanField(label=_("I read this to them, and they agreed."), required=False)
    language = forms.ChoiceField(
        label=_("Language of the receipt"), choices=[("zh-hans", "中文"), ("en", "English")], widget=forms.RadioSelect
    )
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, areas: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "email"):  # they are the citizen's, not the clerk's
            self.fields[name].widget.attrs["autocomplete"] = "off"
        kind, area = self.fields["category"], self.fields["area"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(area, forms.TypedChoiceField)
        kind.choices = [("", _("The desk decides")), *category_choices()]
        area.choices = [("", _("The desk decides")), *areas]

    def clean(self) -> dict[str, Any]:
        """A contact only with consent."""
        values = self.cleaned_data
        if self.contact() and not values.get("agree"):
            self.add_error(
                "agree", _("Read the text to them and tick that they agree, or leave name and contact empty.")
            )
        return values

    def where(self, known: PublicPlace | None) -> Place:
        """Where it is.  ``known`` is the place of the register that was chosen."""
        given = self.cleaned_data
        return Place(name=given["place"].strip(), area=given["area"], element=known.id if known else None)


class SurveyForm(RefusingForm):
    """The survey: an area, and each question with its five answers."""

    area = forms.TypedChoiceField(label=_("Which area do you live or work in?"), coerce=int)

    def __init__(self, areas: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.TypedChoiceField)
        area.choices = [("", "—"), *areas]
        for question in edition().questions:
            self.fields[question.code] = forms.TypedChoiceField(
                label=question.text, coerce=int, choices=list(question.answers), widget=forms.RadioSelect,
                error_messages={"required": _("Choose an answer.")},
            )  # fmt: skip

    def answers(self) -> dict[str, int]:
        """The answers by question."""
        return {question.code: self.cleaned_data[question.code] for question in edition().questions}
