"""The administrator's screens for what all stations share: the categories and the time limits.  Never a matter or a party."""  # noqa: E501

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.matters.actions import shelves
from jishi.matters.models import Category, PolicyVersion
from jishi.stations.administration import SharedAdmin, VersionedAdmin, administration
from jishi.stations.models import UnitKind

if TYPE_CHECKING:
    _CategoryForm = forms.ModelForm[Category]
    _PolicyForm = forms.ModelForm[PolicyVersion]
else:
    _CategoryForm = _PolicyForm = forms.ModelForm


class CategoryForm(_CategoryForm):
    """A category; what the law of the house keeps out is refused."""

    unit_kind = forms.ChoiceField(required=False, choices=[("", "---------"), *UnitKind.choices])

    class Meta:
        model = Category
        fields = (
            "code", "parent", "name_zh", "name_en", "hazard", "needs_photo", "unit_kind", "grade", "words",
            "position", "active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_kind"].label = Category._meta.get_field("unit_kind").verbose_name

    def clean(self) -> dict[str, Any] | None:
        """Say what is wrong in words."""
        values = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                shelves.check_category({**values, "code": values.get("code") or self.instance.code})
            except Refused as refused:
                raise ValidationError(sentence(refused)) from refused
        return values


class PolicyForm(_PolicyForm):
    """A new version of the time limits."""

    class Meta:
        model = PolicyVersion
        fields = ("data",)

    def clean_data(self) -> Any:
        """Refuse limits that cannot be read or that leave a step without one."""
        try:
            shelves.check_limits(self.cleaned_data["data"])
        except Refused as refused:
            raise ValidationError(
                _("These time limits cannot be used: %(reason)s") % {"reason": sentence(refused)}
            ) from refused
        return self.cleaned_data["data"]


@admin.register(Category, site=administration)
class CategoryAdmin(SharedAdmin):
    """What matters are about.  A category that is no longer given is set inactive; old matters keep it."""

    form = CategoryForm
    list_display = ("code", "name_zh", "name_en", "unit_kind", "grade", "needs_photo", "active")
    list_filter = ("active", "hazard")
    search_fields = ("code", "name_zh", "name_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code stays: matters and time limits refer to it."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        """Keep the category."""
        shelves.save_category(obj)


@admin.register(PolicyVersion, site=administration)
class PolicyAdmin(VersionedAdmin):
    """The time limits: a new version begins as a copy of the newest one."""

    form = PolicyForm
    list_display = ("__str__", "created_at")
    fields = ("data",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the newest version says."""
        newest = PolicyVersion.objects.first()
        return {"data": newest.data} if newest else {}

    def save_model(self, request: HttpRequest, obj: PolicyVersion, form: Any, change: bool) -> None:
        """Put the new limits in force."""
        made = shelves.publish_policy(obj.data)
        obj.pk, obj.version, obj._state.adding = made.pk, made.version, False
