"""Forms whose fields are the same for everybody."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms

AForm = TypeVar("AForm", bound=type[forms.BaseForm])


class _Same(dict[str, forms.Field]):
    """Fields that every form of a class shares."""

    def __deepcopy__(self, _memo: Any) -> _Same:
        return self


def unchanging(form: AForm) -> AForm:
    """For a form that never changes its fields once it is made: it is spared a copy of each of them every time.

    Django copies all fields for each form, so that one may be changed; for a form that everybody fills in, that is a
    good part of the work of reading it.
    """
    form.base_fields = _Same(form.base_fields)  # type: ignore[attr-defined]  # every form class has them
    return form
