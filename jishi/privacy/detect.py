"""Finding what identifies a person in a text: ID numbers, telephone numbers, plates, addresses of mail, bank cards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jishi.base.errors import Refused
from jishi.privacy.numbers import find_numbers


class Finding(NamedTuple):
    """Something that identifies a person, and where it stands in the text as it was given."""

    kind: str
    start: int
    end: int


#: What each kind is called.  A landline and a name are masked, and not refused: they may be a shop's.
KINDS: dict[str, str | Promise] = {
    "id_number": _("ID number"),
    "mobile": _("mobile number"),
    "plate": _("vehicle plate"),
    "email": _("e-mail address"),
    "bank_card": _("bank card number"),
    "passport": _("passport number"),
    "account": _("chat account"),
    "landline": _("landline number"),
    "name": _("name of a person"),
}
REFUSED = ("id_number", "mobile", "plate", "email", "bank_card", "passport", "account")
MASKED = (*REFUSED, "landline", "name")

_LANDLINE = re.compile(r"(?<![\d.])(?:\(0\d{2,3}\)|0\d{2,3})[ \-]?[2-9]\d{2,3}[ \-]?\d{4}(?!\d)")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]\s?[A-HJ-NP-Z]\s?[·•.\-]?\s?"
    r"(?:[A-HJ-NP-Z0-9]{6}|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9学警港澳挂领试超])(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])WJ\s?[\u4e00-\u9fff]?\s?[·•.\-]?\s?\d{4}[0-9A-Z](?![A-Za-z0-9])",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,24}")
_PASSPORT = re.compile(
    r"(?:护照|通行证|passport)[^A-Za-z0-9\n]{0,8}(?:no\.?\s*)?([A-Z]{1,2}\d{7,8})(?!\d)", re.IGNORECASE
)
_ACCOUNT = re.compile(
    r"(?:微信|QQ|wechat|weixin|\bvx)号?码?\s*[:\uff1a为是]?\s*([A-Za-z0-9][A-Za-z0-9_\-]{4,29})", re.IGNORECASE
)
_LABELLED_ID = re.compile(
    r"(?:身份证|公民身份|证件号|ID ?card)[^\dA-Za-z\n]{0,8}(?:no\.?\s*)?(\d{14,17}[\dXx])(?!\d)", re.IGNORECASE
)
#: The hundred most common surnames, each of one character.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛阎"
    "段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
_NAME = re.compile(
    r"(?:报警人|报案人|举报人|投诉人|来电人|反映人|求助人|当事人|联系人|申请人|受害人|嫌疑人|业主|住户|户主|房东|租客|司机|姓名)"
    r"\s*(?:[:\uff1a]|是|为|叫|系|名叫)\s*([\u4e00-\u9fff]{2,4}?)(?=[\s,\uff0c。.;\uff1b、(\uff08)\uff09:\uff1a0-9]|$|男|女|电话|手机|联系|身份|称|报|反映|来电|住)"
    rf"|([{SURNAMES}][\u4e00-\u9fff]?(?:某某?|先生|女士|小姐|阿姨|大爷|大妈|师傅))"
)
_PLAIN = dict.fromkeys("-—–‐‑−", "-") | {"〇": "0", "○": "0", "\u3000": " ", "\xa0": " "}
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\xad\u200e\u200f")


def find_personal(text: str) -> list[Finding]:
    """Whatever in ``text`` identifies a person, in order, without overlaps; robust to full-width signs and gaps."""
    return [finding for finding in _find(text) if finding.kind in REFUSED]


def refuse_personal(text: str, field: str) -> None:
    """Raise ``Refused("personal")`` when ``text`` identifies a person; ``field`` says where it was written."""
    kinds = sorted({finding.kind for finding in find_personal(text)})
    if kinds:
        raise Refused("personal", field=field, kinds=kinds, what=", ".join(str(KINDS[kind]) for kind in kinds))


def mask_personal(text: str) -> str:
    """``text`` with whatever identifies a person replaced by what it was, in brackets; landlines and names too."""
    parts, last = [], 0
    for finding in _find(text):
        parts += [text[last : finding.start], f"[{KINDS[finding.kind]}]"]
        last = finding.end
    return "".join([*parts, text[last:]])


def _find(text: str) -> list[Finding]:
    plain, places = _normalise(text)
    found: list[Finding] = []
    for search in _SEARCHES:
        for kind, start, end in search(plain):
            finding = Finding(kind, places[start], places[end - 1] + 1)
            if all(finding.end <= other.start or finding.start >= other.end for other in found):
                found.append(finding)
    return sorted(found, key=lambda finding: finding.start)


def _normalise(text: str) -> tuple[str, list[int]]:
    """The text with full-width signs made plain and invisible ones left out, and where each sign stood."""
    if text.isascii():
        return text, list(range(len(text)))
    signs, places = [], []
    for place, sign in enumerate(text):
        if sign in _INVISIBLE:
            continue
        plain = _PLAIN.get(sign) or unicodedata.normalize("NFKC", sign)
        signs.append(plain if len(plain) == 1 else sign)
        places.append(place)
    return "".join(signs), places


def _by(kind: str, pattern: re.Pattern[str]) -> Callable[[str], Iterator[tuple[str, int, int]]]:
    def search(text: str) -> Iterator[tuple[str, int, int]]:
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            yield kind, match.start(group), match.end(group)

    return search


def _plates(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _PLATE.finditer(text):
        if sum(sign.isdigit() for sign in match.group()) >= 2:
            yield "plate", match.start(), match.end()


#: In order: what an earlier search took, a later one leaves alone.
_SEARCHES: tuple[Callable[[str], Iterator[tuple[str, int, int]]], ...] = (
    _by("email", _EMAIL),
    _by("id_number", _LABELLED_ID),
    _by("passport", _PASSPORT),
    find_numbers,
    _plates,
    _by("account", _ACCOUNT),
    _by("landline", _LANDLINE),
    _by("name", _NAME),
)
