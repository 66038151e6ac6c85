"""Whether a name is that of a person rather than of a place: a sole trader may trade under their own."""

from __future__ import annotations

import re
import unicodedata

from jishi.privacy.detect import SURNAMES

_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|夏侯"
#: A surname with one or two characters after it, and nothing else.
_CHINESE = re.compile(rf"(?:[{SURNAMES}]|{_DOUBLE})[\u4e00-\u9fff]{{1,2}}")
#: What marks a sole trader, before or after the name.
_TRADER = re.compile(r"\(?个体(?:工商户|经营者?|户)?\)?|经营者|业主|户主")
#: Endings that make a short name one of a place, a building, a shop, or a thing.
_PLACE = re.compile(
    r"[店铺馆厅楼院所站厂场村庄桥路街巷弄里园苑城广寺庙塔山河湖港湾港门口府居阁轩坊行社司局厦座栋幢号库房吧屋市集亭堂校园区县镇乡屯井沟坡岭洼坞渡浦滨杆灯阀箱栓梯]$"
)
_LAST_FIRST = re.compile(r"[A-Z][A-Za-z'’-]+,\s*[A-Z][A-Za-z'’-]+(?:\s+[A-Z]\.?)?")
_FIRST_LAST = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+)?([A-Z][A-Za-z]+)\s+(?:[A-Z]\.?\s+)?[A-Z][A-Za-z'’-]+", re.IGNORECASE
)
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss)\.?\s+[A-Z]", re.IGNORECASE)
#: Common given names in English.
_GIVEN = frozenset({
    "james", "john", "robert", "michael", "william", "david", "richard", "joseph", "thomas", "charles",
    "christopher", "daniel", "matthew", "anthony", "mark", "donald", "steven", "paul", "andrew", "joshua",
    "kenneth", "kevin", "brian", "george", "edward", "ronald", "timothy", "jason", "jeffrey", "ryan", "jacob",
    "gary", "nicholas", "eric", "jonathan", "stephen", "larry", "justin", "scott", "brandon", "benjamin",
    "samuel", "gregory", "frank", "alexander", "raymond", "patrick", "jack", "dennis", "jerry", "mary",
    "patricia", "jennifer", "linda", "elizabeth", "barbara", "susan", "jessica", "sarah", "karen", "nancy",
    "lisa", "betty", "margaret", "sandra", "ashley", "kimberly", "emily", "donna", "michelle", "carol",
    "amanda", "dorothy", "melissa", "deborah", "stephanie", "rebecca", "sharon", "laura", "cynthia", "kathleen",
    "amy", "angela", "shirley", "anna", "brenda", "pamela", "emma", "nicole", "helen", "samantha", "katherine",
    "christine", "maria", "jose", "juan", "carlos", "luis", "miguel", "ahmed", "mohammed", "muhammad", "ali",
    "fatima",
})  # fmt: skip
#: Words that make an English name that of a business.
_TRADE = re.compile(
    r"\b(?:shop|stores?|market|mart|foods?|grocery|restaurant|cafe|bakery|bar|grill|pizza|deli|hotel|inn|school|center"
    r"|centre|hall|house|gardens?|place|park|plaza|tower|hospital|clinic|station|salon|company|co|inc|llc|ltd|auto"
    r"|street|road|avenue|ave|st|rd|square|court|church|college|academy|kitchen|catering|express|world|city)\b",
    re.IGNORECASE,
)


def is_person_name(text: str) -> bool:
    """Whether the whole of ``text`` looks like a person's name, with or without the mark of a sole trader."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    bare = _TRADER.sub("", plain).strip(" :\uff1a·-")
    if _CHINESE.fullmatch(bare.replace(" ", "")):
        return bare != plain or not _PLACE.search(bare)
    if _TRADE.search(bare):
        return False
    if _TITLE.match(bare) or _LAST_FIRST.fullmatch(bare):
        return True
    found = _FIRST_LAST.fullmatch(bare)
    return found is not None and found[1].lower() in _GIVEN
