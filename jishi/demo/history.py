"""The district's history: matters that come by the rhythm of day, week and season and go through the loop like real work.

Every step goes through the same actions as a person's, with the time passed in.  The steps of all matters are taken in
the order of time, so that the journals read as they would have been written.
"""  # noqa: E501

from __future__ import annotations

import heapq
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw

from jishi.base.errors import Refused
from jishi.demo import words
from jishi.demo.district import Crew
from jishi.demo.places import Places
from jishi.demo.plans import tend
from jishi.demo.register import Register
from jishi.matters import commands, store, telling
from jishi.matters.actions import PartyInput, apply, report_matter
from jishi.matters.catalogue import categories, proposed_unit
from jishi.matters.models import Matter
from jishi.stations.models import Staff

_HOURS = [1, 1, 1, 1, 1, 1, 2, 5, 8, 9, 8, 7, 6, 6, 7, 8, 8, 7, 7, 6, 5, 4, 3, 2]
_WEEKDAYS = [10, 10, 9, 9, 10, 7, 6]
_AT_ONCE = 40
#: Staff are told of the last day only: a year of it would fill every inbox with what is long over.
_TOLD = timedelta(days=1)


@dataclass(order=True)
class Step:
    """What happens to one matter at one time."""

    at: datetime
    order: int
    run: Callable[[datetime], None] = field(compare=False)


class History:
    """One simulated past of the district, up to ``until``."""

    def __init__(self, rng: Random, crews: list[Crew], registers: list[Register], until: datetime) -> None:
        self.rng = rng
        self.crews = crews
        self.registers = registers
        self.places = Places(registers)
        self.until = until
        self.told_from = until - _TOLD
        self.reported = 0
        self._steps: list[Step] = []
        self._order = 0
        self._photo = _photo()

    def run(self, count: int, days: int, progress: Callable[[int, int], None]) -> None:
        """Let ``count`` matters come in the last ``days`` days and live on until now, beside the register's past."""
        for register in self.registers:
            for moment, _steps in list(register.batches):
                self.plan(moment, register.write_batch)
        for moment in self._arrivals(count, days):
            self.plan(moment, self._report)
        while self._steps:
            with transaction.atomic():
                for _ in range(min(_AT_ONCE, len(self._steps))):
                    step = heapq.heappop(self._steps)
                    with nullcontext() if step.at >= self.told_from else telling.silent():
                        step.run(step.at)
                    if not self._steps:
                        break
            progress(self.reported, count)

    def plan(self, at: datetime, run: Callable[[datetime], None]) -> None:
        if at < self.until:
            self._order += 1
            heapq.heappush(self._steps, Step(at, self._order, run))

    def _arrivals(self, count: int, days: int) -> list[datetime]:
        rng, first = self.rng, self.until - timedelta(days=days)
        weights = [_WEEKDAYS[(first + timedelta(days=day)).weekday()] for day in range(days)]
        burst = range(max(0, days - 30), max(1, days - 16))
        weights = [weight * (2 if day in burst else 1) for day, weight in enumerate(weights)]
        chosen = rng.choices(range(days), weights, k=count)
        local = [
            first + timedelta(days=day, hours=rng.choices(range(24), _HOURS)[0], minutes=rng.randrange(60),
                              seconds=rng.randrange(60))
            for day in chosen
        ]  # fmt: skip
        lately = [self.until - timedelta(minutes=rng.randrange(5, 600)) for _ in range(max(4, count // 30))]
        local[: len(lately)] = lately
        return sorted(moment if moment < self.until else moment - timedelta(days=1) for moment in local)

    def _report(self, at: datetime) -> None:
        rng = self.rng
        crew = rng.choice(self.crews)
        codes = list(words.HAPPENINGS)
        month = at.month
        weights = [
            often * (3 if month in months else 1) for often, months, _, _ in (words.HAPPENINGS[code] for code in codes)
        ]
        code = rng.choices(codes, weights)[0]
        place, called = self.places.choose(rng, rng.choice(crew.areas), code, at)
        by = rng.choice(crew.staff["desk:desk"] * 3 + crew.staff["officer:patrol"] + crew.staff["officer:community"])
        title = rng.choice(words.HAPPENINGS[code][2])
        parties = []
        if rng.random() < 0.4:
            parties = [
                PartyInput(
                    "reporter",
                    rng.choice(words.SURNAMES) + rng.choice(["先生", "女士"]),
                    f"1390000{rng.randrange(10_000):04d}",
                )
            ]
        done = report_matter(
            crew.station, by=by, title=title, category=code if rng.random() < 0.5 else None, place=place,
            description=f"{called}：{title}，请尽快处理。", parties=parties,
            channel=rng.choice(["phone", "desk", "patrol", "window"]), now=at,
            occurred_at=at - timedelta(minutes=rng.randrange(5, 120)),
        )  # fmt: skip
        self.reported += 1
        life = Life(self, crew, done.matter_id, code)
        self.plan(at + self.wait(timedelta(minutes=rng.choice([10, 20, 40, 90]))), life.assess)

    def wait(self, usual: timedelta) -> timedelta:
        """About ``usual``, now and then much longer."""
        return usual * min(8.0, self.rng.lognormvariate(0, 0.6)) * (6 if self.rng.random() < 0.04 else 1)

    def newest_open(self, station_id: int, than: int) -> int | None:
        """A matter of the station that is still worked on, for a duplicate to point to."""
        rows = Matter.objects.filter(station=station_id, state__in=("pushed", "handling"), pk__lt=than)
        return rows.order_by("-pk").values_list("pk", flat=True).first()

    def photo(self) -> SimpleUploadedFile:
        """A made-up photo that comes as evidence."""
        return SimpleUploadedFile("photo.jpg", self._photo, "image/jpeg")


class Life:
    """One matter's way through the loop, one step after the other."""

    def __init__(self, history: History, crew: Crew, matter_id: int, code: str) -> None:
        self.history = history
        self.crew = crew
        self.matter_id = matter_id
        self.code = code
        self.category = categories()[code]
        self.grade = max(1, min(4, self.category.grade + history.rng.choice([-1, 0, 0, 0, 1])))
        self.rounds = 0

    def assess(self, at: datetime) -> None:
        draw = self.history.rng.random()
        if draw < 0.04:
            self._give(commands.Decline(outcome="no_action", reason="经核实无需处置"), "desk:desk", at)
            self._next(at, 120, self.answer)
        elif draw < 0.07 and self._merge(at):
            return
        else:
            self._give(commands.Assess(category=self.code, grade=self.grade), "desk:desk", at)
            tend(self.history, self.crew, self.matter_id, at)
            self._next(at, 15, self.push)

    def push(self, at: datetime) -> None:
        unit = proposed_unit(self.crew.station.pk, self.code)
        done = self._give(commands.Push(unit=unit, rule="usual_unit"), "desk:desk", at)
        if done and self.history.rng.random() < 0.03:
            self._next(at, 20, self.recall)
        elif done:
            self._wait_share(at, self.accept)

    def recall(self, at: datetime) -> None:
        if self._give(commands.Recall(reason="情况变化，重新研判"), "desk:desk", at):
            self._next(at, 30, self.push)

    def accept(self, at: datetime) -> None:
        rng = self.history.rng
        if self.rounds < 2 and rng.random() < 0.07:
            self.rounds += 1
            self._give_unit(commands.Return(reason=rng.choice(words.RETURNS)), at)
            self._next(at, 45, self.push)
        elif self._give_unit(commands.Accept(), at):
            self._wait_share(at, self.work, 0.4)

    def work(self, at: datetime) -> None:
        rng = self.history.rng
        self._give_unit(commands.Log(text=rng.choice(words.LOGS)), at)
        draw = rng.random()
        if draw < 0.03:
            until = at + timedelta(days=rng.randrange(2, 10))
            if self._give(commands.Suspend(until=until, reason="等待配件到货"), "deputy:command", at):
                self.history.plan(until, self.resume)
            else:
                self._wait_share(at, self.submit)
        elif draw < 0.07:
            self._give(commands.Extend(minutes=480, reason="需多部门配合"), "deputy:command", at)
            self._wait_share(at, self.submit)
        else:
            self._wait_share(at, self.submit)

    def resume(self, at: datetime) -> None:
        apply(self.matter_id, commands.Resume(), by=None, now=at)
        self._wait_share(at, self.submit)

    def submit(self, at: datetime) -> None:
        rng = self.history.rng
        text = rng.choice(words.HAPPENINGS[self.code][3])
        uploads = [self.history.photo()] if self.category.needs_photo else []
        if self._give_unit(commands.Submit(outcome="fixed", text=text), at, uploads):
            self._wait_share(at, self.check)

    def check(self, at: datetime) -> None:
        rng = self.history.rng
        if rng.random() < 0.09:
            self._give(commands.Check(result="rework", reason=rng.choice(words.REWORKS)), "checker:checking", at)
            self._wait_share(at, self.submit)
        elif self._give(commands.Check(result="pass"), "checker:checking", at):
            self._next(at, 240, self.answer)

    def answer(self, at: datetime) -> None:
        if self._give(commands.Answer(text=self.history.rng.choice(words.ANSWERS)), "desk:desk", at):
            self._next(at, 1440, self.rate)

    def rate(self, at: datetime) -> None:
        rng = self.history.rng
        if rng.random() < 0.6:
            mended = rng.random() >= 0.05
            stars = rng.choice([3, 4, 4, 5, 5, 5]) if mended else 2
            self._give(commands.Rate(mended=mended, result=stars, manner=min(5, stars + 1)), "desk:desk", at)
            if not mended:
                self._next(at, 60, self.reopen)
                return
        self._next(at, 600, self.close)

    def reopen(self, at: datetime) -> None:
        if self._give(commands.Reopen(reason="报告人反映问题未解决"), "desk:desk", at):
            self._next(at, 60, self.push)

    def close(self, at: datetime) -> None:
        if not self._give(commands.Close(), "desk:desk", at) and store.lock(self.matter_id).run:
            self._next(at, 240, self.close)

    def _merge(self, at: datetime) -> bool:
        root = self.history.newest_open(self.crew.station.pk, self.matter_id)
        return root is not None and self._give(commands.Merge(root=root), "desk:desk", at)

    def _next(self, at: datetime, minutes: int, step: Callable[[datetime], None]) -> None:
        self.history.plan(at + self.history.wait(timedelta(minutes=minutes)), step)

    def _wait_share(self, at: datetime, step: Callable[[datetime], None], usual: float = 0.55) -> None:
        """Take the next step after a share of the time that is left; one in ten comes too late."""
        due = store.lock(self.matter_id).next_due
        rng = self.history.rng
        share = rng.uniform(1.05, 1.8) if rng.random() < 0.08 else usual * rng.uniform(0.3, 1.6)
        left = max(timedelta(minutes=5), (due or at) - at)
        self.history.plan(at + left * share, step)

    def _give_unit(self, command: commands.Command, at: datetime, uploads: list[Any] | None = None) -> bool:
        state = store.lock(self.matter_id)
        code = next((code for code, unit in self.crew.units.items() if unit.pk == state.unit), "desk")
        who = f"officer:{code}" if f"officer:{code}" in self.crew.staff else f"desk:{code}"
        return self._give(command, who, at, uploads)

    def _give(self, command: commands.Command, who: str, at: datetime, uploads: list[Any] | None = None) -> bool:
        """Give the command; False when the loop refuses it because somebody else acted meanwhile."""
        by = self._pick(who)
        try:
            apply(self.matter_id, command, by=by, now=at, uploads=uploads or [])
        except Refused as refused:
            if refused.code not in ("wrong_state", "merge_closed", "merge_elsewhere", "open_tasks", "plan_not_ended"):
                raise
            return False
        return True

    def _pick(self, who: str) -> Staff:
        staff = self.crew.staff[who]
        return staff[self.matter_id % len(staff)]


def _photo() -> bytes:
    image = Image.new("RGB", (480, 320), "#dfe5e8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 120, 300, 300), fill="#b8c4c9")
    draw.rectangle((140, 180, 210, 300), fill="#6f8187")
    draw.ellipse((360, 40, 420, 100), fill="#f3e9c9")
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
