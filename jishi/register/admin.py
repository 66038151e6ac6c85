"""The administrator's screens of the register: categories with their attributes and cadences, and targets."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jishi.register import actions, queries
from jishi.register.actions.shelves import save_category
from jishi.register.admin_forms import CategoryForm, TargetForm
from jishi.register.catalogue import sort_of
from jishi.register.labels import GRADES, attribute_name
from jishi.register.models import Category, Target
from jishi.stations.administration import ManagedAdmin, SharedAdmin, administration, keeper


@admin.register(Category, site=administration)
class CategoryAdmin(SharedAdmin):
    """What elements are.  One that is no longer used is set inactive; its elements keep it."""

    form = CategoryForm
    list_display = ("code", "name_zh", "name_en", "kind", "parent", "active")
    list_filter = ("active", "kind")
    list_select_related = ("parent",)
    search_fields = ("code", "name_zh", "name_en")
    fieldsets = (
        (None, {"fields": ("code", "kind", "parent", "name_zh", "name_en", "family", "position", "active")}),
        (_("Attributes"), {"fields": ("attributes",)}),
        (
            _("Cadence"),
            {
                "fields": (
                    "cadence_0",
                    "cadence_1",
                    "cadence_2",
                    "cadence_3",
                    "cadence_4",
                    "needs_photo",
                    "needs_position",
                )
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """In words for those who may only read it."""
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        plain = ("code", "kind", "parent", "name_zh", "name_en", "family", "active")
        return ((None, {"fields": (*plain, "attributes_shown", "cadence_shown")}),)

    @admin.display(description=_("Attributes"))
    def attributes_shown(self, obj: Category) -> str:
        """The attributes by name."""
        return ", ".join(attribute_name(each) for each in sort_of(obj.code).attributes) or "-"

    @admin.display(description=_("Cadence"))
    def cadence_shown(self, obj: Category) -> str:
        """The days of each grade."""
        return ", ".join(f"{GRADES[int(grade)]} {days}" for grade, days in sorted(sort_of(obj.code).cadence.items()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Code and kind stay: elements refer to them."""
        return ("code", "kind", "attributes_shown", "cadence_shown") if obj else ()

    def save_model(self, request: HttpRequest, obj: Category, form: CategoryForm, change: bool) -> None:
        """Keep the category, and put a new version in force where something of it changed."""
        save_category(
            obj, form.attributes_given(), form.cadence(), photo=form.cleaned_data["needs_photo"],
            position=form.cleaned_data["needs_position"],
        )  # fmt: skip


@admin.register(Target, site=administration)
class TargetAdmin(ManagedAdmin):
    """Which share is to be verified within its cadence."""

    managed = staticmethod(queries.administered_targets)
    form = TargetForm
    list_display = ("station", "category", "share")
    list_select_related = ("station", "category")
    fixed = ("station", "category")
    may_delete = True

    def save_model(self, request: HttpRequest, obj: Target, form: Any, change: bool) -> None:
        """Set the target."""
        made = actions.set_target(obj.station, obj.share, by=keeper(request), category=obj.category_id)
        obj.pk, obj._state.adding = made.pk, False

    def delete_model(self, request: HttpRequest, obj: Target) -> None:
        """Take the target away."""
        actions.clear_target(obj.station, obj.category_id, by=keeper(request))
