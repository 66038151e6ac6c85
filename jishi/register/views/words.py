"""Words that the screens of this room share, and the tabs between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from jishi.register.views.going import address

#: The issues, short enough for the head of a column.
ISSUES: Mapping[str, str | Promise] = {
    "missing_attribute": pgettext_lazy("issue", "Attribute missing"),
    "no_point": pgettext_lazy("issue", "No point"),
    "no_address": pgettext_lazy("issue", "No address"),
    "outside": pgettext_lazy("issue", "Outside"),
    "area_denied": pgettext_lazy("issue", "Area denied"),
    "duplicate": pgettext_lazy("issue", "Twice?"),
    "bad_attribute": pgettext_lazy("issue", "Value unfit"),
}


def area_name(names: Mapping[int, str], pk: int) -> str:
    """The name of an area; that of none where there is none."""
    return names.get(pk, _("In no area"))


def places(here: str) -> list[dict[str, Any]]:
    """The screens of the register as tabs, without those that are not there."""
    known = (
        ("overview", "register:overview", pgettext("register", "Overview")),
        ("list", "register:list", pgettext("register", "List")),
        ("map", "register:map", pgettext("register", "Map")),
        ("worklist", "register:worklist", pgettext("register", "Worklist")),
        ("freshness", "register:freshness", pgettext("register", "Freshness")),
        ("duplicates", "register:duplicates", pgettext("register", "Duplicates")),
        ("population", "register:population", pgettext("register", "Population")),
    )
    tabs = ({"label": label, "url": address(name), "current": key == here} for key, name, label in known)
    return [tab for tab in tabs if tab["url"]]
