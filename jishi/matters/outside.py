"""The place of a matter as it may leave the house: without a room, for a flat's address would be a person's.  Pure."""

from __future__ import annotations

import re
import unicodedata

from jishi.matters.paste.masks import MARK, mask
from jishi.privacy import find_personal, is_person_name
from jishi.register.likeness.addresses import read

_ROOM_FIRST = re.compile(r"^\s*(?:apt|apartment|flat|unit|room|rm|suite)\b\.?\s*#?\s*\w+\s*,\s*", re.IGNORECASE)
_DANGLING = re.compile(
    r"(?:\b(?:apt|apartment|flat|unit|room|rm|suite|ste|no)\b\.?|[\s,、.·#:(\[【-])+$", re.IGNORECASE
)
_FIGURES = re.compile("[0-9a-z〇零一二三四五六七八九十百-]+$", re.IGNORECASE)
_HOME = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,3})(?:家|住处)(?:门口|门前|里|中)?$")
_LIVES_THERE = re.compile(r"(?:住户|户主|业主|房东|租客)$")


def place_outside(name: str) -> str:
    """The place down to its building or entrance; empty where nothing else is said.

    What stands behind a room, a name or a number to call is cut off with it, in dwellings and elsewhere alike: outside
    nobody can tell one from the other.
    """
    text = _ROOM_FIRST.sub("", unicodedata.normalize("NFKC", name))
    text = mask(text, lambda words: words).partition(MARK)[0]
    for finding in find_personal(text)[:1]:
        text = text[: finding.start]
    text = _without_room(_without_home(text))
    return _DANGLING.sub("", text).strip()


def _without_home(text: str) -> str:
    """Without somebody's home at the end: 和平里3号楼张伟家."""
    found = _HOME.search(text)
    if found is None:
        return text
    name = next((part for part in (found["name"], found["name"][1:]) if is_person_name(part)), "")
    return _LIVES_THERE.sub("", text[: found.end("name") - len(name)]) if name else text


def _without_room(text: str) -> str:
    shorter = text
    while shorter and read(shorter).room:
        shorter = shorter[:-1]
    return text if shorter == text else _FIGURES.sub("", shorter)
