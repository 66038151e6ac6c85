"""The administrator's screen for the keys of outside agencies' systems: made and shown once, revoked, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jishi.stations import actions, queries
from jishi.stations.administration import ManagedAdmin, administration, keeper
from jishi.stations.models import AgencyKey

if TYPE_CHECKING:
    _KeyForm = forms.ModelForm[AgencyKey]
else:
    _KeyForm = forms.ModelForm


class NewAgencyKeyForm(_KeyForm):
    """Whose key it is, what for, and for how long."""

    days = forms.IntegerField(
        label=gettext_lazy("Good for (days)"), min_value=1, max_value=actions.LONGEST_TOKEN_DAYS, initial=180
    )

    class Meta:
        model = AgencyKey
        fields = ("agency", "label")


class AgencyKeyForm(_KeyForm):
    """A key that was made: it can only be revoked."""

    revoke = forms.BooleanField(
        label=gettext_lazy("Revoke it now"), required=False,
        help_text=gettext_lazy("It opens nothing any more. This cannot be taken back; make a new one instead."),
    )  # fmt: skip

    class Meta:
        model = AgencyKey
        fields = ()


@admin.register(AgencyKey, site=administration)
class AgencyKeyAdmin(ManagedAdmin):
    """With a key the system of an agency reads what was referred to it, and answers."""

    managed = staticmethod(queries.administered_agency_keys)
    form = AgencyKeyForm
    list_display = ("label", "agency", "created_at", "expires_at", "standing")
    list_select_related = ("agency",)
    search_fields = ("label", "agency__name", "agency__code")

    @admin.display(description=gettext_lazy("state"))
    def standing(self, obj: AgencyKey) -> str:
        """Whether it still opens anything."""
        if obj.revoked_at is not None:
            return _("revoked")
        return _("expired") if obj.expires_at <= timezone.now() else _("in use")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only with a post at the bureau."""
        return queries.administered_bureaux(keeper(request)).exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was revoked stays so."""
        return super().has_change_permission(request, obj) and (obj is None or obj.revoked_at is None)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A form for a new key, and one for a key that was made."""
        return super().get_form(request, obj, change, **({} if obj else {"form": NewAgencyKeyForm}), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Of a key that was made, all but the key itself."""
        if obj is None:
            return ("agency", "label", "days")
        shown = ("agency", "label", "created_at", "expires_at", "standing")
        return (*shown, "revoke") if self.has_change_permission(request, obj) else shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nothing of a key that was made is changed."""
        return ["agency", "label", "created_at", "expires_at", "standing"] if obj else []

    def save_model(self, request: HttpRequest, obj: AgencyKey, form: Any, change: bool) -> None:
        """Make the key, or revoke it."""
        if change:
            if form.cleaned_data["revoke"]:
                actions.revoke_agency_key(obj)
            return
        made, raw = actions.make_agency_key(obj.agency, label=obj.label, days=form.cleaned_data["days"])
        obj.pk, obj._state.adding = made.pk, False
        obj.raw = raw  # type: ignore[attr-defined]  # for the one answer that shows it

    def response_add(self, request: HttpRequest, obj: AgencyKey, post_url_continue: str | None = None) -> HttpResponse:
        """The key itself, once."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": str(obj), "key": obj}
        return TemplateResponse(request, "admin/stations/agencykey/made.html", context)
