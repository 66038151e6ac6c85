"""Two years in the life of an element: registered, verified at a human pace, corrected, graded, sometimes gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from jishi.demo import words
from jishi.demo.premises import Draft
from jishi.demo.values import value_of
from jishi.register import cadence
from jishi.register.actions import Past, PastStep
from jishi.register.catalogue import Sort, sort_of
from jishi.register.derived import Ground, place_columns
from jishi.register.history import EMPTY, difference

#: How long the register has been kept, and the first weeks in which it was taken up.
KEPT = timedelta(days=730)
TAKEN_UP = 45
#: What is corrected on the spot, now and then.
_CHANGING = ("state", "refill", "next_check", "licence_until", "pads", "extinguishers", "hours", "sockets", "workers")


@dataclass(frozen=True, slots=True)
class Setting:
    """What all lives of one station share: its ground, its people, how diligent each area is, and when it ends."""

    ground: Ground
    people: list[int]
    diligence: Mapping[int | None, float]
    until: datetime
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        """When the register was begun."""
        return self.until - KEPT


def live(rng: Random, draft: Draft, setting: Setting) -> Past:
    """The past of one element."""
    return _Life(rng, draft, setting).lived()


def standings(past: Past) -> Iterator[tuple[datetime, datetime | None, str, int | None]]:
    """How an element stood, as spans: from, until (None: still), freshness, area.  Nothing after it was closed."""
    values: dict[str, Any] = {}
    seen: datetime | None = None
    for place, step in enumerate(past.steps):
        values |= {name: after for name, (_before, after) in step.fields.items()}
        if values.get("status", "active") != "active":
            return
        seen = step.at if step.kind == "verified" else seen
        end = past.steps[place + 1].at if place + 1 < len(past.steps) else None
        days = cadence.days_of(sort_of(values["category"]).cadence, values.get("grade", 0))
        at: datetime | None = step.at
        while at is not None and (end is None or at < end):
            how = cadence.standing(seen, days, at)
            stop = min(filter(None, (how.flips_at, end)), default=None)
            yield at, stop, how.freshness, values.get("area")
            at = stop


class _Life:
    def __init__(self, rng: Random, draft: Draft, setting: Setting) -> None:
        self.rng, self.draft, self.setting = rng, draft, setting
        self.sort: Sort = sort_of(draft.category)
        self.values = self._values()
        self.steps: list[PastStep] = []
        # One person looks after a neighbourhood's elements most of the time.
        self.usual = rng.choice(setting.people)

    def lived(self) -> Past:
        at = self._registered()
        gone_at = self._gone_at()
        graded_at = at + timedelta(days=self.rng.randrange(40, 500)) if self.draft.grade else None
        seen: datetime | None = None
        while True:
            at = self._next(at, seen)
            if graded_at is not None and graded_at < at and graded_at < self.setting.until:
                at, graded_at = graded_at, None
                self._change(at, {"grade": self.draft.grade, "reasons": sorted(self.draft.reasons)})
                continue
            if at >= self.setting.until:
                return Past(self.values, self.steps)
            gone = gone_at is not None and at > gone_at
            self._verify(at, gone)
            seen = at
            if gone:
                return Past(self.values, self.steps)

    def _values(self) -> dict[str, Any]:
        draft, point = self.draft, self.draft.point
        values: dict[str, Any] = {
            **EMPTY, "category": draft.category, "name": draft.name, "address": draft.address, "reasons": [],
            "area": draft.stated_area, "source": draft.source, "external_id": draft.external_id,
            "attributes": dict(draft.attributes),
        }  # fmt: skip
        if point:
            values["lon"], values["lat"] = point
        values["area"] = place_columns(self.setting.ground, values)["area_id"]
        return values

    def _registered(self) -> datetime:
        """Most were taken up in the first weeks; others came since; lists came in on days of their own."""
        rng, listed = self.rng, self.draft.source != "jishi"
        if listed:
            days = rng.choice([310, 420, 560, 660])
        else:
            days = rng.randrange(1, TAKEN_UP) if rng.random() < 0.88 else rng.randrange(TAKEN_UP, KEPT.days - 6)
        at = self._at_work(self.setting.since + timedelta(days=days))
        fields = difference({**EMPTY, "attributes": {}}, self.values)
        by = None if listed else self.usual
        self.steps.append(
            PastStep("created", at, fields, by, self.draft.source if listed else "", at.date() if listed else None)
        )
        return at

    def _gone_at(self) -> datetime | None:
        share = 0.05 if self.draft.category in ("place.shop", "place.catering", "org.employer") else 0.005
        gone = self.rng.random() < share
        return self.setting.since + timedelta(days=self.rng.randrange(120, KEPT.days)) if gone else None

    def _next(self, last: datetime, seen: datetime | None) -> datetime:
        """When somebody looks next: mostly in time, later where an area is short of people and around New Year."""
        rng, setting = self.rng, self.setting
        if seen is None and len(self.steps) == 1:
            # Some are never looked at.
            wait = rng.lognormvariate(3.2, 0.9) if rng.random() < 0.975 else 10 * KEPT.days
        else:
            days = cadence.days_of(self.sort.cadence, self.values["grade"])
            draw = rng.random()
            share = rng.uniform(0.6, 0.99) if draw < 0.74 else rng.uniform(0.99, 1.2)
            share = rng.uniform(1.2, 2.1) if draw > 0.95 else share
            begun = (last - setting.since) / KEPT
            wait = days * share * setting.diligence.get(self.values["area"], 1.0) * (1.16 - 0.2 * begun)
        at = last + timedelta(days=max(1.0, wait))
        if at.month == 2 and rng.random() < 0.5:
            at += timedelta(days=rng.randrange(4, 16))
        return max(self._at_work(at), last + timedelta(hours=1))

    def _at_work(self, at: datetime) -> datetime:
        """Somewhere in the working hours of that day, mostly on a weekday."""
        rng = self.rng
        day = at.astimezone(self.setting.zone).date()
        if day.weekday() >= 5 and rng.random() < 0.8:
            day += timedelta(days=7 - day.weekday())
        minutes = rng.randrange(8 * 60 + 30, 17 * 60 + 40)
        clock = time(minutes // 60, minutes % 60, rng.randrange(60))
        return datetime.combine(day, clock, self.setting.zone).astimezone(at.tzinfo)

    def _verify(self, at: datetime, gone: bool) -> None:
        rng = self.rng
        corrected = self._corrected(at) if rng.random() < 0.06 else {}
        if gone:
            corrected = {"status": "closed"}
        step = self._change(at, corrected, "verified")
        step.result = "gone" if gone else "corrected" if corrected else "correct"
        if self.sort.needs_photo:
            # Known from the log of a patrol: on the spot it would have needed a photo.
            step.source, step.source_date = words.PATROL_LOG, at.date()
        elif self.values["lon"] is not None and self.sort.needs_position:
            step.lon = round(self.values["lon"] + rng.gauss(0, 0.00012), 6)
            step.lat = round(self.values["lat"] + rng.gauss(0, 0.0001), 6)
            step.accuracy = rng.randrange(4, 30)

    def _corrected(self, at: datetime) -> dict[str, Any]:
        known = [code for code in self.values["attributes"] if code in _CHANGING]
        if not known:
            return {}
        code = self.rng.choice(known)
        value = value_of(self.rng, self.draft.category, code, at.date())
        if value == self.values["attributes"][code]:
            return {}
        return {"attributes": {**self.values["attributes"], code: value}}

    def _change(self, at: datetime, values: Mapping[str, Any], kind: str = "changed") -> PastStep:
        after = {**self.values, **values}
        by = self.usual if self.rng.random() < 0.8 else self.rng.choice(self.setting.people)
        step = PastStep(kind, at, difference(self.values, after), by)
        self.values = after
        self.steps.append(step)
        return step
