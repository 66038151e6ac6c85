"""Where it is: a labelled address, forms of address (路 弄 号 栋 单元), names of estates and of areas.  Pure.

Room numbers of dwellings are no part of a place: a flat's address would be a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from jishi.matters.paste.found import Found, Span

_HAN = r"\u4e00-\u9fff"
_LABEL = re.compile(
    r"(?:案发地址|案发地点|事发地址|事发地点|发生地点|发生地址|报警地址|详细地址|现场地址|地址|地点|位置"
    r"|location|address|place|where)\s*[:\uff1a]\s*(?P<place>[^\n,\uff0c。;\uff1b]{2,60})",
    re.IGNORECASE,
)
_UNITS = (
    r"(?:\s*\d{1,4}(?:号楼|号院|号|弄|栋|幢|座|单元|楼(?!层)|门)|\s*[A-Za-z](?:座|栋|区)|[东西南北]门|[东西南北]侧)"
)
_NEAR = r"(?:附近|对面|门口|旁)?"
_CROSSING = rf"(?:与[{_HAN}]{{1,6}}(?:大道|大街|路|街)(?:交叉口|路口|交汇处)?|交叉口|路口)?"
_STREET = re.compile(rf"[{_HAN}]{{1,8}}(?:大道|大街|胡同|路|街|巷|里弄|桥){_CROSSING}{_UNITS}*{_NEAR}")
_ESTATE = re.compile(
    rf"[{_HAN}]{{1,8}}(?:小区|花园|家园|公寓|大厦|广场(?!舞)|商场|商厦|市场|超市|学校|小学|中学|幼儿园|医院|公园|酒店"
    r"|宾馆|网吧|工地|新村|新苑|嘉园|社区|名苑|佳苑|地铁站|车站|厂)"
    rf"{_UNITS}*{_NEAR}"
)
_NUMBERED = re.compile(rf"[{_HAN}]{{2,6}}(?:里|村|苑|庭|坊|院|城){_UNITS}+{_NEAR}")
_EN_NAME = r"(?:[A-Z][\w'.-]*\s+){1,3}"
_EN_WAY = r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Boulevard|Blvd|Square|Sq|Place|Court|Park|Way)\b\.?"
_ENGLISH = re.compile(rf"\b(?:\d{{1,5}}[A-Z]?\s+)?{_EN_NAME}{_EN_WAY}(?:\s+(?:and|&|at)\s+{_EN_NAME}{_EN_WAY})?")
_SHARED = re.compile(r"(?:社区居委会|社区|居委会|村委会|街道|片区|警务区|网格)$|\s+(?:Community|Area|Beat|District)$")
_LEAD = re.compile(r"^.*(?:位于|看到|发现|反映|报称|称|在|于|到|至|从|是|有|的|由|往|去|我|们|这|那|请|把|对)(?=.{2,})")
_ADMIN = re.compile(rf"^(?:[{_HAN}]{{2,3}}省)?(?:[{_HAN}]{{2,4}}市)?(?:[{_HAN}]{{2,3}}[区县])(?=.{{3,}})")


class AreaName(NamedTuple):
    """One of the station's areas."""

    id: int
    name: str


def read_place(text: str) -> Found | None:
    """The place in the text's own words, at most 120 letters; None where it names none."""
    label = _LABEL.search(text)
    if label:
        found = _trim(text, Span(*label.span("place")), cut_lead=False)
        if found:
            return Found(found.of(text), found, "place_label")
    spans = []
    for pattern in (_STREET, _ESTATE, _NUMBERED, _ENGLISH):
        for match in pattern.finditer(text):
            span = _trim(text, Span(*match.span()), cut_lead=True)
            if span:
                spans.append(span)
    spans = _joined(sorted(spans), text)
    if not spans:
        return None
    best = max(spans, key=lambda span: (any(map(str.isdigit, span.of(text))), span.end - span.start, -span.start))
    return Found(best.of(text), best, "place_form")


def read_area(text: str, areas: Iterable[AreaName]) -> Found | None:
    """The station's area that the text names, in full or without 社区, 村 or 街道; the longest name wins."""
    hits = []
    for area in areas:
        for name, why in ((area.name, "area_name"), (_stem(area.name), "area_stem")):
            place = text.find(name) if len(name) >= 2 else -1
            if place >= 0:
                hits.append((len(name), -place, Found(area.id, Span(place, place + len(name)), why, area.name)))
                break
    if not hits:
        return None
    hits.sort(key=lambda hit: hit[:2], reverse=True)
    if len(hits) > 1 and hits[0][0] == hits[1][0] and hits[0][1] == hits[1][1]:
        return None
    return hits[0][2]


def _stem(name: str) -> str:
    return _SHARED.sub("", name)


def _trim(text: str, span: Span, *, cut_lead: bool) -> Span | None:
    """Without words before the name, without the administrative names that every place of a station shares, and
    without a room number that was masked."""
    start, end = span
    words = text[start:end]
    if cut_lead:
        lead = _LEAD.match(words)
        start += lead.end() if lead else 0
    admin = _ADMIN.match(text[start:end])
    start += admin.end() if admin else 0
    if "█" in text[start:end]:
        end = text.index("█", start, end)
    while start < end and text[start] in " :\uff1a,\uff0c█":
        start += 1
    while end > start and text[end - 1] in " ,\uff0c█":
        end -= 1
    return Span(start, end) if end - start >= 2 and end - start <= 120 else None


def _joined(spans: list[Span], text: str) -> list[Span]:
    """Parts of one address that touch or overlap made one."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end + len(text[joined[-1].end : span.start]) - len(
            text[joined[-1].end : span.start].strip()
        ):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
