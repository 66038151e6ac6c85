"""The chief's one screen: what do I answer for, where is it, how sure are we, what is going stale?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jishi.register import charts, quality, queries
from jishi.register.catalogue import Sort, below, sorts
from jishi.register.labels import KINDS
from jishi.register.models import Kind
from jishi.register.queries.overview import Overview, Share
from jishi.register.roles import may
from jishi.register.views.going import address
from jishi.register.views.place import station_of, user_of
from jishi.register.views.words import ISSUES, area_name, places

DAYS = 90
NEXT = 8
#: So many categories stand open on the screen, those with the most that is stale; the others unfold.
FIRST = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: what it is about, how it stands, and the filter that leads to its rows."""

    name: str
    share: Share
    asks: Mapping[str, str]
    below: bool = False
    score: quality.Score | None = None

    def where(self, **more: str) -> str:
        """The address of the list with just these rows, and ``more`` filters; a value may name several."""
        asked = [*self.asks.items()]
        asked += [(name, each) for name, value in more.items() for each in value.split(",")]
        return list_address(asked)


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All figures of the active station's register on one screen."""
    station, user = station_of(request), user_of(request)
    now = timezone.now()
    today = timezone.localdate(now)
    found = queries.overview_of(user, station.pk)
    whole_score, scores = queries.scores_of(user, station.pk)
    since = today - timedelta(days=DAYS)
    categories = _categories(found, scores)
    stalest = sorted(categories, key=lambda line: -line.share.stale)
    over_time = queries.shares_over_time(user, station.pk, DAYS, today)
    context = {
        "nav_here": "register",
        "address": address,
        "whole": Line("", found.whole, {}, score=whole_score),
        "kinds": _kinds(found),
        "categories": categories,
        "first": stalest[:FIRST],
        "others": stalest[FIRST:],
        "areas": _areas(found),
        "grades": [(grade, found.by_grade[grade], list_address([("grade", str(grade))]))
                   for grade in (1, 2, 3, 4, 0) if found.by_grade.get(grade)],
        "issues": ISSUES,
        "chart": charts.line([(day, each.share) for day, each in over_time], found.whole.target, since, today),
        "since": since,
        "today": today,
        "tasks": queries.worklist_of(user, station.pk, now, most=NEXT) if found.whole.total else [],
        "open_pairs": queries.open_pairs(user, station.pk).count() if found.whole.total else 0,
        "at": now,
        "may_target": may(user, station.pk, "target"),
        "places": places("overview"),
        "may_create": may(user, station.pk, "create"),
        "may_import": may(user, station.pk, "import"),
    }  # fmt: skip
    return render(request, "register/overview.html", context)


def list_address(asked: list[tuple[str, str]]) -> str:
    """The address of the list with these filters; ``""`` where no room brings the list."""
    there = address("register:list")
    return f"{there}?{urlencode(asked)}" if there and asked else there


def _kinds(found: Overview) -> list[Line]:
    return [
        Line(str(KINDS[kind]), found.by_kind[kind], {"kind": kind}) for kind in Kind.values if kind in found.by_kind
    ]


def _categories(found: Overview, scores: Mapping[str, quality.Score]) -> list[Line]:
    """The categories with elements; one that has others below it stands for all of them, as its filter does."""
    known = sorts()
    lines = []
    for code, sort in known.items():
        codes = below(code)
        if sort.category.parent_id is None and code not in found.by_category:
            continue  # the kinds have a table of their own
        held = [found.by_category[each] for each in codes if each in found.by_category]
        if held:
            share = _sum_of(held, found.by_category.get(code, held[0]).target)
            lines.append(
                Line(_named(sort, codes), share, {"category": code}, _is_below(sort, known), _score(codes, scores))
            )
    return lines


def _named(sort: Sort, codes: list[str]) -> str:
    return _("%(category)s, all") % {"category": sort.category.name} if len(codes) > 1 else sort.category.name


def _is_below(sort: Sort, known: Mapping[str, Sort]) -> bool:
    parent = known.get(sort.category.parent_id or "")
    return parent is not None and parent.category.parent_id is not None


def _sum_of(several: list[Share], target: float) -> Share:
    names = {name for each in several for name in each.counts}
    return Share({name: sum(each.counts.get(name, 0) for each in several) for name in names}, target)


def _score(codes: list[str], scores: Mapping[str, quality.Score]) -> quality.Score:
    held = [scores[code] for code in codes if code in scores]
    counted = [(quality.ISSUES[name], number) for each in held for name, number in each.counts.items()]
    return quality.score(sum(each.total for each in held), counted)


def _areas(found: Overview) -> list[Line]:
    order = {pk: place for place, pk in enumerate(found.area_names)}
    keys = sorted(found.by_area, key=lambda pk: order.get(pk, len(order)))
    return [Line(area_name(found.area_names, pk), found.by_area[pk], {"area": str(pk)}) for pk in keys]
