"""The forms of the administrator's screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _

from jishi.stations import actions
from jishi.stations.models import CalendarVersion, Post, Staff

if TYPE_CHECKING:
    _PostForm = forms.ModelForm[Post]
    _PostFormSet = BaseInlineFormSet[Post, Staff, Any]
    _CalendarForm = forms.ModelForm[CalendarVersion]
    _NewAccount = BaseUserCreationForm[Staff]
    _Account = UserChangeForm[Staff]
    _Password = AdminPasswordChangeForm[Staff]
else:
    _PostForm = _CalendarForm = forms.ModelForm
    _PostFormSet = BaseInlineFormSet
    _NewAccount, _Account, _Password = BaseUserCreationForm, UserChangeForm, AdminPasswordChangeForm


class NewAccountForm(_NewAccount):
    """An account with its first password, which has to keep the rules."""

    class Meta:
        model = Staff
        fields = ("username", "name", "email", "language")


class AccountForm(_Account):
    """An account; its password has a form of its own."""

    class Meta:
        model = Staff
        fields = ("username", "password", "name", "email", "language", "is_active")


class PasswordForm(_Password):
    """A new password for an account.  Who shall not come in is set inactive instead."""

    usable_password = None


class PostForm(_PostForm):
    """A post; a unit says its station, and may be led from it."""

    class Meta:
        model = Post
        fields = ("role", "bureau", "station", "unit", "lead")

    def clean(self) -> dict[str, Any] | None:
        """Fill in the station of the unit."""
        values = super().clean() or self.cleaned_data
        unit = values.get("unit")
        if unit is not None and values.get("station") is None:
            values["station"] = unit.station
        return values


class PostFormSet(_PostFormSet):
    """The posts of one account: at least one stays, none twice."""

    def clean(self) -> None:
        """Refuse an account that nobody would see any more, and a post that is there already."""
        super().clean()
        if any(self.errors):
            return
        kept = [_place(form.cleaned_data) for form in self.forms if self._stays(form)]
        kept += [_place(vars_of(form.instance)) for form in self.initial_forms if self._stands(form)]
        shown = [form.instance.pk for form in self.initial_forms]
        elsewhere = self.instance.posts.exclude(pk__in=shown) if self.instance.pk else Post.objects.none()
        if not kept and not elsewhere.exists():
            raise ValidationError(_("Give at least one post. To close the account, set it inactive."))
        if len(set(kept)) < len(kept):
            raise ValidationError(_("This post is there already."))

    def _stays(self, form: Any) -> bool:
        """Whether this is a new post."""
        return form not in self.initial_forms and bool(form.cleaned_data) and self._stands(form)

    def _stands(self, form: Any) -> bool:
        """Whether this post is not to be taken."""
        return not form.cleaned_data.get("DELETE")


class CalendarForm(_CalendarForm):
    """A new version of the working calendar."""

    class Meta:
        model = CalendarVersion
        fields = ("days", "known_years", "hours", "weekdays")

    def clean(self) -> dict[str, Any] | None:
        """Refuse what is no calendar."""
        values = super().clean() or self.cleaned_data
        if not self.errors:
            actions.check_calendar(**{name: values[name] for name in self.Meta.fields})
        return values


def vars_of(post: Post) -> dict[str, Any]:
    """A post as a form would give it."""
    return {"role": post.role, "station": post.station, "unit": post.unit, "bureau": post.bureau}


def _place(values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(values.get(name) for name in ("role", "station", "unit", "bureau"))
