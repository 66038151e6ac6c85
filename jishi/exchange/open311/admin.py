"""The administrator's screen of what is offered through Open311, and what is asked with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.exchange.open311.actions import seed
from jishi.exchange.open311.models import Service
from jishi.stations.administration import SharedAdmin, administration

if TYPE_CHECKING:
    _ServiceForm = forms.ModelForm[Service]
else:
    _ServiceForm = forms.ModelForm


class ServiceForm(_ServiceForm):
    """A service; questions about persons are refused."""

    class Meta:
        model = Service
        fields = ("category", "offered", "description_zh", "description_en", "attributes", "asks_consent")

    def clean_attributes(self) -> Any:
        """Say what is wrong with the questions."""
        questions = self.cleaned_data["attributes"]
        try:
            seed.check(questions)
        except Refused as refused:
            raise ValidationError(sentence(refused)) from refused
        return questions


@admin.register(Service, site=administration)
class ServiceAdmin(SharedAdmin):
    """Which categories other systems may report.  One that is no longer offered is switched off."""

    form = ServiceForm
    list_display = ("category", "offered", "description_zh", "changed_at")
    list_filter = ("offered",)
    list_select_related = ("category",)
    search_fields = ("category__code", "category__name_zh", "category__name_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The category stays as it was chosen."""
        return ("category",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Service, form: Any, change: bool) -> None:
        """Keep it."""
        seed.save_service(obj)
