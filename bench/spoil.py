"""The stated ways in which a second entry of an element differs from the first, each a function that can be named.

A figure in a name is never mistyped: 4号楼 written for 3号楼 is another building, and no one can tell.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from alike import LINKED, moved

from jishi.register.likeness import Record

Spoil = Callable[[random.Random, Record], Record]
TYPO_SIGNS = "的一是在不了有和人这上大为个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面"
CHINESE_FIGURES = "零一二三四五六七八九"
MOST_METRES = 60.0


def typo(dice: random.Random, record: Record) -> Record:
    """One sign of the name wrong, missing, doubled or changed with its neighbour; or one of the address, figures too."""
    if dice.random() < 0.3:
        return replace(record, address=_mistyped(dice, record.address, figures=True))
    return replace(record, name=_mistyped(dice, record.name, figures=False))


def dropped_prefix(dice: random.Random, record: Record) -> Record:
    """City and district left out, of the address and often of the name."""
    name = re.sub("^柳城市(..区)?|^柳城", "", record.name) if dice.random() < 0.7 else record.name
    return replace(record, name=name, address=re.sub("^柳城市(..区)?(..街道)?", "", record.address))


def numeral_form(dice: random.Random, record: Record) -> Record:
    """Figures as Chinese numerals or in full width; 号楼 as 栋, 幢 or #楼; 弄…号 as 弄…号楼."""
    form = dice.choice([_numerals, _full_width])
    other = dice.choice(["栋", "幢", "#楼", "号楼"])
    name, address = (form(text).replace("号楼", other) for text in (record.name, record.address))
    return replace(record, name=name, address=address)


def abbreviation(dice: random.Random, record: Record) -> Record:
    """Legal forms and the words for a shop left out or changed; 第三小学 as 三小."""
    name = record.name
    for long, short in (("有限责任公司", "有限公司"), ("有限公司", ""), ("小学", "小"), ("中学", "中"), ("分店", "店"),
                        ("便利店", "便利"), ("药店", "药房"), ("火锅店", "火锅"), ("大酒店", "酒店"), ("小区", ""),
                        ("服务中心", "中心"), ("幼儿园", "幼园"), ("购物中心", "购物广场")):  # fmt: skip
        if long in name and len(name) - len(long) + len(short) >= 3:
            name = name.replace(long, short)
            break
    name = re.sub("第(.{1,3}[小中])$", r"\1", name)
    return replace(record, name=name, address=record.address.replace("单元", "-").replace("室", ""))


def moved_point(dice: random.Random, record: Record) -> Record:
    """The point somewhere else, up to 60 m away."""
    assert record.lon is not None
    assert record.lat is not None
    lon, lat = moved(dice, record.lon, record.lat, MOST_METRES)
    return replace(record, lon=lon, lat=lat)


def missing_point(dice: random.Random, record: Record) -> Record:
    """No point at all."""
    return replace(record, lon=None, lat=None)


def swapped_parts(dice: random.Random, record: Record) -> Record:
    """The parts of the name in another order: 美味快餐(建设路店) as 建设路美味快餐店."""
    name = record.name
    branch = re.fullmatch(r"(.+?)\((.+)店\)", name)
    if branch:
        return replace(record, name=f"{branch[2]}{branch[1]}店")
    building = re.fullmatch(r"(.+?)(\d+号楼)(.*)", name)
    if building and building[3]:
        return replace(record, name=f"{building[1]}{building[3]}({building[2]})")
    firm = re.fullmatch("(柳城市?)(..)(.+)", name)
    if firm:
        return replace(record, name=f"{firm[2]}({firm[1]}){firm[3]}")
    return (
        replace(record, name=f"{name[2:]}{name[:2]}")
        if len(name) >= 5
        else replace(record, name=f"{name[2:]}({name[:2]})")
    )


def missing_parts(dice: random.Random, record: Record) -> Record:
    """The end of the address missing (room, building), or the name of the compound within it."""
    address = record.address
    if dice.random() < 0.5:
        shorter = re.sub(r"(?<=号)[^\d]{2,6}(?=\d|[AB]座)", "", address)
    else:
        shorter = re.sub(r"(?<=[号弄家苑园里村区馆邸厦心楼场城])([AB]座|\d+层)?\d+(室|号楼|号)$", "", address)
    return replace(record, address=shorter)


SPOILS: dict[str, Spoil] = {
    "typo": typo, "dropped prefix": dropped_prefix, "numeral form": numeral_form, "abbreviation": abbreviation,
    "moved point, up to 60 m": moved_point, "missing point": missing_point, "swapped name parts": swapped_parts,
    "missing address parts": missing_parts,
}  # fmt: skip


def second_entry(dice: random.Random, record: Record, spoils: dict[str, Spoil] = SPOILS) -> tuple[Record, list[str]]:
    """The same element entered again with one to three different faults, now and then under a linked category."""
    faults = dice.sample(sorted(spoils), dice.choice([1, 2, 2, 3]))
    if "missing point" in faults and "moved point, up to 60 m" in faults:
        faults.remove("moved point, up to 60 m")
    for fault in faults:
        record = spoils[fault](dice, record)
    if dice.random() < 0.15:
        record = replace(record, category=LINKED.get(record.category, record.category))
    return record, faults


def _mistyped(dice: random.Random, text: str, *, figures: bool) -> str:
    places = [at for at, sign in enumerate(text) if figures or not (sign.isdigit() or sign in CHINESE_FIGURES + "十")]
    if not places:
        return text
    at = dice.choice(places)
    sign, kind = text[at], dice.randrange(4)
    if sign.isdigit():
        return text[:at] + dice.choice("0123456789") + text[at + 1 :]
    if kind == 0:
        wrong = dice.choice("abcdefghijklmnopqrstuvwxyz" if sign.isascii() else TYPO_SIGNS)
        return text[:at] + wrong + text[at + 1 :]
    if kind == 1 and len(text) > 3:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + sign + text[at:]
    if at + 1 in places:
        return text[:at] + text[at + 1] + sign + text[at + 2 :]
    return text[:at] + text[at + 1 :] if len(text) > 3 else text


def _numerals(text: str) -> str:
    return re.sub(r"\d+(?=号|弄|层|室|单元)", lambda found: _said(int(found[0])), text)


def _said(number: int) -> str:
    if number >= 1000:
        return "".join(CHINESE_FIGURES[int(figure)] for figure in str(number))
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{CHINESE_FIGURES[hundreds]}百" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else CHINESE_FIGURES[tens]) + "十"
    elif hundreds and ones:
        said += "零"
    return said + (CHINESE_FIGURES[ones] if ones or not said else "")


def _full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() else sign for sign in text)
