"""What of a slip identifies a person: names after their labels, numbers to call, rooms of dwellings.  Pure.

The reporter's name and number go into the sealed contact of the form; everywhere else a mark stands in their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jishi.matters.paste.found import Found, Span

MARK = "███"

_WHO = (
    r"报警人|报案人|来电人|反映人|举报人|求助人|当事人|联系人|事主|受害人|嫌疑人|户主|业主|租客|房东|住户|姓名"
    r"|reporter|caller|contact|complainant|resident|tenant|landlord|name"
)
_NAME = re.compile(
    rf"(?i:(?P<label>{_WHO})(?:姓名|\s+name)?)(?:\s*[:\uff1a]\s*|\s+(?=[A-Z])|(?=[\u4e00-\u9fff]{{2,4}}[(\uff08,\uff0c]))"
    r"(?P<name>[\u4e00-\u9fff·]{2,4}(?=[\s,\uff0c。;\uff1b(\uff08、\n]|电话|手机|联系|男|女|称|报|$)|[A-Z][a-z]+(?:\s+[A-Z][a-z]+){0,2})",
)
_TITLED = re.compile(
    r"(?P<name>(?:[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
    r"[\u4e00-\u9fff]{0,2}))(?=先生|女士|小姐|大爷|大妈|阿姨|老师|师傅)"
)
_EN_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+(?P<name>[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?)")
_PHONE = re.compile(
    r"(?<![\dA-Za-z])(?:\+?86[- ]?)?"
    r"(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]\d{7,8}|\+\d[\d -]{7,14}\d|\(?\d{3}\)?[- ]\d{3}[- ]\d{4})(?!\d)"
)
_ROOM = re.compile(
    r"(?P<room>(?<![\d])\d{1,2}层\s*\d{2,4}(?=室|房)|(?<![\d年])[A-Za-z]?\d{2,4}[A-Za-z]?(?=室|房(?!\d)|户(?!外)))"
    r"|\b(?:apt|apartment|flat|room|rm|suite)\.?\s*#?\s*(?P<flat>\d{1,4}[A-Za-z]?|[A-Za-z]\d{1,3})\b"
    r"|(?<=单元)\s*(?P<bare>\d{3,4})(?![\d号栋幢弄米元])"
    r"|(?<=\d)-(?P<dash>\d{1,2}-\d{3,4})(?!\d)",
    re.IGNORECASE,
)
_REPORTER = frozenset(
    {"报警人", "报案人", "来电人", "反映人", "举报人", "求助人", "联系人", "reporter", "caller", "contact"}
)


def mask(text: str, personal: Callable[[str], str]) -> str:
    """The text with a mark in place of names, numbers to call and rooms, and with what ``personal`` masks."""
    for pattern, groups in (
        (_NAME, ("name",)), (_TITLED, ("name",)), (_EN_TITLED, ("name",)), (_ROOM, ("room", "flat", "bare", "dash")),
    ):  # fmt: skip
        text = _replace(pattern, groups, text)
    return personal(_PHONE.sub(MARK, text))


def _replace(pattern: re.Pattern[str], groups: tuple[str, ...], text: str) -> str:
    """The text with the named group of every match marked."""
    parts, at = [], 0
    for match in pattern.finditer(text):
        name = next(group for group in groups if match[group])
        parts += [text[at : match.start(name)], MARK]
        at = match.end(name)
    return "".join(parts) + text[at:]


def read_contact(text: str) -> Found | None:
    """The number to call the reporter: the first one in the text as it was pasted."""
    match = _PHONE.search(text)
    return Found(re.sub(r"[ ]", "", match.group()), Span(*match.span()), "contact_number") if match else None


def read_name(text: str) -> Found | None:
    """The reporter's name, where a label such as 报警人 says that it is the reporter's."""
    for match in _NAME.finditer(text):
        if match["label"].lower() in _REPORTER:
            return Found(match["name"], Span(*match.span("name")), "contact_name", match["label"])
    return None
