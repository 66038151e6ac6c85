"""Telling numbers of persons from other numbers: ID numbers, mobile numbers, bank cards, in whatever groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

MOST_DIGITS = 21
OLDEST_YEAR = 1880
_GROUP = re.compile(r"\d+(?:[ \-]?[Xx](?![A-Za-z0-9]))?")
_GAP = re.compile(r"[ \-.·_/]{0,2}")
_COUNTRY = re.compile(r"(?:00)?86[ \-]?")
_DECIMALS_BEFORE = re.compile(r"(?:\d\d|-\d|(?<!\d)0)\.$")
_REGIONS = (
    *(range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66)),
    (71, 81, 82, 83, 91),
)
_PROVINCES = frozenset(str(code) for region in _REGIONS for code in region)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: Letters that may stand right before a number that is meant to be called.
_CALLED = frozenset({"t", "p", "m", "v", "vx", "wx", "ph"})


def _written(*ways: str) -> frozenset[tuple[int, ...]]:
    return frozenset(tuple(map(int, way.split("-"))) for way in ways)


#: How people group the digits of each kind when they write them; digit by digit is always understood.
_MOBILE = _written("11", "3-4-4", "3-8", "7-4", "3-3-5", "4-3-4", "4-4-3", "3-4-2-2")
_ID = _written(
    *("18", "15", "6-8-4", "6-4-4-4", "6-4-2-2-4", "3-3-4-4-4", "4-4-4-4-2", "14-4", "17-1", "6-12", "10-8"),
    *("6-6-3", "4-4-4-3", "6-9", "12-3"),
)
_CARD = _written(
    "16", "17", "18", "19", "15", "4-4-4-4", "4-4-4-4-1", "4-4-4-4-2", "4-4-4-4-3", "6-13", "6-10", "4-6-5"
)


def find_numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each number of a person in ``text``, whose signs are plain ones."""
    groups = [match.span() for match in _GROUP.finditer(text)]
    index = 0
    while index < len(groups):
        found = _longest_from(text, groups, index)
        if found:
            kind, last = found
            start = groups[index][0]
            yield kind, start - 1 if text[start - 1 : start] == "+" else start, groups[last][1]
            index = last
        index += 1


def is_id_number(digits: str) -> bool:
    """Whether 18 signs are an ID number with a right check sign and a birth date, or 15 digits one of the old form."""
    if not digits[:-1].isdigit() or digits[:2] not in _PROVINCES:
        return False
    if len(digits) == 18:
        check = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True)) % 11
        return digits[17] == "10X98765432"[check] and _is_birth_date(digits[6:14])
    return len(digits) == 15 and digits.isdigit() and _is_birth_date(f"19{digits[6:12]}")


def is_bank_card(digits: str) -> bool:
    """Whether the digits are of a card: a known first part, its length, and Luhn's check digit."""
    size = len(digits)
    known = (
        (digits.startswith("62") and 16 <= size <= 19)
        or (size == 16 and (digits[0] == "4" or digits[:2] in ("35", "51", "52", "53", "54", "55", "60", "65")))
        or (size == 15 and digits[:2] in ("34", "37"))
    )
    return known and digits.isdigit() and _luhn(digits)


def _longest_from(text: str, groups: list[tuple[int, int]], first: int) -> tuple[str, int] | None:
    """The kind and the last group of the longest number that begins with the group ``first``."""
    last, digits = first, groups[first][1] - groups[first][0]
    while last + 1 < len(groups) and _GAP.fullmatch(text, groups[last][1], groups[last + 1][0]):
        digits += groups[last + 1][1] - groups[last + 1][0]
        if digits > MOST_DIGITS:
            break
        last += 1
    for end in range(last, first - 1, -1):
        kind = _kind_of(text, groups[first][0], groups[end][1])
        if kind:
            return kind, end
    return None


def _kind_of(text: str, start: int, end: int) -> str | None:
    run = text[start:end]
    digits = re.sub(r"[^\dXx]", "", run).upper()
    if not 11 <= len(digits) <= MOST_DIGITS or _inside_identifier(text, start, end):
        return None
    if is_id_number(digits) and _grouped(run, _ID):
        return "id_number"
    country = _COUNTRY.match(run)
    local = run[country.end() :] if country else run
    if re.fullmatch(r"1[3-9]\d{9}", re.sub(r"\D", "", local)) and _grouped(local, _MOBILE):
        return "mobile"
    return "bank_card" if is_bank_card(digits) and _grouped(run, _CARD) else None


def _grouped(run: str, ways: frozenset[tuple[int, ...]]) -> bool:
    sizes = tuple(len(group) for group in re.findall(r"[\dXx]+", run))
    return sizes in ways or set(sizes) == {1}


def _is_birth_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return born.year >= OLDEST_YEAR and born <= date.today() + timedelta(days=1)  # noqa: DTZ011  (a day either way)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _inside_identifier(text: str, start: int, end: int) -> bool:
    """Whether the digits are decimals or stand inside a hash or a code, where such runs come by chance."""
    if _DECIMALS_BEFORE.search(text[max(start - 4, 0) : start]) or re.match(r"\.\d", text[end : end + 2]):
        return True
    before = re.search(r"[A-Za-z0-9_]*$", text[max(start - 40, 0) : start])
    after = re.match(r"[A-Za-z0-9_]*", text[end : end + 40])
    lead, tail = (before.group().lower() if before else ""), (after.group().lower() if after else "")
    if any(sign.isdigit() or sign == "_" for sign in lead + tail):
        return True
    return 0 < len(tail) < 3 or (0 < len(lead) < 3 and lead not in _CALLED)
