"""粘贴登记: what a 110 slip or a message of a group says about a matter, by local rules.

Pure, and nothing leaves the house.

Every value comes with the part of the text that it was read from, so that the screen can show where it was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import pairwise

from jishi.matters.paste.found import Found, Span
from jishi.matters.paste.kinds import Kind, read_category
from jishi.matters.paste.masks import MARK, mask, read_contact, read_name
from jishi.matters.paste.places import AreaName, read_area, read_place
from jishi.matters.paste.times import read_time, spans_of_times
from jishi.matters.paste.titles import read_title

__all__ = ["LONGEST", "MARK", "AreaName", "Found", "Kind", "Piece", "Reading", "Span", "pieces", "read"]

#: More than a slip ever has; what is longer is cut.
LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.  ``text`` is the masked text, which the spans of ``fields`` point into.

    ``contact`` and ``name`` are the reporter's, read from the text before it was masked: they go into the sealed
    contact and are shown nowhere else.
    """

    text: str
    fields: Mapping[str, Found]
    contact: str = ""
    name: str = ""

    def quote(self, field: str) -> str:
        """The words that a field was read from."""
        found = self.fields.get(field)
        return found.span.of(self.text).strip() if found else ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text and the fields that were read from it, in the order of the form."""

    text: str
    fields: tuple[str, ...] = ()


def read(
    text: str,
    *,
    now: datetime,
    zone: tzinfo,
    kinds: Iterable[Kind],
    names: Mapping[str, str],
    areas: Iterable[AreaName],
    personal: Callable[[str], str],
) -> Reading:
    """Read the title, category, area, place and time of a pasted text.

    ``names`` are the categories' names in the reader's language, ``personal`` masks what identifies a person
    (:func:`jishi.privacy.mask_personal`).
    """
    text = _plain(text)
    contact, name = read_contact(text), read_name(text)
    masked = mask(text, personal)
    category = read_category(masked, kinds)
    found = {
        "title": read_title(
            masked, category.span if category else None, spans_of_times(masked, now, zone),
            names.get(category.value, "") if category else "",
        ),
        "category": category,
        "area": read_area(masked, areas),
        "place": read_place(masked),
        "occurred_at": read_time(masked, now, zone),
    }  # fmt: skip
    return Reading(
        masked,
        {field: each for field, each in found.items() if each},
        contact.value if contact else "",
        name.value if name else "",
    )


def pieces(reading: Reading) -> list[Piece]:
    """The masked text cut where a field begins or ends, so that each run can be marked with what was read from it."""
    edges = {0, len(reading.text)}
    for found in reading.fields.values():
        edges |= {found.span.start, found.span.end}
    cuts = sorted(edges)
    result = []
    for start, end in pairwise(cuts):
        fields = tuple(
            field for field, found in reading.fields.items() if found.span.start <= start and end <= found.span.end
        )
        result.append(Piece(reading.text[start:end], fields))
    return result


def _plain(text: str) -> str:
    """Without control characters, byte order marks, tabs and runs of blank lines; full-width figures made plain, and
    each labelled field of a slip that came as one line on a line of its own."""
    text = text.translate(_FULL_WIDTH).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _NEXT_FIELD.sub("\n", text)
    text = re.sub(r"[\x00-\x09\x0b-\x1f\x7f\ufeff\u200b-\u200f\u2028-\u202e\u2060]", "", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()[:LONGEST]


#: The blank before "地点:" or "报警内容:".
_NEXT_FIELD = re.compile(
    r"[ \u3000]+(?=[\u4e00-\u9fff]{0,6}(?:时间|地址|地点|位置|人|电话|编号|单号|单位|方式|号码|民警|姓名|内容|警情"
    r"|事由|情况|案由|类别|类型)\s*[:\uff1a])"
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
