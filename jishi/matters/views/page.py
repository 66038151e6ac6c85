"""The matter page: where it stands, whose it is, how long is left; and the same on paper."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jishi.base.words import short_moment
from jishi.matters import catalogue, labels, loop, slots, timeline
from jishi.matters.models import MatterState, Outcome
from jishi.matters.models import Party as PartyModel
from jishi.matters.queries.page import MatterPage, matter_page

#: Commands that need nothing filled in: one press.
AT_ONCE = frozenset({"accept", "resume", "close", "mark_urgent"})
#: So many buttons stand in the bar; the rest under "more".
IN_BAR = 3


@never_cache
@login_required
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/``."""
    found = matter_page(request.user, number)  # type: ignore[arg-type]  # login_required
    return render(request, "matters/page.html", {**context_of(found), "panels": slots.panels_of(request, found)})


@never_cache
@login_required
@require_safe
def print_view(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/print/``: the same on A4, without parties."""
    found = matter_page(request.user, number)  # type: ignore[arg-type]  # login_required
    return render(request, "matters/print.html", context_of(found))


def context_of(found: MatterPage) -> dict[str, Any]:
    """What the templates of the page need."""
    state = found.state
    buttons = [button(found, verb) for verb in found.verbs]
    category = catalogue.categories().get(state.category or "")
    return {
        "nav_here": "matters",
        "it": found,
        "row": found.row,
        "state": state,
        "state_label": MatterState(state.state).label,
        "outcome": Outcome(state.outcome).label if state.outcome else "",
        "category": category.name if category else "",
        "urgent": labels.URGENT,
        "owed": labels.CLOCKS.get(found.clock_kind, ""),
        "channel": labels.CHANNELS.get(found.row["channel"], ""),
        "agency_state": labels.AGENCY_STATES.get(found.row["agency_state"], ""),
        "agency_said_at": next((entry.at for entry in found.entries[::-1] if entry.kind in _AGENCY_SAID), None),
        "flags": labels.flags_of(found.row["flags"]),
        "stages": stages_of(found),
        "entries": found.entries[::-1],
        "word_kinds": {"reason": _("Reason"), "title": _("New title")},
        "party_roles": dict(PartyModel.Role.choices),
        "state_labels": dict(MatterState.choices),
        "may_reveal": may_reveal(found),
        "bar": buttons[:IN_BAR],
        "more": buttons[IN_BAR:],
    }


#: The events that say where the agency stands.
_AGENCY_SAID = frozenset({"referred", "agency_accepted", "agency_returned", "agency_reported"})


def button(found: MatterPage, verb: str) -> dict[str, Any]:
    """A command as the bar shows it; a push says to whom."""
    label = str(labels.VERBS[verb])
    if verb == "push":
        unit = found.names.units.get(catalogue.proposed_unit(found.state.station, found.state.category))
        label = _("Push to %(unit)s") % {"unit": unit} if unit else label
    likely = (
        labels.likely_of(found.state.state, found.state.asked, found.verbs) == verb and found.state.state != "closed"
    )
    at_once = {"version": found.state.version, "key": uuid4().hex} if verb in AT_ONCE else None
    return {"verb": verb, "label": label, "likely": likely, "at_once": at_once}


def may_reveal(found: MatterPage) -> bool:
    """Whether this person works on the matter, and may open what is sealed; the action asks again."""
    actor, state = found.actor, found.state
    works = state.responsible_unit in actor.units or state.assignee == actor.id
    return bool(actor.roles & (loop.LEADERS | {"desk"}) or (works and actor.roles - {"auditor", "analyst"}))


def stages_of(found: MatterPage) -> list[dict[str, Any]]:
    """The five stages: which are done and when they were, whose the present one is, and what came back."""
    closed = found.state.state == "closed"
    done_at = _done_at(found)
    backs = {
        "assess": timeline.times(found.state.reopened, "reopened"),
        "push": timeline.times(found.state.returned, "returned"),
        "handle": timeline.times(found.state.reworked, "reworked"),
    }
    stages = []
    for place, (name, label) in enumerate(labels.STAGES.items(), start=1):
        here = place == found.stage and not closed
        how = "here" if here else "done" if closed or place < found.stage else "ahead"
        stages.append(
            {
                "label": label,
                "state": how,
                "owner": found.row["responsible_unit__name"] if here else "",
                "note": short_moment(done_at.get(name)) if how == "done" else "",
                "back": backs.get(name, ""),
            }
        )
    return stages


_DOES = {
    "reported": "discover", "imported": "discover", "assessed": "assess", "triaged": "assess", "declined": "assess",
    "pushed": "push", "accepted": "push", "submitted": "handle", "checked": "handle", "closed": "feedback",
    "merged": "feedback",
}  # fmt: skip


def _done_at(found: MatterPage) -> dict[str, Any]:
    """When each stage was last done, by the events that end them; what came from elsewhere was done there before."""
    done = {_DOES[entry.kind]: entry.at for entry in found.entries if entry.kind in _DOES}
    if any(entry.kind == "imported" for entry in found.entries):
        done["discover"] = found.row["reported_at"]
        done.setdefault("feedback", found.row["closed_at"])
    return done
