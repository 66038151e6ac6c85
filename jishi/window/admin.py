"""The administrator's screens of the services: the catalogue of all stations, and where one station differs from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.privacy import refuse_personal
from jishi.stations.administration import ManagedAdmin, SharedAdmin, administration
from jishi.stations.models import Staff
from jishi.stations.queries import administered_by
from jishi.window.actions import services
from jishi.window.models import Service, StationService

if TYPE_CHECKING:
    _Form = forms.ModelForm[Any]
else:
    _Form = forms.ModelForm


class WordsForm(_Form):
    """A form whose words name nobody."""

    def clean(self) -> dict[str, Any] | None:
        """Say at its field what identifies a person."""
        values = super().clean() or self.cleaned_data
        for name, value in list(values.items()):
            if isinstance(value, str):
                try:
                    refuse_personal(value, name)
                except Refused as refused:
                    self.add_error(name, ValidationError(sentence(refused)))
        return values


@admin.register(Service, site=administration)
class ServiceAdmin(SharedAdmin):
    """What all stations do at the counter.  A service that is no longer done is set inactive."""

    form = WordsForm
    list_display = ("code", "name_zh", "name_en", "per_slot", "active")
    list_filter = ("active",)
    search_fields = ("code", "name_zh", "name_en")
    fieldsets = (
        (None, {"fields": ("code", "position", "active", "per_slot")}),
        (_("In Chinese"), {"fields": ("name_zh", "text_zh", "bring_zh", "fee_zh", "takes_zh")}),
        (_("In English"), {"fields": ("name_en", "text_en", "bring_en", "fee_en", "takes_en")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code stays: addresses and appointments refer to it."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Service, form: Any, change: bool) -> None:
        """Keep the service."""
        services.save_service(obj)


def managed_rows(staff: Staff) -> QuerySet[StationService]:
    """What the stations differ in that this administrator manages."""
    return StationService.objects.filter(station__in=administered_by(staff))


@admin.register(StationService, site=administration)
class StationServiceAdmin(ManagedAdmin):
    """Where a station does a service differently: not at all, elsewhere, at other hours, with more places."""

    managed = staticmethod(managed_rows)
    form = WordsForm
    list_display = ("service", "station", "offered", "where_zh", "hours_zh", "per_slot")
    list_filter = (("station", admin.RelatedOnlyFieldListFilter), "offered")
    list_select_related = ("service", "station")
    fields = ("station", "service", "offered", "where_zh", "where_en", "hours_zh", "hours_en", "per_slot")
    fixed = ("station", "service")
    may_delete = True

    def save_model(self, request: HttpRequest, obj: StationService, form: Any, change: bool) -> None:
        """Keep what is different here."""
        services.save_station_service(obj)

    def delete_model(self, request: HttpRequest, obj: StationService) -> None:
        """Do it as the catalogue says again."""
        services.drop_station_service(obj)
