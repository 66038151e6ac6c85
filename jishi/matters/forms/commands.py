"""One form for each command of the loop: its fields in, the values of the command out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.base.uploads import FilesField
from jishi.matters import answers, catalogue
from jishi.matters.forms.fields import element_field, element_of, optional_id, reason_field, text_field
from jishi.matters.forms.options import NOBODY, Options, category_choices, grade_choices, outcome_choices
from jishi.matters.models import Matter
from jishi.matters.queries.answering import answer_facts
from jishi.matters.queries.scope import visible_matters
from jishi.register.queries import elements_at

Values = dict[str, Any]
#: The rule that proposed the unit: the usual unit of the category.
RULE = "category_unit"


class CommandForm(forms.Form):
    """What every command's form has: the version that was seen, and the key that makes it harmless to send twice."""

    verb: ClassVar[str]
    #: The fields that change what the command leads to.
    telling: ClassVar[tuple[str, ...]] = ("unit", "category", "grade")
    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, options: Options, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        self.prepare()

    def prepare(self) -> None:
        """Fill the lists and what can be known beforehand."""

    def values(self) -> Values:
        """The fields of the command."""
        hidden = ("version", "key", "files")
        return {name: value for name, value in self.cleaned_data.items() if name not in hidden}

    def uploads(self) -> list[Any]:
        """The files that come with it."""
        return list(self.cleaned_data.get("files") or [])

    def foretold(self, given: Mapping[str, Any]) -> Values:
        """The choices that change what will happen: as ``given`` by the browser, else as the form proposes them."""
        values: Values = {}
        for name in (name for name in self.telling if name in self.fields):
            field = self.fields[name]
            values[name] = self.initial.get(name, field.initial)
            if given.get(name):
                with suppress(forms.ValidationError):
                    values[name] = field.clean(given[name])
        return values

    def choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Let the field ``name`` offer these."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class _KindForm(CommandForm):
    category = forms.ChoiceField(label=_("Category"))
    grade = forms.TypedChoiceField(label=_("Grade"), coerce=int, widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.choose("category", category_choices())
        self.choose("grade", grade_choices())
        state = self.options.state
        known = catalogue.categories().get(state.category or "")
        self.initial.setdefault("category", state.category or "")
        self.initial.setdefault("grade", state.grade or (known.grade if known else ""))


class TriageForm(_KindForm):
    verb = "triage"
    unit = forms.TypedChoiceField(
        label=_("Push to a unit at once"), required=False, coerce=optional_id, empty_value=None,
        help_text=_("Left open, it goes to the desk, which pushes it later."),
    )  # fmt: skip

    def prepare(self) -> None:
        super().prepare()
        self.choose("unit", [NOBODY, *self.options.units])
        self.initial.setdefault("unit", self.options.state.unit or "")


class AssessForm(_KindForm):
    verb = "assess"
    area = forms.TypedChoiceField(
        label=pgettext_lazy("matter", "Area"), required=False, coerce=optional_id, empty_value=None
    )
    title = forms.CharField(
        label=_("Title"), max_length=120, required=False, help_text=_("What it is about and where, without names.")
    )

    def prepare(self) -> None:
        super().prepare()
        self.choose("area", self.options.areas)
        self.initial.setdefault("area", self.options.state.area or "")

    def values(self) -> Values:
        values = super().values()
        if values["title"] == self.initial.get("title"):
            values["title"] = ""
        return values


class ReassessForm(_KindForm):
    verb = "reassess"
    reason = reason_field()


class DeclineForm(CommandForm):
    verb = "decline"
    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    reason = reason_field(_("The reporter is told the reason in your answer."))

    def prepare(self) -> None:
        self.choose("outcome", outcome_choices("no_action", "unverifiable", "out_of_scope"))


class ReasonForm(CommandForm):
    """A command that needs a reason and nothing else."""

    reason = reason_field()


class WithdrawForm(ReasonForm):
    verb = "withdraw"


class UnmergeForm(ReasonForm):
    verb = "unmerge"


class ReturnForm(ReasonForm):
    verb = "return"
    reason = reason_field(_("Say which unit should have it, or what is missing."))


class RecallForm(ReasonForm):
    verb = "recall"


class ReopenForm(ReasonForm):
    verb = "reopen"


class PlainForm(CommandForm):
    """A command that needs nothing filled in."""


class AcceptForm(PlainForm):
    verb = "accept"


class ResumeForm(PlainForm):
    verb = "resume"


class CloseForm(PlainForm):
    verb = "close"


class MergeForm(CommandForm):
    verb = "merge"
    number = forms.CharField(
        label=_("Number of the matter that lives on"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "similar-numbers"}),
    )  # fmt: skip

    def clean_number(self) -> Matter:
        """The matter of this number, where this person sees it."""
        number = str(self.cleaned_data["number"]).strip().upper()
        found = visible_matters(self.options.user).filter(number__iexact=number).only("pk", "number").first()
        if found is None:
            raise forms.ValidationError(_("There is no matter with this number. Look at the number again."))
        return found

    def values(self) -> Values:
        return {"root": self.cleaned_data["number"].pk}


class PushForm(CommandForm):
    verb = "push"
    unit = forms.TypedChoiceField(label=pgettext_lazy("matter", "Unit"), coerce=int)
    person = forms.TypedChoiceField(
        label=_("Person"), required=False, coerce=optional_id, empty_value=None,
        help_text=_("Only somebody of that unit; left open, the unit decides."),
    )  # fmt: skip

    def prepare(self) -> None:
        self.choose("unit", self.options.units)
        self.choose("person", self.options.people)
        state = self.options.state
        self.proposed = catalogue.proposed_unit(state.station, state.category)
        self.initial.setdefault("unit", self.proposed)

    def values(self) -> Values:
        values = super().values()
        return {**values, "rule": RULE if values["unit"] == self.proposed else ""}


class ReferForm(CommandForm):
    verb = "refer"
    agency = forms.TypedChoiceField(label=_("Agency"), coerce=int)
    unit = forms.TypedChoiceField(
        label=_("Unit that stays responsible"), required=False, coerce=optional_id, empty_value=None
    )
    reason = reason_field()

    def prepare(self) -> None:
        self.choose("agency", [NOBODY, *self.options.agencies])
        if self.options.state.state == "handling":
            del self.fields["unit"]
        else:
            self.choose("unit", self.options.units)
            self.initial.setdefault("unit", catalogue.ground(self.options.state.station).desk)


class AssignForm(CommandForm):
    verb = "assign"
    person = forms.TypedChoiceField(label=_("Person"), coerce=int)

    def prepare(self) -> None:
        self.choose("person", self.options.crew)
        self.initial.setdefault("person", self.options.state.assignee or self.options.user.pk)


class TransferForm(CommandForm):
    verb = "transfer"
    station = forms.TypedChoiceField(label=_("Station"), coerce=int)
    reason = reason_field()

    def prepare(self) -> None:
        self.choose("station", [NOBODY, *self.options.other_stations])


class LogForm(CommandForm):
    verb = "log"
    text = text_field(_("Note"), help_text=_("What was done or found, without names and numbers of persons."))
    files = FilesField()  # type: ignore[assignment]  # the field, not what was sent


class LocateForm(CommandForm):
    verb = "locate"
    element = element_field(
        help_text=_("What stands at this place, such as XH-E-000123. Left empty, the link is taken away.")
    )

    def prepare(self) -> None:
        rows = elements_at(self.options.user, self.options.state.station).filter(pk=self.options.state.element or 0)
        self.initial.setdefault("element", rows.values_list("number", flat=True).first() or "")

    def clean_element(self) -> int | None:
        """The element of this number, where it is in the station's register."""
        rows = elements_at(self.options.user, self.options.state.station)
        return element_of(rows, str(self.cleaned_data["element"]))


class SubmitForm(CommandForm):
    verb = "submit"
    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    text = text_field(_("What was done"))
    files = FilesField()  # type: ignore[assignment]  # the field, not what was sent

    def prepare(self) -> None:
        self.choose("outcome", outcome_choices("fixed", "no_action", "referred", "unverifiable"))
        self.initial.setdefault("outcome", "referred" if self.options.state.agency else "fixed")
        if self.options.state.needs_photo:
            self.fields["files"].help_text = _("This category needs a photo of the result. At most 9 files.")


class CheckForm(CommandForm):
    verb = "check"
    result = forms.ChoiceField(
        label=_("Result of the check"), widget=forms.RadioSelect,
        choices=[("pass", _("It passes")), ("rework", _("It goes back to be done again"))],
    )  # fmt: skip
    reason = reason_field(_("Needed when it goes back: say what is to be done again."), required=False)

    def clean(self) -> dict[str, Any]:
        """A matter that goes back needs a reason."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("result") == "rework" and not cleaned.get("reason"):
            self.add_error("reason", _("Say what is to be done again."))
        return cleaned


class AnswerForm(CommandForm):
    verb = "answer"
    text = text_field(_("Answer to the reporter"), rows=7)

    def prepare(self) -> None:
        state, facts = self.options.state, answer_facts(self.options.matter)
        self.templates = answers.fitting(state.outcome, state.category or "", facts)


class RateForm(CommandForm):
    verb = "rate"
    _STARS: ClassVar = [("", _("none given")), *((stars, str(stars)) for stars in range(1, 6))]
    mended = forms.TypedChoiceField(
        label=_("Is it mended, as the reporter sees it?"), widget=forms.RadioSelect, coerce=lambda word: word == "yes",
        choices=[("yes", _("yes")), ("no", _("no"))],
    )  # fmt: skip
    result = forms.TypedChoiceField(
        label=_("Stars for the result"), coerce=optional_id, choices=_STARS, required=False, empty_value=None
    )
    manner = forms.TypedChoiceField(
        label=_("Stars for the manner"), coerce=optional_id, choices=_STARS, required=False, empty_value=None
    )
    text = text_field(_("What the reporter says"), required=False)


class MarkUrgentForm(PlainForm):
    verb = "mark_urgent"


class UnmarkUrgentForm(ReasonForm):
    verb = "unmark_urgent"
    reason = reason_field(_("The reporter is told the reason in your answer."))


FORMS: Mapping[str, type[CommandForm]] = {
    form.verb: form
    for form in (
        TriageForm, AssessForm, ReassessForm, DeclineForm, WithdrawForm, MergeForm, UnmergeForm, PushForm, ReferForm,
        AcceptForm, ReturnForm, RecallForm, AssignForm, TransferForm, LogForm, LocateForm, ResumeForm,
        SubmitForm, CheckForm, AnswerForm, RateForm, CloseForm, ReopenForm,
        MarkUrgentForm, UnmarkUrgentForm,
    )
}  # fmt: skip
