"""English addresses: directions, street types and units in one short form each."""

from __future__ import annotations

import re

_DIRECTIONS = {
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se",
    "southwest": "sw", **{short: short for short in ("n", "s", "e", "w", "ne", "nw", "se", "sw")},
}  # fmt: skip
_SPELLINGS = (
    "ave avenue av", "st street str", "rd road", "blvd boulevard boul", "dr drive", "pl place", "ct court",
    "pkwy parkway pky", "hwy highway", "ln lane", "ter terrace terr", "sq square", "plz plaza", "cir circle",
    "expy expressway", "way wy", "aly alley", "trl trail", "row", "walk",
)  # fmt: skip
_KINDS = {word: line.split()[0] for line in _SPELLINGS for word in line.split()}
_ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
    "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th",
}  # fmt: skip
_UNITS = {
    "ste": "room", "suite": "room", "unit": "room", "apt": "room", "apartment": "room", "rm": "room", "room": "room",
    "#": "room", "no": "room", "bldg": "building", "building": "building", "tower": "building", "fl": "floor",
    "floor": "floor", "flr": "floor", "level": "floor",
}  # fmt: skip
_BRACKETS = re.compile(r"\(.*?\)?(?:\)|$)")
_STATE = re.compile(r"(?:,\s*|\s+)[a-z]{2}\.?\s+\d{5}(?:-\d{4})?$|,\s*[a-z]{2}$|\s+\d{5}-\d{4}$")
_NUMBER = re.compile(r"^(\d+)(?:\s*-?\s*([a-z])(?=\s))?(?:\s*-\s*\d+)?(\s+1/2)?\s+")
_TOKEN = re.compile(r"#|[a-z0-9]+(?:/[0-9]+)?")


def read_english(text: str) -> dict[str, str]:
    """The parts of a casefolded address by name, as :class:`.addresses.Address` calls them."""
    text = _STATE.sub("", _BRACKETS.sub(" ", text).strip()).strip()
    parts: dict[str, str] = {}
    number = _NUMBER.match(text)
    if number:
        parts["number"] = number[1].lstrip("0") + (".5" if number[3] else "")
        if number[2] and number[2] not in _DIRECTIONS:
            parts["room"] = number[2]
        elif number[2]:
            text = f"{number[0]}{number[2]} {text[number.end() :]}"
        text = text[number.end() :]
    street, _, rest = text.partition(",")
    words = _TOKEN.findall(street.replace("'", "").replace(".", " "))
    words, within = _split(words)
    parts |= _street(words)
    # What follows a comma is a unit, or else the name of a city, which may be missing as well.
    parts |= _inside([*within, *(word for word in _units(rest))])
    return parts


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """The words of the street, and from the first word for a unit on, those of the unit."""
    for place, word in enumerate(words):
        if place and word in _UNITS:
            # 2nd fl: the number stands before its word
            before = 1 if _UNITS[word] == "floor" and re.match(r"\d+(?:st|nd|rd|th)$", words[place - 1]) else 0
            if place - before:
                return words[: place - before], words[place - before :]
    return words, []


def _units(rest: str) -> list[str]:
    words = _TOKEN.findall(rest.replace(".", " "))
    return words if any(word in _UNITS for word in words) else []


def _street(words: list[str]) -> dict[str, str]:
    words = [_ORDINALS.get(word, word) for word in words]
    if not words:
        return {}
    direction = ""
    if len(words) > 1 and words[0] in _DIRECTIONS and words[1] not in _KINDS:
        direction, words = _DIRECTIONS[words[0]], words[1:]
    elif len(words) > 2 and words[-1] in _DIRECTIONS:
        direction, words = _DIRECTIONS[words[-1]], words[:-1]
    kind = ""
    # What follows the type (W 119TH ST REAR) says nothing of the street.
    for place in range(len(words) - 1, 0, -1):
        if words[place] in _KINDS:
            kind, words = _KINDS[words[place]], words[:place]
            break
    road = f"{direction} {''.join(words)}".strip()
    return {"road": road, "kind": kind} if kind else {"road": road}


def _inside(words: list[str]) -> dict[str, str]:
    parts: dict[str, str] = {}
    for place, word in enumerate(words):
        slot = _UNITS.get(word)
        if slot is None:
            continue
        after = words[place + 1] if place + 1 < len(words) and words[place + 1] not in _UNITS else ""
        before = words[place - 1] if place and slot == "floor" else ""
        said = after or before
        if said and len(said) <= 5:
            parts.setdefault(slot, re.sub(r"^0+(?=.)|(?<=\d)(?:st|nd|rd|th)$", "", said))
    return parts
