"""An element's page: what it is, how fresh, whose area; and how it stood on any past day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jishi.register import cadence, labels, slots, timeline
from jishi.register.attributes import Attribute
from jishi.register.catalogue import Sort, sort_of, sorts
from jishi.register.commands import COMMANDS, allowed
from jishi.register.grading import REASONS
from jishi.register.history import values_of
from jishi.register.models import BuildingVisit, Element, Status, Verification
from jishi.register.queries import get_element, history_of, numbers_of, page_facts
from jishi.register.queries.page import Facts
from jishi.register.queries.past import Past, past_of
from jishi.register.roles import may
from jishi.register.views.choices import area_choices
from jishi.register.views.going import address
from jishi.register.views.place import user_of
from jishi.register.visits import HAZARDS, NEEDS
from jishi.stations.models import Staff

#: So many buttons stand in the bar; the rest under "more".
IN_BAR = 2


@never_cache
@login_required
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """``register/elements/<number>/``, and with ``?as_of=2026-03-05`` as it stood at the end of that day."""
    user = user_of(request)
    element = get_element(user, number)
    day = read_day(request.GET.get("as_of", ""))
    areas = dict(area_choices(user, element.station))
    if day is not None:
        return render(request, "register/past.html", _past(element, day, areas))
    return render(request, "register/element.html", _present(request, user, element, areas))


def read_day(text: str) -> dt.date | None:
    """A past day, or None where none is asked for."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    if day is None or not 1900 < day.year < 9000:
        return None
    return min(day, timezone.localdate())


def _present(request: HttpRequest, user: Staff, element: Element, areas: Mapping[int, str]) -> dict[str, Any]:
    facts, sort, history = page_facts(user, element), sort_of(element.category_id), history_of(element)
    names = timeline.Names(areas, numbers_of(user, timeline.others_named(history))).prefer(element.category_id)
    verbs = allowed(user, element)
    seen = [row for row in facts.verifications if row.part_id is None]
    return {
        **_frame(element, values_of(element), sort.attributes, areas),
        "doubts": labels.doubts(element.issues),
        "facts": facts,
        "links": _links(element, facts),
        "verifications": [_seen(element, row) for row in seen],
        "visits": [_visit(row) for row in facts.visits],
        "steps": [step for step in timeline.steps_of(history, names) if step.changed or step.kind != "verified"],
        "sources": _sources(history),
        "panels": slots.panels_of(request, element),
        "map_url": address("register:map"),
        "may": {verb: may(user, element.station_id, verb) for verb in ("verify", "link", "part", "reveal", "detach")},
        **_bar(element, sort, verbs),
    }


def _past(element: Element, day: dt.date, areas: Mapping[int, str]) -> dict[str, Any]:
    past = past_of(element, day)
    if past is None:
        return {"nav_here": "register", "it": element, "day": day, "past": None, "today": timezone.localdate()}
    return {**_frame(element, past.values, past.attributes, areas), "day": day, "past": past, **_standing(past)}


def _frame(
    element: Element, values: Mapping[str, Any], attributes: list[Attribute], areas: Mapping[int, str]
) -> dict[str, Any]:
    """What the page shows of tracked values, be they of now or of a past day."""
    category = sorts()[values["category"]].category
    known = {attribute.code for attribute in attributes}
    shown = [
        {"code": each.code, "name": labels.attribute_name(each), "required": each.required,
         "value": labels.attribute_value(each, values["attributes"].get(each.code))}
        for each in attributes
    ]  # fmt: skip
    shown += [
        {"code": code, "name": code, "required": False, "value": labels.attribute_value(None, value)}
        for code, value in values["attributes"].items()
        if code not in known
    ]
    return {
        "nav_here": "register",
        "it": element,
        "values": values,
        "category": category,
        "area_name": areas.get(values["area"] or 0, ""),
        "attributes": shown,
        "reasons": [REASONS.get(code, code) for code in values["reasons"]],
        "datum": labels.DATUMS.get(values["datum"], values["datum"]),
        "today": timezone.localdate(),
    }


def _standing(past: Past) -> dict[str, Any]:
    status = Status(past.values["status"]).label
    freshness = labels.FRESHNESS[past.standing.freshness]
    return {"freshness": freshness, "clock": past.standing.due_at, "status_word": status}


def _bar(element: Element, sort: Sort, verbs: list[str]) -> dict[str, Any]:
    """The commands: verifying by one tap where no photo is asked for, two in the bar, the rest under "more"."""
    buttons = [{"verb": verb, "label": COMMANDS[verb].label, "likely": place == 0} for place, verb in enumerate(verbs)]
    one_tap = "verify" in verbs and not sort.needs_photo
    fields = {"version": element.version, "key": uuid4().hex, "result": Verification.Result.CORRECT}
    return {
        "one_tap": fields if one_tap else None,
        "needs_position": sort.needs_position,
        "bar": buttons[:IN_BAR],
        "more": buttons[IN_BAR:],
        "days": cadence.days_of(sort.cadence, element.grade),
    }


def _sources(history: list[dict[str, Any]]) -> list[tuple[str, dt.date | None]]:
    """The lists that the history rests on, the newest first, each once."""
    return list(dict.fromkeys((row["source"], row["source_date"]) for row in history if row["source"]))


def _links(element: Element, facts: Facts) -> list[dict[str, Any]]:
    """The links of an element and of those merged into it, each said from its side."""
    own = {element.pk, *(row.pk for row in facts.merged)}
    found = []
    for link in facts.links:
        outward = link.a_id in own
        words = labels.LINKS[link.kind][0 if outward else 1]
        mine = element.pk in (link.a_id, link.b_id)
        found.append({"pk": link.pk, "words": words, "other": link.b if outward else link.a, "own": mine})
    return found


def _seen(element: Element, row: Verification) -> dict[str, Any]:
    """A verification with the distance from the point, where both are known."""
    return {"row": row, "metres": timeline.distance_from(element, row.lon, row.lat), "label": row.get_result_display()}


def _visit(row: BuildingVisit) -> dict[str, Any]:
    def said(counts: Mapping[str, int], words: Mapping[str, Any]) -> str:
        return _(", ").join(f"{words.get(code, code)} {count}" for code, count in counts.items())

    return {"row": row, "hazards": said(row.hazards, HAZARDS), "needs": said(row.needs, NEEDS)}
