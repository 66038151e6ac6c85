"""The method: withhold what is small or was withheld before, then show each total that leaves every cell open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from jishi.register.suppression.tables import LEAST, MEASURES, Published, Release, Withheld
from jishi.register.suppression.worlds import Bunch, able_to_rise, stay_open

COVERS_MOST = 3
"""How many further buildings of an area are withheld to keep its total, before the total is given up instead."""

Spot = tuple[int, str]
NOW, STATION = "now", ""


def suppress(release: Release, history: Sequence[Published] = ()) -> Published:
    """What of the release may be shown outside the station, given all that was shown before (oldest first)."""
    return Published(release, {measure: _choose(measure, release, history) for measure in MEASURES})


def _choose(measure: str, release: Release, history: Sequence[Published]) -> Withheld:
    ledger = _Ledger()
    for past in history:
        ledger.note(past.release, measure, past.withheld[measure])
    totals = release.totals[measure]
    always = frozenset(row.place for row in release.rows if getattr(row, measure) < LEAST or row.place in ledger.ever)
    ledger.note(release, measure, Withheld(always, frozenset(totals), True))
    ledger.keep_open()
    areas = sorted(totals, key=_lot)
    for area in areas:
        if totals[area] >= LEAST:
            ledger.show_area(area)
    if sum(totals.values()) >= LEAST:
        ledger.show_station(areas)
    return Withheld(always | ledger.covers, frozenset(ledger.closed[-1]), ledger.station_closed[-1])


def _lot(name: str) -> str:
    """An order that has nothing to do with the counts, so that being chosen says nothing about them."""
    return sha256(name.encode()).hexdigest()


@dataclass(slots=True)
class _Run:
    """A place's value for as long as it stayed the same: one unknown, or one known once it was shown."""

    place: str
    value: int
    hidden: bool
    spots: tuple[Spot, ...] = ()


@dataclass(slots=True)
class _Ledger:
    """All that is known outside of one measure; the last release noted is the one being settled."""

    latest: dict[str, _Run] = field(default_factory=dict)
    ended: list[_Run] = field(default_factory=list)
    ever: set[str] = field(default_factory=set)
    covers: set[str] = field(default_factory=set)
    closed: list[set[str]] = field(default_factory=list)
    station_closed: list[bool] = field(default_factory=list)
    tiny: set[Spot] = field(default_factory=set)
    wide: set[Spot] = field(default_factory=set)

    def note(self, release: Release, measure: str, withheld: Withheld) -> None:
        """Add a release: values that stayed as they were go on, others begin anew."""
        number = len(self.closed)
        self.closed.append(set(withheld.areas))
        self.station_closed.append(withheld.station)
        totals = release.totals[measure]
        self.tiny |= {(number, area) for area, total in totals.items() if total < LEAST}
        if sum(totals.values()) < LEAST:
            self.tiny.add((number, STATION))
        for row in release.rows:
            value = getattr(row, measure)
            run = self.latest.get(row.place)
            if run is None or run.value != value:
                if run is not None and run.hidden:
                    self.ended.append(run)
                run = self.latest[row.place] = _Run(row.place, value, row.place in withheld.places)
            # What was shown once while it stayed the same is known, whatever was withheld of it.
            run.hidden = run.hidden and row.place in withheld.places
            run.spots += ((number, row.area),)
        self.ever |= withheld.places

    def keep_open(self) -> None:
        """Find the withheld totals of 5 or more that are open as yet, so as to keep them open."""
        large = {(number, area) for number, closed in enumerate(self.closed) for area in closed} - self.tiny
        self.wide = large
        self.wide = large & able_to_rise(self._bunches(set().union(*self.closed)))

    @property
    def number(self) -> int:
        return len(self.closed) - 1

    def here(self, area: str) -> list[_Run]:
        """The area's runs in the release being settled."""
        return [run for run in self.latest.values() if run.spots[-1] == (self.number, area)]

    def show_area(self, area: str) -> None:
        """Show the area's total if that is safe, withholding a few further buildings if that makes it so."""
        self.closed[-1].discard(area)
        if not self._cover(area, COVERS_MOST):
            self.closed[-1].add(area)

    def show_station(self, areas: Iterable[str]) -> None:
        """Show the station's total if that is safe, withholding one further area's total if that makes it so."""
        self.station_closed[-1] = False
        closed = self.closed[-1]
        if not closed or self._safe(closed):
            return
        for partner in [area for area in areas if area not in closed]:
            closed.add(partner)
            if self._cover(partner, 1):
                return
            closed.discard(partner)
        self.station_closed[-1] = True

    def _cover(self, area: str, most: int) -> bool:
        """Withhold up to so many further values of the area until all is safe; withhold none if it cannot be."""
        here = self.here(area)
        # A value that was shown before and has not changed is known: withholding it now would cover nothing.
        fresh = sorted((run for run in here if not run.hidden and len(run.spots) == 1), key=lambda run: _lot(run.place))
        covers = fresh[:most]
        for count in range(len(covers) + 1):
            for cover in covers[:count]:
                cover.hidden = True
            if self._safe({area}):
                self.covers.update(cover.place for cover in covers[:count])
                return True
        for cover in covers:
            cover.hidden = False
        return False

    def _safe(self, areas: Iterable[str]) -> bool:
        """Whether everything withheld, now and before, that these areas' totals bear upon stays open."""
        return stay_open(self._bunches(set(areas)))

    def _bunches(self, areas: set[str]) -> list[Bunch]:
        bunches: dict[tuple[frozenset[Spot], frozenset[Spot | str], frozenset[Spot]], list[int]] = {}
        for run, now in self._linked(areas):
            equations = frozenset(filter(None, map(self._equation, run.spots)))
            zero: set[Spot | str] = {
                spot for at, area in run.spots for spot in ((at, area), (at, STATION)) if spot in self.tiny
            }
            if now and run.value < LEAST:
                zero.add(NOW)
            more = frozenset(spot for spot in run.spots if spot in self.wide and spot[1] in self.closed[spot[0]])
            sums = bunches.setdefault((equations, frozenset(zero), more), [0, 0])
            sums[0] += 1
            sums[1] += run.value
        return [Bunch(*key, *sums) for key, sums in bunches.items()]

    def _equation(self, spot: Spot) -> Spot | None:
        """The shown total that a value stands in at one date: its area's, else the station's, else none."""
        number, area = spot
        if area not in self.closed[number]:
            return spot
        return None if self.station_closed[number] else (number, STATION)

    def _linked(self, areas: set[str]) -> list[tuple[_Run, bool]]:
        """The hidden runs of these areas and of all that some shown total ties to them; whether each is the latest."""
        hidden = [(run, True) for run in self.latest.values() if run.hidden] + [(run, False) for run in self.ended]
        ties = [closed for closed, shut in zip(self.closed, self.station_closed, strict=True) if closed and not shut]
        ties += [moved for run, _ in hidden if len(moved := {area for _, area in run.spots}) > 1]
        reached = set(areas)
        while more := [tie for tie in ties if tie & reached and not tie <= reached]:
            reached.update(*more)
        return [(run, now) for run, now in hidden if run.spots[-1][1] in reached]
