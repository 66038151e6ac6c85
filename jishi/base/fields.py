"""Forms whose fields are the same for everybody."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.forms.utils import pretty_name
from django.utils.functional import cached_property

AForm = TypeVar("AForm", bound=type[forms.BaseForm])


class _Same(dict[str, forms.Field]):
    """Fields that every form of a class shares."""

    def __deepcopy__(self, _memo: Any) -> _Same:
        return self


class LateBoundField(forms.BoundField):
    """A field of a form that finds out what only its picture needs when it is drawn, as most forms are only read."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        self.form = form
        self.field = field
        self.name = name
        self.html_name = form.add_prefix(name)
        self.renderer = form.renderer

    @cached_property
    def html_initial_name(self) -> str:  # type: ignore[override]  # set when asked for
        """The name of the hidden field that holds what it was."""
        return self.form.add_initial_prefix(self.name)

    @cached_property
    def html_initial_id(self) -> str:  # type: ignore[override]  # set when asked for
        """The id of the hidden field that holds what it was."""
        return self.form.add_initial_prefix(self.auto_id)

    @cached_property
    def label(self) -> Any:  # type: ignore[override]  # set when asked for
        """What stands beside it."""
        return pretty_name(self.name) if self.field.label is None else self.field.label

    @cached_property
    def help_text(self) -> Any:  # type: ignore[override]  # set when asked for
        """What stands under it."""
        return self.field.help_text or ""


def unchanging(form: AForm) -> AForm:
    """For a form that never changes its fields once it is made: it is spared a copy of each of them every time.

    Django copies all fields for each form, so that one may be changed; for a form that everybody fills in, that is a
    good part of the work of reading it.
    """
    form.base_fields = _Same(form.base_fields)  # type: ignore[attr-defined]  # every form class has them
    form.bound_field_class = LateBoundField
    return form
