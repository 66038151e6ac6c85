"""A made-up city for the duplicates: compounds, malls, offices, chains and things.

Every 20,000 elements are one district of its own; districts lie side by side, share street names and chains, and are as
dense as the first.  What is hard in it: compounds of numbered buildings 25 m apart, up to 60 shops at one address,
chains whose branches stand on one street with and without a word for the branch, schools that differ by one figure,
firms whose names differ by one sign, things of one name at one address, neighbours of a different kind with the same
name (a hotel and its car park), and elements without a name.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import cos, pi, radians, sin, sqrt

from jishi.register.likeness import Record

DISTRICT = 20_000
DISTRICTS = ["东湖", "西山", "南苑", "北塘", "中原", "高新", "滨江", "临港", "新安", "永宁"]
METRES = 111_320.0
FAMILIES = {
    "restaurant": "food", "snack": "food", "canteen": "food", "shop": "retail", "supermarket": "retail",
    "hotel": "lodging", "guesthouse": "lodging", "firm": "office", "employer": "office", "building": "building",
    "house": "building", "compound": "compound", "estate": "compound", "school": "school", "kindergarten": "school",
    "hydrant": "hydrant", "lift": "lift", "charging": "charging", "parking": "parking", "manager": "office",
    "clinic": "health", "hospital": "health",
}  # fmt: skip
LINKED = {"restaurant": "snack", "snack": "restaurant", "shop": "supermarket", "supermarket": "shop", "firm": "employer",
          "hotel": "guesthouse", "building": "house", "compound": "estate"}  # fmt: skip
ROAD_SIGNS = "建设和平新华文化站前柳河东风钟楼桃园学府金穗南桥湖滨云杉枫林码头光明安康解放人民胜利团结友谊朝阳青年长江黄山泰振兴迎宾"
PLACE_SIGNS = "柳河桃园金穗湖滨学府枫林云杉翠竹锦绣阳光御景龙泉凤凰紫荆银杏海棠碧水蓝天丽景祥和盛世名都华府香榭"
BRAND_SIGNS = "宏达鑫源恒泰永盛金鼎瑞丰嘉禾天成博远华信佳美百味千禾万隆福临顺康乐众德盈聚同兴广润和誉诚信惠民悦来望春老张李王记家陈刘"
COMPOUND_ENDS = ["家园", "花园", "小区", "新村", "苑", "名邸", "公馆", "里"]
TRADES = {
    "restaurant": ["川菜馆", "火锅店", "家常菜馆", "海鲜酒楼", "烤鸭店", "饭店"], "snack": ["面馆", "包子铺", "饺子馆", "米粉店", "麻辣烫", "烧烤店"],
    "shop": ["便利店", "五金店", "水果店", "烟酒店", "服装店", "文具店", "药店", "理发店"], "supermarket": ["超市", "生活超市"],
    "hotel": ["酒店", "大酒店", "宾馆"], "guesthouse": ["旅馆", "招待所", "民宿"], "clinic": ["诊所", "口腔门诊部"],
}  # fmt: skip
FIRMS = ["贸易", "商贸", "科技", "信息技术", "物流", "建筑工程", "装饰", "广告", "咨询", "电子", "机械设备", "食品"]
CHAINS = [f"{brand}{trade}" for brand in ("美味", "百盛", "佳乐", "老陈", "康泉", "每日", "华联", "顺丰源", "蜀香", "味千和")
          for trade in ("快餐", "便利店", "大药房", "面馆", "超市", "快递", "烘焙", "奶茶")]  # fmt: skip
FIGURES = "零一二三四五六七八九"


class City:
    """Elements of a register, none of them there twice."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._known: set[tuple[str, str]] = set()

    def records(self, count: int) -> list[Record]:
        """So many different elements, a district after the other."""
        made: list[Record] = []
        districts = 0
        makers: list[tuple[Callable[[], Iterator[Record]], int]] = [
            (self._compound, 12), (self._mall, 3), (self._office, 4), (self._shops, 30), (self._public, 2),
            (self._hotel, 2), (self._unnamed, 5),
        ]  # fmt: skip
        choices, shares = zip(*makers, strict=True)
        while len(made) < count:
            if len(made) >= DISTRICT * districts:
                self._district(districts)
                districts += 1
            for record in self._dice.choices(choices, shares)[0]():
                # A name that says its place (a branch, a school of a district) is there once in the district.
                branch = record.name.startswith(tuple(CHAINS)) and record.name not in CHAINS
                placed = branch or record.category in ("parking", "school")
                mark = (record.name, self.district if placed else record.address)
                if record.name not in ("", "消火栓") and mark in self._known:
                    continue
                self._known.add(mark)
                made.append(replace(record, id=len(made), family=FAMILIES[record.category]))
        return made[:count]

    def _district(self, number: int) -> None:
        dice = self._dice
        self.city = "柳城市"
        self.district = (
            f"{['东湖', '西山', '南苑', '北塘', '中原', '高新', '滨江', '临港', '新安', '永宁'][number % 10]}区"
        )
        self.town = f"{_word(dice, PLACE_SIGNS)}街道"
        self.roads = [
            _word(dice, ROAD_SIGNS) + dice.choice(["路", "路", "街", "大道", "东路", "西路", "巷"]) for _ in range(180)
        ]
        self.west, self.south = 120 + 0.09 * (number % 5), 30 + 0.08 * (number // 5)

    def _spot(self) -> tuple[str, int, float, float]:
        """A road, a house number, and the point where that is: houses of a road stand in a row, 8 m for a number."""
        dice = self._dice
        place, number = dice.randrange(len(self.roads)), dice.randint(1, 400)
        along, across = number * 8 / METRES, place * 0.07 / len(self.roads)
        if place % 2:
            lon, lat = self.west + along / cos(radians(self.south)) + 0.02, self.south + across
        else:
            lon, lat = self.west + across, self.south + along + 0.01
        return self.roads[place], number, lon, lat

    def _at(self, road: str, number: int | str) -> str:
        return f"{self.city}{self.district}{self.town if self._dice.random() < 0.3 else ''}{road}{number}号"

    def _make(self, name: str, address: str, lon: float, lat: float, category: str, spread: float = 4) -> Record:
        lon, lat = moved(self._dice, lon, lat, spread)
        return Record(0, name, address, lon, lat, category)

    def _compound(self) -> Iterator[Record]:
        dice = self._dice
        road, number, lon, lat = self._spot()
        name = _word(dice, PLACE_SIGNS) + dice.choice(COMPOUND_ENDS)
        lane = dice.random() < 0.3
        address = self._at(road, number)[:-1] + "弄" if lane else self._at(road, number) + name
        yield self._make(name, address, lon, lat, "compound")
        count = dice.randint(4, 28)
        for one in range(1, count + 1):
            place = lon + (one % 6) * 25 / METRES, lat + (one // 6) * 30 / METRES
            yield self._make(f"{name}{one}号楼", f"{address}{one}号" + ("" if lane else "楼"), *place, "building", 2)
            if dice.random() < 0.15:
                yield self._make(f"{name}{one}号楼{dice.randint(1, 4)}单元电梯", f"{address}{one}号楼", *place, "lift")
        if dice.random() < 0.5:
            yield self._make(f"{name}物业服务中心", address, lon, lat, "manager", 20)
            yield self._make(f"{name}停车场", address, lon, lat, "parking", 20)
            yield self._make(f"{name}幼儿园", address, lon, lat, "kindergarten", 20)
        for _ in range(dice.randint(0, 6)):
            yield self._make("消火栓", address, lon, lat, "hydrant", 60)
        for one in range(dice.randint(0, 4)):
            yield self._make(f"{name}{one + 1}号充电点", address, lon, lat, "charging", 50)

    def _mall(self) -> Iterator[Record]:
        dice = self._dice
        road, number, lon, lat = self._spot()
        name = _word(dice, PLACE_SIGNS) + dice.choice(["广场", "购物中心", "商城", "市场"])
        for one in range(dice.randint(20, 60)):
            floor = dice.randint(1, 5)
            address = f"{self._at(road, number)}{name}{floor}层{floor}{one:02d}室"
            shop, category = (f"{dice.choice(CHAINS)}({name}店)", "snack") if dice.random() < 0.3 else self._trade()
            yield self._make(shop, address, lon, lat, category, 30)

    def _office(self) -> Iterator[Record]:
        dice = self._dice
        road, number, lon, lat = self._spot()
        name = _word(dice, PLACE_SIGNS) + dice.choice(["大厦", "国际中心", "写字楼"])
        for one in range(dice.randint(10, 45)):
            firm = _word(dice, BRAND_SIGNS, dice.choice([2, 2, 3]))
            town = self.city if dice.random() < 0.6 else self.city[:-1]
            legal = dice.choice(["有限公司", "有限公司", "有限责任公司"])
            address = f"{self._at(road, number)}{name}{'AB'[one % 2]}座{dice.randint(3, 25)}{one % 20:02d}室"
            yield self._make(f"{town}{firm}{dice.choice(FIRMS)}{legal}", address, lon, lat, "firm", 15)

    def _trade(self) -> tuple[str, str]:
        category = self._dice.choice(["restaurant", "snack", "snack", "shop", "shop", "shop", "supermarket", "clinic"])
        return _word(self._dice, BRAND_SIGNS) + self._dice.choice(TRADES[category]), category

    def _shops(self) -> Iterator[Record]:
        dice = self._dice
        road, number, lon, lat = self._spot()
        for one in range(dice.randint(1, 6)):
            name, category = self._trade()
            if dice.random() < 0.25:
                branch = dice.choice([f"({road}店)", f"{road}店", f"({road}{number}号店)", ""])
                name, category = dice.choice(CHAINS) + branch, "shop"
            yield self._make(name, self._at(road, number + 2 * one), lon, lat + one * 16 / METRES, category)

    def _public(self) -> Iterator[Record]:
        road, number, lon, lat = self._spot()
        figure = self._dice.randint(1, 20)
        said = (
            FIGURES[figure]
            if figure < 10
            else f"{'二' if figure > 19 else ''}十{FIGURES[figure % 10] if figure % 10 else ''}"
        )
        kind = self._dice.choice(["小学", "中学"])
        yield self._make(f"{self.city}{self.district}第{said}{kind}", self._at(road, number), lon, lat, "school", 10)
        for side in "东西":
            yield self._make(f"{road}{side}门公共停车场", self._at(road, number), lon, lat, "parking", 50)

    def _hotel(self) -> Iterator[Record]:
        road, number, lon, lat = self._spot()
        name = _word(self._dice, BRAND_SIGNS) + self._dice.choice(TRADES["hotel"])
        yield self._make(name, self._at(road, number), lon, lat, "hotel")
        yield self._make(f"{name}停车场", self._at(road, number), lon, lat, "parking")
        yield self._make(f"{name}餐厅", self._at(road, number), lon, lat, "restaurant")

    def _unnamed(self) -> Iterator[Record]:
        road, number, lon, lat = self._spot()
        for _ in range(self._dice.randint(1, 4)):
            yield self._make("", self._at(road, number), lon, lat, self._dice.choice(["restaurant", "snack", "shop"]))


def _word(dice: random.Random, signs: str, length: int = 2) -> str:
    return "".join(dice.sample(signs, length))


def moved(dice: random.Random, lon: float, lat: float, most: float) -> tuple[float, float]:
    """A point up to ``most`` metres away, evenly over the disc."""
    far, turn = most * sqrt(dice.random()), dice.uniform(0, 2 * pi)
    return lon + far * cos(turn) / METRES / cos(radians(lat)), lat + far * sin(turn) / METRES
