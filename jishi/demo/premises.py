"""What stands in an area of the fictional district: buildings in their compounds, firms at their doors, things around."""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from random import Random
from typing import Any

from jishi.demo import words
from jishi.demo.town import XY, Block, Lot, Spot, degrees
from jishi.demo.values import attributes_of
from jishi.register.catalogue import sort_of

#: How many of a category stand in an area of the full demo.
HOW_MANY: dict[str, float] = {
    "place.office": 10, "place.school": 2, "place.kindergarten": 3, "place.hospital": 0.4, "place.clinic": 6,
    "place.care": 1, "place.market": 1, "place.mall": 1, "place.shop": 118, "place.catering": 56, "place.hotel": 4,
    "place.entertainment": 4, "place.construction": 2, "place.ebike": 12, "place.carpark": 6, "place.warehouse": 3,
    "place.workshop": 4, "place.station": 9, "place.water": 2, "org.fuel": 0.7, "org.gas": 0.6, "org.hazardous": 0.8,
    "org.fireworks": 0.6, "org.courier": 6, "org.lodging": 4, "org.pawn": 1, "org.scrap": 1, "org.secondhand": 1.5,
    "org.engraving": 1, "org.repair": 5, "org.property": 2.5, "org.security": 0.7, "org.employer": 12, "org.other": 3,
    "thing.hydrant": 45, "thing.extinguisher": 78, "thing.ministation": 3, "thing.aed": 3, "thing.gasvalve": 20,
    "thing.lift": 40, "thing.barrier": 10, "thing.bollard": 4, "thing.lamp": 90, "thing.manhole": 68,
    "thing.transformer": 8, "thing.firedoor": 15, "thing.sign": 8,
}  # fmt: skip
HOMES = 140
#: Grades with the reasons that make them, by category, and for how many of a hundred.
_GRADED: dict[str, tuple[int, list[tuple[int, list[str]]]]] = {
    "place.workshop": (25, [(1, ["three_in_one"]), (2, ["old_wiring"])]),
    "place.care": (60, [(2, ["cannot_leave"])]),
    "place.hospital": (90, [(2, ["cannot_leave", "crowds"])]),
    "place.kindergarten": (40, [(3, ["cannot_leave"])]),
    "place.entertainment": (30, [(2, ["crowds", "exits_blocked"]), (3, ["crowds"])]),
    "place.mall": (80, [(2, ["crowds"])]),
    "place.market": (60, [(3, ["crowds", "old_wiring"])]),
    "place.residential": (5, [(1, ["charging_inside", "exits_blocked"]), (2, ["old_wiring"]), (3, ["structure"]),
                              (4, ["matters_repeated"])]),
    "place.catering": (4, [(2, ["hazardous_goods"]), (3, ["matters_repeated"])]),
    "place.water": (50, [(3, ["water"])]),
    "org.fuel": (70, [(3, ["hazardous_goods"])]),
    "org.hazardous": (80, [(1, ["hazardous_goods"]), (2, ["hazardous_goods"])]),
    "org.gas": (70, [(2, ["hazardous_goods"])]),
    "place.hotel": (12, [(3, ["findings_open"]), (4, ["matters_repeated"])]),
}  # fmt: skip


@dataclass(eq=False, slots=True)
class Draft:
    """An element that is to be registered: what it is, where, and what it belongs to."""

    category: str
    name: str
    address: str
    at: XY | None
    attributes: dict[str, Any]
    links: list[tuple[str, Draft]] = field(default_factory=list)
    parts: list[tuple[str, int]] = field(default_factory=list)
    grade: int = 0
    reasons: list[str] = field(default_factory=list)
    stated_area: int | None = None
    source: str = "jishi"
    external_id: str | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """The longitude and latitude, if known."""
        return degrees(self.at) if self.at else None


class Neighbourhood:
    """One area being filled."""

    def __init__(
        self, rng: Random, name: str, spots: list[Spot], blocks: list[Block], scale: float, today: date
    ) -> None:
        self.rng = rng
        self.stem = name.removesuffix("社区")
        self.scale = scale
        self.today = today
        self.drafts: list[Draft] = []
        self.buildings: list[Draft] = []
        self.compounds: list[Draft] = []
        self._spots = iter(rng.sample(spots, len(spots)))
        self._blocks = blocks
        self._serial = count(2)
        self._taken: set[str] = set()

    def fill(self) -> list[Draft]:
        """Everything that stands there."""
        self._homes()
        self._parks()
        for code, many in HOW_MANY.items():
            for _ in range(self._times(many)):
                self._add(code)
        return self.drafts

    def _times(self, many: float) -> int:
        exact = many * self.scale
        return int(exact) + (self.rng.random() < exact % 1)

    def _add(self, code: str) -> Draft:
        make = _MAKERS.get(code, Neighbourhood._at_a_door)
        name, address, at, links = make(self, code)
        return self._draft(code, name, address, at, links)

    def _draft(self, code: str, name: str, address: str, at: XY, links: list[tuple[str, Draft]] | None = None) -> Draft:
        rng = self.rng
        draft = Draft(code, self._once(name), address, at, attributes_of(rng, sort_of(code), self.today), links or [])
        share, choices = _GRADED.get(code, (0, []))
        if rng.random() * 100 < share:
            draft.grade, draft.reasons = rng.choice(choices)
        parts = words.PARTS.get(code, [])
        if parts and (code != "place.catering" or draft.attributes.get("gas") == "bottled"):
            draft.parts = parts[: rng.randint(1, len(parts))]
        self.drafts.append(draft)
        return draft

    def _once(self, name: str) -> str:
        """The name, with a number where the area has it already."""
        found = name
        while found in self._taken:
            found = f"{name}（{next(self._serial)}）"
        self._taken.add(found)
        return found

    def _homes(self) -> None:
        """Compounds with their buildings, whole ones first."""
        left = self._times(HOMES)
        blocks = [block for block in self._blocks if block.use == "homes"]
        for block in self.rng.sample(blocks, len(blocks)):
            if left <= 0:
                return
            compound = self._draft("place.compound", block.name, block.address, block.at)
            self.compounds.append(compound)
            lots = block.lots[:left]
            compound.attributes["buildings"] = len(lots)
            for number, lot in enumerate(lots, 1):
                self._home(compound, number, lot)
            left -= len(lots)

    def _home(self, compound: Draft, number: int, lot: Lot) -> None:
        name = f"{compound.name}{number}号楼"
        home = self._draft("place.residential", name, f"{compound.address}{name}", lot.at, [("belongs", compound)])
        if home.attributes["floors"] < 10:
            home.attributes["lifts"] = 0
        self.buildings.append(home)

    def _parks(self) -> None:
        for block in self._blocks:
            if block.use == "park":
                self._draft("place.park", f"{block.name}公园", block.address, block.at)

    # Where things stand: name, address, place and links of one more of a category

    def _at_a_door(self, code: str) -> Made:
        spot, rng = next(self._spots), self.rng
        trade = rng.choice(words.TRADES[code]).format(a=self.stem)
        links = []
        if self.buildings and code in ("place.shop", "place.catering", "place.clinic", "org.lodging", "org.employer"):
            inside = _nearest(self.buildings, spot.at) if rng.random() < 0.35 else None
            links = [("inside", inside)] if inside else []
        return f"{rng.choice(words.BRANDS)}{trade}", spot.address, spot.at, links

    def _named_after_area(self, code: str) -> Made:
        spot = next(self._spots)
        kinds = {
            "place.school": ["小学", "中学", "实验学校"], "place.kindergarten": ["幼儿园", "中心幼儿园", "第二幼儿园"],
            "place.hospital": ["医院"], "place.market": ["农贸市场"], "place.carpark": ["停车场", "公共停车场"],
        }[code]  # fmt: skip
        stem = self.stem if spot.street[-1] in "巷里" else self.rng.choice([self.stem, spot.street])
        return f"{stem}{self.rng.choice(kinds)}", spot.address, spot.at, []

    def _on_a_street(self, code: str) -> Made:
        spot = next(self._spots)
        what = {
            "place.station": "公交站", "org.fuel": "加油站", "place.water": "桥头亲水平台", "thing.bollard": "升降桩",
            "thing.barrier": "护栏", "thing.sign": "限高标识",
        }[code]  # fmt: skip
        name = f"{spot.street}{spot.number}号{what}" if code.startswith("thing") else f"{spot.street}{what}"
        return name, spot.address, spot.at, []

    def _lamp(self, _code: str) -> Made:
        spot = next(self._spots)
        return f"{spot.street}路灯{spot.number:04d}", spot.address, spot.at, []

    def _manhole(self, _code: str) -> Made:
        spot = next(self._spots)
        return f"{spot.street}{spot.number}号门前井盖", spot.address, spot.at, []

    def _hydrant(self, _code: str) -> Made:
        spot = next(self._spots)
        near = _nearest(self.compounds, spot.at)
        links = [("serves", near)] if near and self.rng.random() < 0.6 else []
        return f"{spot.street}{spot.number}号消火栓", spot.address, spot.at, links

    def _in_a_building(self, code: str) -> Made:
        home = self.rng.choice(self.buildings)
        what = {
            "thing.extinguisher": "{n}单元{m}层灭火器箱", "thing.lift": "{n}号电梯",
            "thing.gasvalve": "{n}单元燃气总阀", "thing.firedoor": "{n}单元{m}层防火门",
        }[code]  # fmt: skip
        entrances, floors = home.attributes["entrances"], home.attributes["floors"]
        name = f"{home.name}{what.format(n=self.rng.randint(1, entrances), m=self.rng.randint(1, floors))}"
        assert home.at is not None
        at = (home.at[0] + self.rng.uniform(-14, 14), home.at[1] + self.rng.uniform(-5, 5))
        return name, home.address, at, [("inside", home)]

    def _in_a_compound(self, code: str) -> Made:
        compound = self.rng.choice(self.compounds)
        what = {
            "place.ebike": "{n}号充电棚", "thing.ministation": "微型消防站", "thing.aed": "除颤器{n}",
            "thing.transformer": "{n}号箱变", "place.construction": "改造工地", "org.property": "物业服务中心",
        }[code]  # fmt: skip
        kind = "manages" if code == "org.property" else "belongs" if code.startswith("place") else "inside"
        name = f"{compound.name}{what.format(n=self.rng.randint(1, 9))}"
        assert compound.at is not None
        at = (compound.at[0] + self.rng.uniform(-90, 90), compound.at[1] + self.rng.uniform(-70, 70))
        return name, compound.address, at, [(kind, compound)]


Made = tuple[str, str, XY, list[tuple[str, Draft]]]

_MAKERS: dict[str, Callable[[Neighbourhood, str], Made]] = {
    **dict.fromkeys(
        ("place.school", "place.kindergarten", "place.hospital", "place.market", "place.carpark"),
        Neighbourhood._named_after_area,
    ),
    **dict.fromkeys(
        ("place.station", "org.fuel", "place.water", "thing.bollard", "thing.barrier", "thing.sign"),
        Neighbourhood._on_a_street,
    ),
    **dict.fromkeys(
        ("thing.extinguisher", "thing.lift", "thing.gasvalve", "thing.firedoor"), Neighbourhood._in_a_building
    ),
    **dict.fromkeys(
        ("place.ebike", "thing.ministation", "thing.aed", "thing.transformer", "place.construction", "org.property"),
        Neighbourhood._in_a_compound,
    ),
    "thing.lamp": Neighbourhood._lamp,
    "thing.manhole": Neighbourhood._manhole,
    "thing.hydrant": Neighbourhood._hydrant,
}


def _nearest(drafts: list[Draft], at: XY) -> Draft | None:
    def away(draft: Draft) -> float:
        assert draft.at is not None
        return (draft.at[0] - at[0]) ** 2 + (draft.at[1] - at[1]) ** 2

    return min(drafts, key=away, default=None)


def doubled(rng: Random, drafts: list[Draft], share: float) -> Iterator[Draft]:
    """The same places once more, as another list has them: in other words, a few metres off."""
    named = [draft for draft in drafts if draft.category.startswith(("place", "org")) and draft.at]
    for serial, draft in enumerate(rng.sample(named, round(len(drafts) * share)), 1):
        assert draft.at is not None
        name, address = _in_other_words(rng, draft)
        at = (draft.at[0] + rng.uniform(-12, 12), draft.at[1] + rng.uniform(-12, 12))
        yield Draft(
            draft.category, name, address, at if rng.random() < 0.8 else None, dict(draft.attributes),
            source=rng.choice(words.LISTS), external_id=f"PA{rng.randrange(10**6):06d}{serial:04d}",
        )  # fmt: skip


def _in_other_words(rng: Random, draft: Draft) -> tuple[str, str]:
    name, address = draft.name, draft.address
    changes: list[Callable[[], None]] = []

    def prefixed() -> None:
        nonlocal name
        name = f"平安区{name}"

    def branch() -> None:
        nonlocal name
        name = f"{name}（{address.split('号')[0].rstrip('0123456789')}店）"

    def spelled() -> None:
        nonlocal address
        address = "平安区" + address.replace("号楼", "栋")

    changes = [prefixed, spelled] if draft.category == "place.residential" else [prefixed, branch, spelled]
    for change in rng.sample(changes, rng.randint(1, 2)):
        change()
    return name, address


def troubled(rng: Random, drafts: list[Draft], own: int, neighbours: list[int], share: float) -> None:
    """Take something away from a share of the drafts, or say an area that the outline denies."""
    for draft in rng.sample(drafts, round(len(drafts) * share)):
        trouble = rng.choices(("value", "point", "area", "address"), (45, 25, 20, 10))[0]
        required = [each.code for each in sort_of(draft.category).attributes if each.required]
        if trouble == "value" and required:
            draft.attributes.pop(rng.choice(required), None)
        elif trouble == "area" and draft.at:
            draft.stated_area = rng.choice(neighbours)
        elif trouble == "address" and not draft.category.startswith("thing"):
            draft.address = ""
        else:
            draft.at = None
            draft.stated_area = own if rng.random() < 0.7 else None
