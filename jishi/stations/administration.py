"""The administrator's screens: who comes in, and that each sees and changes only what they manage.

Rooms register their screens at :data:`administration`.  Being an administrator is a post, so nothing else opens them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.forms import Field as FormField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jishi.base.navigation import link
from jishi.stations import queries
from jishi.stations.models import Agency, Bureau, Role, Staff, Station, Unit

if TYPE_CHECKING:
    _ModelAdmin = ModelAdmin[Any]
else:
    _ModelAdmin = ModelAdmin

#: What may be chosen where a form points at one of these.
CHOICES: dict[type[Model], Callable[[Staff], QuerySet[Any]]] = {
    Bureau: queries.administered_bureaux,
    Station: queries.administered_by,
    Unit: queries.administered_units,
    Staff: queries.manageable_staff,
    Agency: queries.administered_agencies,
}


def keeper(request: HttpRequest) -> Staff:
    """The administrator who asks."""
    return cast(Staff, request.user)


class Administration(AdminSite):
    """Django's administration, entered by the house's own door."""

    site_title = _("Administration")
    site_header = _("Administration")
    index_title = _("What I manage")

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this person has an administrator's post anywhere."""
        return queries.access_of(keeper(request)).is_administrator

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The ways back to the other pages of the house."""
        return {**super().each_context(request), "home": link("home") or "/", "profile": link("profile")}

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Go to the sign-in page; who is signed in without such a post is told so."""
        index = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or index, reverse("account_login"))
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(index)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Go to the house's own page."""
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Go to the house's own page."""
        return HttpResponseRedirect(reverse("account_change_password"))


administration = Administration()


class ScopedForeignKeys:
    """Offers only what the administrator manages wherever a form points at a station, a unit, a bureau, an account."""

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Narrow the choices; what is not offered is refused when it is sent all the same."""
        managed = CHOICES.get(db_field.remote_field.model)
        if managed is not None:
            kwargs["queryset"] = managed(keeper(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> FormField | None:
        """Without the little buttons that open another screen in a window of its own."""
        found: FormField | None = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if found is not None and isinstance(found.widget, RelatedFieldWidgetWrapper):
            found.widget = found.widget.widget
        return found


class ManagedAdmin(ScopedForeignKeys, _ModelAdmin):
    """The screen of rows that belong to a station or a bureau.

    ``managed`` gives the rows that a person manages.  Nothing is taken away in bulk, and ``fixed`` fields are chosen
    once, when the row is made.
    """

    managed: Callable[[Staff], QuerySet[Any]]
    fixed: tuple[str, ...] = ()
    may_add = True
    may_delete = False
    actions = None
    save_on_top = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that this administrator manages."""
        return super().get_queryset(request).filter(pk__in=type(self).managed(keeper(request)).values("pk"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The fields that stay as they were chosen."""
        return [*super().get_readonly_fields(request, obj), *(self.fixed if obj else ())]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Every administrator sees the list."""
        return administration.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this row is among those managed."""
        return administration.has_permission(request) and (obj is None or self._manages(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever manages a row changes it."""
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether rows of this kind are made on screen at all."""
        return self.may_add and administration.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether rows of this kind are taken away at all."""
        return self.may_delete and self.has_view_permission(request, obj)

    def _manages(self, request: HttpRequest, obj: Model) -> bool:
        return type(self).managed(keeper(request)).filter(pk=obj.pk).exists()


class SharedAdmin(_ModelAdmin):
    """The screen of what all stations share: every administrator reads it, those of a bureau change it."""

    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Every administrator sees the list."""
        return administration.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every administrator reads it."""
        return administration.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only with a post at a bureau: it counts for every station."""
        return bool(queries.access_of(keeper(request)).bureaux_with(Role.ADMINISTRATOR))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only with a post at a bureau."""
        return self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: matters were decided with it."""
        return False


class VersionedAdmin(SharedAdmin):
    """The screen of what is never changed, since clocks were computed with it: a new version is added."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never an existing version."""
        return False
