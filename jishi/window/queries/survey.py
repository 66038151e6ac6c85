"""What the survey says of quarters that are over, and how many have answered in this one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from jishi.stations.models import Area, Station
from jishi.stations.queries import zone_of
from jishi.window.models import SurveyCount
from jishi.window.quarters import Quarter
from jishi.window.surveying import GOOD_FROM, edition


@dataclass(frozen=True, slots=True)
class Felt:
    """What one area says, or the station: ``n`` answered; ``shares`` are percent who feel safe, by question.

    Both are None where fewer answered than it takes.
    """

    name: str
    n: int | None
    shares: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Survey:
    """The survey of one quarter: the whole station (None where it cannot be shown), then its areas."""

    whole: Felt | None
    areas: list[Felt]


def areas_asked(station_id: int) -> list[tuple[int, str]]:
    """The areas that may be chosen."""
    return list(Area.objects.filter(station=station_id).order_by("code").values_list("pk", "name"))


def survey_of(station: Station, quarter: Quarter, now: datetime) -> Survey | None:
    """The results of a quarter; None where nobody answered, and while it is not over: results that grow by one answer
    would show that answer.

    The station's own line is shown where no area is left out, or those left out have enough answers together.
    """
    if now < quarter.span(zone_of(station))[1]:
        return None
    names = dict(areas_asked(station.pk))
    counts = _counts(station.pk, quarter)
    if not counts:
        return None
    people = {area: _people(counts.get(area, {})) for area in names}
    least = edition().least
    areas = [_felt(names[area], counts.get(area, {}), n) if n >= least else Felt(names[area], None, None)
             for area, n in people.items()]  # fmt: skip
    small = [n for n in people.values() if n < least]
    whole = None
    if sum(people.values()) >= least and (not any(small) or (len(small) > 1 and sum(small) >= least)):
        together: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for by_question in counts.values():
            for code, answers in by_question.items():
                for answer, count in answers.items():
                    together[code][answer] += count
        whole = _felt("", together, sum(people.values()))
    return Survey(whole, areas)


def answered_so_far(station: Station, now: datetime) -> list[tuple[str, int]]:
    """How many have answered in this quarter, by area: for the station itself, to know where to ask."""
    quarter = Quarter.of(now.astimezone(ZoneInfo(zone_of(station))).date())
    counts = _counts(station.pk, quarter)
    return [(name, _people(counts.get(area, {}))) for area, name in areas_asked(station.pk)]


def _counts(station_id: int, quarter: Quarter) -> dict[int, dict[str, dict[int, int]]]:
    found: dict[int, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = SurveyCount.objects.filter(station=station_id, quarter=quarter.first, edition=edition().number)
    for area, question, answer, count in rows.values_list("area_id", "question", "answer", "count"):
        found[area][question][answer] = count
    return found


def _people(by_question: dict[str, dict[int, int]]) -> int:
    """How many answered: everybody answers every question."""
    return max((sum(answers.values()) for answers in by_question.values()), default=0)


def _felt(name: str, by_question: dict[str, dict[int, int]], n: int) -> Felt:
    good = [
        sum(count for answer, count in by_question[question.code].items() if answer >= GOOD_FROM)
        for question in edition().questions
    ]
    return Felt(name, n, tuple(round(100 * each / n) for each in good))
