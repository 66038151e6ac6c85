"""Pairs that look alike, side by side: the same one, or two different ones?  Nothing is merged by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.listing import page_of
from jishi.base.toasts import toast
from jishi.base.words import moment
from jishi.register import actions, queries
from jishi.register.catalogue import sorts
from jishi.register.labels import FIELDS, LIKENESS, attribute_name, attribute_value
from jishi.register.models import DuplicatePair, Element
from jishi.register.queries.worklist import metres_between
from jishi.register.roles import may
from jishi.register.views.going import address, back_to
from jishi.register.views.place import station_of, user_of
from jishi.register.views.words import places

AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Side:
    """One line of the comparison: what it is, how it stands on either side, and whether the two differ."""

    name: str
    a: str
    b: str
    weighs: bool = True

    @property
    def differs(self) -> bool:
        """Whether the two sides say different things of what they are; when they were looked at does not weigh."""
        return self.weighs and self.a != self.b


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair ready to be looked at."""

    pair: DuplicatePair
    sides: list[Side]
    reasons: list[str]
    metres: int | None


@login_required
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs to be decided, the likest first, and those decided lately, each with its way back."""
    station, user = station_of(request), user_of(request)
    page = page_of(queries.open_pairs(user, station.pk).order_by(), order="-score", query=request.GET, size=AT_ONCE)
    context = {
        "nav_here": "register", "address": address, "places": places("duplicates"), "page": page,
        "pairs": [_compared(pair) for pair in page.rows],
        "decided": queries.decided_pairs(user, station.pk, timezone.now()),
        "search": queries.search_of(user, station.pk), "polled": "progress" in request.GET,
        "may": may(user, station.pk, "merge"),
    }  # fmt: skip
    only_progress = request.headers.get("HX-Request") == "true" and "progress" in request.GET
    return render(request, "register/_search.html" if only_progress else "register/duplicates.html", context)


@login_required
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Have the register looked through again."""
    actions.ask_for_pairs(station_of(request), by=user_of(request))
    return HttpResponseRedirect(reverse("register:duplicates"), status=303)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """``keep`` (``a`` or ``b``) merges, ``different`` says that there are two, ``undo`` takes either back."""
    pair, user = queries.get_pair(user_of(request), pk), user_of(request)
    decision = request.POST.get("decision", "")
    undo = reverse("register:decide", args=[pair.pk])
    if decision in ("a", "b"):
        if pair.status != DuplicatePair.Status.OPEN:
            raise Refused("pair_decided")
        keep, lose = (pair.a, pair.b) if decision == "a" else (pair.b, pair.a)
        actions.merge_elements(keep, lose, by=user)
        said = _("%(lost)s is merged into %(kept)s.") % {"lost": lose.number, "kept": keep.number}
        toast(request, said, undo=undo, fields={"decision": "undo"})
    elif decision == "different":
        actions.decide_different(pair, by=user)
        said = _("%(a)s and %(b)s are two different ones.") % {"a": pair.a.number, "b": pair.b.number}
        toast(request, said, undo=undo, fields={"decision": "undo"})
    elif decision == "undo":
        _undo(pair, request)
    else:
        raise Refused("bad_kind", kind=decision[:20])
    return HttpResponseRedirect(back_to(request, reverse("register:duplicates")), status=303)


def _undo(pair: DuplicatePair, request: HttpRequest) -> None:
    user = user_of(request)
    if pair.status == DuplicatePair.Status.MERGED:
        lost = pair.a if pair.a.status == "merged" else pair.b
        actions.unmerge_element(lost, by=user)
    else:
        actions.decide_different(pair, by=user, undo=True)
    toast(request, _("%(a)s and %(b)s wait to be decided again.") % {"a": pair.a.number, "b": pair.b.number})


def _compared(pair: DuplicatePair) -> Compared:
    a, b = pair.a, pair.b
    metres = None
    if a.lon is not None and a.lat is not None and b.lon is not None and b.lat is not None:
        metres = round(metres_between((a.lon, a.lat), (b.lon, b.lat)))
    reasons = [str(LIKENESS[code]) for code in pair.reasons if code in LIKENESS]
    sides = [Side(str(name), left, right) for name, left, right in _lines(a, b) if left or right]
    sides += [
        Side(_("Verified on"), _seen(a), _seen(b), weighs=False),
        Side(_("Registered on"), moment(a.created_at), moment(b.created_at), weighs=False),
    ]
    return Compared(pair, sides, reasons, metres)


def _lines(a: Element, b: Element) -> Iterator[tuple[Any, str, str]]:
    yield FIELDS["name"], a.name, b.name
    yield FIELDS["address"], a.address, b.address
    yield FIELDS["category"], a.category.name, b.category.name
    yield FIELDS["area"], a.area.name if a.area else "", b.area.name if b.area else ""
    yield FIELDS["point"], _point(a), _point(b)
    for code in sorted({*a.attributes, *b.attributes}):
        known = [_attribute(element, code) for element in (a, b)]
        yield next(name for name, _value in known if name), known[0][1], known[1][1]
    yield FIELDS["source"], _source(a), _source(b)


def _seen(element: Element) -> str:
    return moment(element.verified_at) or _("never verified")


def _point(element: Element) -> str:
    return "" if element.lon is None or element.lat is None else f"{element.lon:.5f}, {element.lat:.5f}"


def _source(element: Element) -> str:
    return " ".join(filter(None, ("" if element.source == "jishi" else element.source, element.external_id)))


def _attribute(element: Element, code: str) -> tuple[str, str]:
    sort = sorts().get(element.category_id)
    known = next((each for each in sort.attributes if each.code == code), None) if sort else None
    return attribute_name(known) if known else code, attribute_value(known, element.attributes.get(code))
