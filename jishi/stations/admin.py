"""The administrator's screens for bureaux, stations, areas, units, agencies, accounts and the working calendar."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from jishi.stations import actions, admin_forms, agency_key_admin, queries  # noqa: F401 - the keys' own screen
from jishi.stations.administration import (
    ManagedAdmin,
    ScopedForeignKeys,
    VersionedAdmin,
    administration,
    keeper,
)
from jishi.stations.models import Agency, Area, Bureau, CalendarVersion, Post, Staff, Station, Unit

BY_STATION = ("station", admin.RelatedOnlyFieldListFilter)


@admin.register(Bureau, site=administration)
class BureauAdmin(ManagedAdmin):
    """A bureau gets another name here; a new one is made with ``jishi admin create --bureau``."""

    managed = staticmethod(queries.administered_bureaux)
    list_display = ("name", "code")
    fields = ("code", "name")
    fixed = ("code",)
    may_add = False

    def save_model(self, request: HttpRequest, obj: Bureau, form: Any, change: bool) -> None:
        """Keep the new name."""
        actions.rename(obj)


@admin.register(Station, site=administration)
class StationAdmin(ManagedAdmin):
    """A station, made with its desk, checking team and command."""

    managed = staticmethod(queries.administered_by)
    list_display = ("name", "code", "bureau", "time_zone")
    search_fields = ("name", "code")
    fields = ("bureau", "code", "name", "time_zone", "morning")
    fixed = ("bureau", "code")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only with a post at the bureau that it will belong to."""
        return queries.administered_bureaux(keeper(request)).exists()

    def save_model(self, request: HttpRequest, obj: Station, form: Any, change: bool) -> None:
        """Make the station, or keep its new name."""
        if change:
            actions.rename(obj)
            return
        made = actions.create_station(
            bureau=obj.bureau, code=obj.code, name=obj.name, time_zone=obj.time_zone, morning=obj.morning
        )
        obj.pk, obj._state.adding = made.pk, False


@admin.register(Area, site=administration)
class AreaAdmin(ManagedAdmin):
    """An area and its outline."""

    managed = staticmethod(queries.administered_areas)
    list_display = ("name", "code", "station")
    list_filter = (BY_STATION,)
    list_select_related = ("station",)
    search_fields = ("name", "code")
    fields = ("station", "code", "name", "polygon")
    fixed = ("station",)
    may_delete = True

    def save_model(self, request: HttpRequest, obj: Area, form: Any, change: bool) -> None:
        """Keep the area."""
        actions.save_area(obj)

    def delete_model(self, request: HttpRequest, obj: Area) -> None:
        """Take away an area that nothing points at."""
        actions.remove_area(obj)


@admin.register(Unit, site=administration)
class UnitAdmin(ManagedAdmin):
    """A unit of a station; one that works no more is set inactive."""

    managed = staticmethod(queries.administered_units)
    list_display = ("name", "code", "kind", "station", "active")
    list_filter = ("active", "kind", BY_STATION)
    list_select_related = ("station",)
    search_fields = ("name", "code")
    fields = ("station", "code", "name", "kind", "active")
    fixed = ("station",)

    def save_model(self, request: HttpRequest, obj: Unit, form: Any, change: bool) -> None:
        """Keep the unit."""
        actions.save_unit(obj)


@admin.register(Agency, site=administration)
class AgencyAdmin(ManagedAdmin):
    """An outside agency of a bureau."""

    managed = staticmethod(queries.administered_agencies)
    list_display = ("name", "code", "bureau", "active")
    list_filter = ("active",)
    search_fields = ("name", "code")
    fields = ("bureau", "code", "name", "active")
    fixed = ("bureau",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only with a post at the bureau."""
        return queries.administered_bureaux(keeper(request)).exists()

    def save_model(self, request: HttpRequest, obj: Agency, form: Any, change: bool) -> None:
        """Keep the agency."""
        actions.save_agency(obj)


class PostInline(ScopedForeignKeys, admin.TabularInline):  # type: ignore[type-arg]  # takes none when it runs
    """The posts of an account at what the administrator manages: given and taken, never changed."""

    model = Post
    form = admin_forms.PostForm
    formset = admin_forms.PostFormSet
    extra = 1

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A bureau is offered to those who manage one."""
        at_bureau = ["bureau"] if queries.administered_bureaux(keeper(request)).exists() else []
        return ["role", "station", "unit", "lead", *at_bureau]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """The posts at what this administrator manages."""
        return super().get_queryset(request).filter(pk__in=queries.administered_posts(keeper(request)).values("pk"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every administrator, for the posts that they manage."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every administrator gives posts at what they manage."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A post is taken and another one given, so that both are on record."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every administrator takes posts at what they manage."""
        return True


@admin.register(Staff, site=administration)
class StaffAdmin(ManagedAdmin, UserAdmin):  # type: ignore[type-arg]  # takes none when it runs
    """Accounts with their posts.  Who has a post elsewhere too is changed by those who manage all of it."""

    managed = staticmethod(queries.manageable_staff)
    form = admin_forms.AccountForm
    add_form = admin_forms.NewAccountForm
    change_password_form = admin_forms.PasswordForm
    list_display = ("username", "name", "posts_here", "is_active")
    list_filter = ("is_active", "posts__role")
    search_fields = ("username", "name")
    filter_horizontal = ()
    fieldsets = ((None, {"fields": ("username", "password", "name", "email", "language", "is_active")}),)
    add_fieldsets = ((None, {"fields": ("username", "name", "email", "language", "password1", "password2")}),)
    inlines = (PostInline,)
    fixed = ("username",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        """The accounts that this administrator manages, each with the posts that are theirs to see."""
        posts = queries.administered_posts(keeper(request)).select_related("unit", "station", "bureau")
        return super().get_queryset(request).prefetch_related(Prefetch("posts", posts, to_attr="managed_posts"))

    @admin.display(description=_("posts"))
    def posts_here(self, obj: Staff) -> str:
        """The posts of one account, at what the administrator manages."""
        return ", ".join(map(str, getattr(obj, "managed_posts", ())))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """All of the account when a part of it is managed elsewhere."""
        if obj is not None and not queries.manages_account(keeper(request), obj):
            return ["username", "name", "email", "language", "is_active"]
        return super().get_readonly_fields(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the password where it may not be set."""
        if obj is not None and not queries.manages_account(keeper(request), obj):
            return ((None, {"fields": ("username", "name", "email", "language", "is_active")}),)
        return super().get_fieldsets(request, obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Set a password; the sessions that stood on the old one end."""
        staff = self.get_object(request, id)
        if staff is not None and not queries.manages_account(keeper(request), staff):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        """Keep the account."""
        actions.save_account(obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Take the posts that were ticked, then give the new ones."""
        given = formset.save(commit=False)
        formset.save_m2m()
        for post in formset.deleted_objects:
            actions.take_post(post)
        staff = cast(Staff, form.instance)
        for post in given:
            actions.give_post(
                staff, role=post.role, station=post.station, unit=post.unit, bureau=post.bureau, lead=post.lead
            )


@admin.register(CalendarVersion, site=administration)
class CalendarAdmin(VersionedAdmin):
    """The working calendar: a new version begins as a copy of the newest one."""

    form = admin_forms.CalendarForm
    list_display = ("__str__", "created_at")
    fields = ("days", "known_years", "hours", "weekdays")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the newest calendar says."""
        newest = CalendarVersion.objects.first()
        return {name: getattr(newest, name) for name in self.fields} if newest else {}

    def save_model(self, request: HttpRequest, obj: CalendarVersion, form: Any, change: bool) -> None:
        """Put the new calendar in force."""
        made = actions.publish_calendar(
            days=obj.days, known_years=obj.known_years, hours=obj.hours, weekdays=obj.weekdays
        )
        obj.pk, obj.version, obj._state.adding = made.pk, made.version, False
