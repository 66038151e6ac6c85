"""What the one who leaves fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.matters.handover.actions import LONGEST_NOTE, LONGEST_REMARK

#: The field that a refusal is about.
_FIELD = {"handover_same_person": "to", "handover_elsewhere": "to"}


class HandoverForm(forms.Form):
    """Who comes, which matters move, and remarks.  ``move`` and ``note-<matter>`` stand in the rows of the page."""

    to = forms.ChoiceField(label=pgettext_lazy("handover", "Handed over to"))
    note = forms.CharField(
        label=_("Remarks"),
        required=False,
        max_length=LONGEST_REMARK,
        help_text=_("Keys, cars, radios, what to keep an eye on. No names of the public, no numbers to call."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    #: The matter whose note was refused, and why.
    note_wrong: tuple[int, str] | None = None

    def __init__(self, people: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((str(pk), name) for pk, name in people)]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def refuse(self, refused: Refused) -> None:
        """Show what stands in the way at the field that it is about; also at the note on one matter."""
        field = str(refused.facts.get("field", _FIELD.get(refused.code, "")))
        said = sentence(refused)
        if field.startswith("note-"):
            self.note_wrong = int(field.removeprefix("note-")), said
        self.add_error(field if field in self.fields else None, said)

    def chosen(self) -> frozenset[int]:
        """The matters that are to move."""
        return frozenset(int(pk) for pk in self.data.getlist("move") if pk.isdecimal())  # type: ignore[attr-defined]

    def notes(self) -> dict[int, str]:
        """The words for single matters, by matter."""
        found = {}
        for name, value in self.data.items():
            pk = name.removeprefix("note-")
            if pk != name and pk.isdecimal():
                found[int(pk)] = str(value)[: LONGEST_NOTE + 1]
        return found
