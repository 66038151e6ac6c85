"""The forms of alerts: all of one, the few words of a cancellation, and the press that gives it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.exchange.cap import codes
from jishi.exchange.cap.content import LEAST_RADIUS, MOST, MOST_RADIUS, Content, Round, Words
from jishi.stations.models import Area

#: Under which field the form says what is wrong with another.
_SAID_AT = {"point": "lat"}


def _line(label: Any, name: str, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=MOST[name], required=required, help_text=help_text)


def _words(label: Any, name: str, rows: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=MOST[name], required=required, help_text=help_text, widget=area
    )  # fmt: skip


def _moment(label: Any, *, required: bool, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, help_text=help_text, widget=widget)


class Form(forms.Form):
    """What all forms of alerts send back: the version that was seen, and the key by which sending twice is once."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def refuse(self, refused: Refused) -> None:
        """Say a refusal at the field that it is about, or above all where it is about none."""
        name = str(refused.facts.get("field", ""))
        name = _SAID_AT.get(name, name)
        self.add_error(name if name in self.fields else None, sentence(refused))

    def words(self, language: str) -> Words:
        """What was written in one language."""
        given = self.cleaned_data
        return Words(**{name: str(given.get(f"{name}_{language}") or "") for name in MOST})


class AlertForm(Form):
    """A whole alert."""

    status = forms.ChoiceField(
        label=_("Real or a drill"), choices=codes.Status.choices, initial=codes.Status.ACTUAL, widget=forms.RadioSelect
    )
    event_zh = _line(_("What is happening"), "event", help_text=_("In Chinese, a few words: “Gas leak”."))
    categories = forms.MultipleChoiceField(
        label=_("Kinds"), choices=list(codes.CATEGORIES.items()), widget=forms.CheckboxSelectMultiple
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=list(codes.URGENCY.items()))
    severity = forms.ChoiceField(label=_("Severity"), choices=list(codes.SEVERITY.items()))
    certainty = forms.ChoiceField(label=_("Certainty"), choices=list(codes.CERTAINTY.items()))
    responses = forms.MultipleChoiceField(
        label=_("What people are to do"), choices=list(codes.RESPONSES.items()), widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    areas = forms.TypedMultipleChoiceField(
        label=_("Areas"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Their outlines go out with the alert, so that sirens and screens know whether they are meant."),
    )  # fmt: skip
    area_zh = _line(
        _("The area in words"), "area",
        help_text=_("A community, a street, a crossing. Never a door: the public learns where, not at whose home."),
    )  # fmt: skip
    onset = _moment(_("Begins"), required=False, help_text=_("Left empty: now."))
    expires = _moment(_("Ends"), required=True, help_text=_("It leaves the feed by itself then; at most 7 days."))
    headline_zh = _line(_("Headline"), "headline", help_text=_("In Chinese: what sirens, screens and web sites show."))
    description_zh = _words(
        _("What people have to know"), "description", 4, help_text=_("In Chinese, without names of persons.")
    )
    instruction_zh = _words(_("What to do, in words"), "instruction", 3, required=False)
    lat = forms.FloatField(label=_("Latitude of the middle"), required=False, help_text=_("In degrees, WGS-84."))
    lon = forms.FloatField(label=_("Longitude of the middle"), required=False)
    radius = forms.IntegerField(
        label=_("Radius in metres"), required=False, min_value=LEAST_RADIUS, max_value=MOST_RADIUS
    )
    event_en = _line(_("What is happening, in English"), "event", required=False)
    headline_en = _line(_("Headline in English"), "headline", required=False)
    description_en = _words(_("What people have to know, in English"), "description", 4, required=False)
    instruction_en = _words(_("What to do, in English"), "instruction", 3, required=False)
    area_en = _line(_("The area in English"), "area", required=False)

    #: What stands folded away until somebody wants it.
    CIRCLE = ("lat", "lon", "radius")
    ENGLISH = ("event_en", "headline_en", "description_en", "instruction_en", "area_en")

    def __init__(self, areas: Sequence[Area], *args: Any, follows: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["areas"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(area.pk, area.name) for area in areas]
        if not areas:
            del self.fields["areas"]
        if follows:  # an update is about the same event, and as real as what it follows
            del self.fields["status"], self.fields["event_zh"]

    def clean(self) -> dict[str, Any]:
        """Hold that a circle is whole."""
        cleaned: dict[str, Any] = super().clean() or {}
        given = [name for name in self.CIRCLE if cleaned.get(name) is not None]
        for name in self.CIRCLE:
            if given and name not in given and name not in self.errors:
                self.add_error(name, _("A circle needs its middle and its radius."))
        return cleaned

    def content(self) -> Content:
        """What was written."""
        given = self.cleaned_data
        circle = Round(given["lon"], given["lat"], given["radius"]) if given.get("radius") is not None else None
        return Content(
            self.words("zh"), tuple(given["categories"]), given["urgency"], given["severity"], given["certainty"],
            given["expires"], self.words("en"), tuple(given["responses"]), given["onset"],
            tuple(given.get("areas", ())), circle, given.get("status") or codes.Status.ACTUAL,
        )  # fmt: skip

    @property
    def folded(self) -> list[dict[str, Any]]:
        """The parts that stand folded away, open where something is written in them or wrong."""
        parts = (
            (_("A circle instead of areas, or beside them"), self.CIRCLE, "radius"),
            (_("In English too"), self.ENGLISH, "headline_en"),
        )
        found = []
        for label, names, telling in parts:
            fields = [self[name] for name in names]
            is_open = bool(self[telling].value()) or any(each.errors for each in fields)
            found.append({"label": label, "fields": fields, "open": is_open})
        return found

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields that stand open."""
        return [field for field in self if field.name not in (*self.CIRCLE, *self.ENGLISH)]


class CancelForm(Form):
    """The words of a cancellation; all else is that of what it cancels."""

    headline_zh = _line(_("Headline"), "headline")
    description_zh = _words(
        _("Why it is over"), "description", 3, help_text=_("What people may do again, in Chinese, without names.")
    )
    headline_en = _line(_("Headline in English"), "headline", required=False)
    description_en = _words(_("Why it is over, in English"), "description", 3, required=False)

    def __init__(self, *args: Any, english: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not english:
            del self.fields["headline_en"], self.fields["description_en"]

    @property
    def plain(self) -> list[forms.BoundField]:
        """All its fields."""
        return list(self)

    @property
    def folded(self) -> list[dict[str, Any]]:
        """Nothing is folded away."""
        return []


class PressForm(Form):
    """A press that needs nothing filled in: the version that was seen."""
