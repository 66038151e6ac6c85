"""The sentences of what the public says and does, in a matter's history.  Nobody of the public has a name there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def who(payload: Mapping[str, Any]) -> str:
    """Who acted, where it was no member of staff: the public, or the system."""
    return _("Somebody of the public") if payload.get("facts", {}).get("public") else _("The system")


def _withdrawn(it: Any) -> str:
    if it.facts.get("public"):
        if it.facts.get("hazard_stays"):
            return _("The reporter took the report back; the hazard stays in the loop.")
        if it.facts.get("followed"):
            return _("The reporter took the report back; it stays in the loop for those who follow it.")
        return _("The reporter took the report back.")
    if it.facts.get("hazard_stays"):
        return _("The report was withdrawn, as %(who)s noted; the hazard stays in the loop.") % {"who": it.who}
    return _("The report was withdrawn, as %(who)s noted.") % {"who": it.who}


def _rated(it: Any) -> str:
    told = (
        _("The reporter says that it is mended.")
        if it.set.get("mended")
        else _("The reporter says that it is not mended.")
    )
    if it.facts.get("result"):
        told += " " + _("Result: %(stars)s of 5 stars.") % {"stars": it.facts["result"]}
    if it.facts.get("manner"):
        told += " " + _("Manner: %(stars)s of 5 stars.") % {"stars": it.facts["manner"]}
    return told


def _followed(it: Any) -> str:
    many = int(it.set.get("followers") or 1)
    said = ngettext(
        "Somebody else of the public follows it.",
        "Somebody else of the public follows it; they are %(count)s now.",
        many,
    )
    return said % {"count": many}


def _disputed(it: Any) -> str:
    return _("The reporter says that it is not mended; round %(cycle)s begins.") % {"cycle": it.set.get("cycle", "?")}


#: One builder for each kind of event of the public's side.
SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "withdrawn": _withdrawn,
    "rated": _rated,
    "followed": _followed,
    "added": lambda it: _("The public added:"),
    "disputed": _disputed,
    "appealed": lambda it: _("The reporter says that it is not mended and turns to the chief."),
    "urgent_marked": lambda it: _("%(who)s confirmed it as an urgent need.") % {"who": it.who},
    "urgent_unmarked": lambda it: _("%(who)s found it to be no urgent need.") % {"who": it.who},
}
