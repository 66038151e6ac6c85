"""Chicago's food premises as records, as they come and with made-up names, and the faults of a second English entry.

The published data hold licence, facility type, address and point, but no names.  Two licences of one type at one
address may be two kitchens of one house, two tenants, or one premises licensed anew; nothing in the data tells which.
So none of them is known to be a duplicate, and every pair offered among them is counted as false.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from alike import moved

from jishi.register.likeness import Record

FILE = "chicago_food_inspections/chicago_food_inspections.csv.gz"
OWNERS = (
    "Tony Maria Rosa Kim Lucky Golden Silver Royal Lakeview Northside Southside Uptown Corner Sunrise Sunset Garden "
    "Dragon Lotus Palm Maple Cedar River Harbor Windy Prairie Union Liberty Star Moon Blue Green Red Happy Family "
    "Grand Little Big Old New Mama Papa Uncle Aunt Eagle Lion Tiger Rose Lily Daisy Summit Valley Metro Central"
).split()
SECOND = (
    "House Place Brothers Sons Village Square Palace Point Station Bridge Hill Park Gate Tower Room Kitchen".split()
)
TRADES = {
    "restaurant": "Restaurant|Grill|Pizza|Tacos|Sushi|Cafe|Diner|Bar & Grill|Hot Dogs|Chop Suey|Steakhouse",
    "grocery": "Food Market|Grocery|Mini Mart|Supermarket|Liquors|Produce",
    "school": "School|Academy|Elementary School",
    "other": "Bakery|Deli|Catering|Daycare|Coffee|Ice Cream|Candy",
}  # fmt: skip
CHAINS = ("Donut Depot", "Sub Stop", "Bean & Cup Coffee", "Burger Barn", "Seven Days", "Chicken Shack", "Taco Town")
LONG = {"N": "North", "S": "South", "E": "East", "W": "West", "ST": "Street", "AVE": "Avenue", "RD": "Road",
        "BLVD": "Boulevard", "DR": "Drive"}  # fmt: skip
INSIDE = ("Bar", "Kitchen", "Coffee Shop", "Banquets", "Room Service", "Lobby Lounge", "Cafeteria", "Gift Shop")


def premises(folder: Path) -> list[Record]:
    """One record for a licence, without a name, by its newest inspection."""
    newest: dict[str, dict[str, str]] = {}
    with gzip.open(folder / FILE, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["License"] not in newest or row["Inspection_Date"] >= newest[row["License"]]["Inspection_Date"]:
                newest[row["License"]] = row
    return [
        Record(licence, "", row["Address"], float(row["Longitude"]) if row["Longitude"] else None,
               float(row["Latitude"]) if row["Latitude"] else None, row["Facility_Type"].casefold(), "food")
        for licence, row in newest.items()
    ]  # fmt: skip


def named(records: list[Record], seed: int) -> list[Record]:
    """The same with made-up names: chains in several places, houses of several licences under one word."""
    dice = random.Random(seed)
    houses: dict[str, str] = {}
    known: set[tuple[str, str]] = set()
    made = []
    for record in records:
        house = houses.setdefault(record.address, f"{dice.choice(OWNERS)} {dice.choice(SECOND)}")
        while True:
            drawn = dice.random()
            if drawn < 0.15:
                name = dice.choice(CHAINS) + (f" #{dice.randint(100, 999)}" if dice.random() < 0.5 else "")
            elif drawn < 0.35:
                name = f"{house} {dice.choice(INSIDE)}"
            else:
                kind = next((kind for kind in TRADES if kind in record.category), "other")
                name = f"{dice.choice(OWNERS)} {dice.choice(OWNERS + SECOND)} {dice.choice(TRADES[kind].split('|'))}"
            if dice.random() < 0.4:
                name += dice.choice([" Inc", " LLC", ", Inc.", " Corp", " Ltd."])
            mark = (re.sub(r",? (Inc|LLC|Corp|Ltd)\.?$", "", name), record.address)
            if mark not in known:
                known.add(mark)
                break
        made.append(replace(record, name=name))
    return made


def _typo(dice: random.Random, record: Record) -> Record:
    name = record.name
    at = dice.choice([at for at, sign in enumerate(name) if sign.isalpha()])
    wrong = dice.choice([dice.choice("abcdefghijklmnopqrstuvwxyz"), "", name[at] * 2])
    return replace(record, name=name[:at] + wrong + name[at + 1 :])


def _abbreviation(dice: random.Random, record: Record) -> Record:
    name = re.sub(r",? (Inc|LLC|Corp|Ltd)\.?$", "", record.name).replace("Restaurant", "Rest.").replace(" & ", " and ")
    return replace(record, name=name)


def _spelt_out(dice: random.Random, record: Record) -> Record:
    address = record.address
    for short, long in LONG.items():
        address = address.replace(f" {short} ", f" {long} ")
    return replace(record, address=f"{address.strip().title()}, Chicago, IL 60601")


def _without_type(dice: random.Random, record: Record) -> Record:
    return replace(record, address=re.sub(r" (ST|AVE|RD|BLVD|DR|PL)\.?\s*$", "", record.address))


def _moved_point(dice: random.Random, record: Record) -> Record:
    if record.lon is None or record.lat is None:
        return record
    lon, lat = moved(dice, record.lon, record.lat, 60)
    return replace(record, lon=lon, lat=lat)


def _missing_point(dice: random.Random, record: Record) -> Record:
    return replace(record, lon=None, lat=None)


def _swapped(dice: random.Random, record: Record) -> Record:
    first, _, rest = record.name.partition(" ")
    return replace(record, name=f"{rest}, {first}")


ENGLISH: dict[str, Callable[[random.Random, Record], Record]] = {
    "typo": _typo, "abbreviation": _abbreviation, "address spelt out, with city": _spelt_out,
    "street type missing": _without_type, "moved point, up to 60 m": _moved_point, "missing point": _missing_point,
    "swapped name parts": _swapped,
}  # fmt: skip
