"""A title for the desk: the clause that says what it is about, without time, numbers to call or names.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jishi.matters.paste.found import Found, Span

LONGEST = 40
_CLAUSE = re.compile(r"[^,\uff0c。;\uff1b!\uff01?\uff1f\n]+")
_FIELD = re.compile(
    r"^\s*(?:【[^】]*】|\[[^\]]*\]|(?:报警内容|警情内容|简要警情|警情|内容|事由|情况|案由|summary|content|details?|report)\s*[:\uff1a])\s*",
    re.IGNORECASE,
)
#: The field of a slip that says what happened.
_TOLD = re.compile(r"^\s*(?:报警内容|警情内容|简要警情|内容|事由|情况|content|details?)\s*[:\uff1a]", re.IGNORECASE)
_OTHER_FIELD = re.compile(
    r"^\s*[\u4e00-\u9fffA-Za-z ]{0,12}(?:时间|地址|地点|人|电话|编号|单号|单位|方式|号码|民警|姓名"
    r"|number|time|time of call|address|location|place|phone|no\.?|caller|reporter|contact)\s*[:\uff1a]",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:报警人|群众|来电人|市民|居民|有人|有群众|热心群众|当事人|网格员|物业)?"
    r"(?:\s*[(\uff08]\s*[)\uff09])?(?:来电)?"
    r"(?:报警|反映|举报|报称|称|投诉|求助|说)(?:称|说|在)?"
    r"|接(?:群众|到)?(?:报警|举报|反映)|大家好|各位|请问|麻烦|你好|您好"
    r"|caller (?:says|reports|states)(?: that)?|there is|there are|please)[,\uff0c:\uff1a\s]*",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"(?:\b(?:at|in|on)\s+)?(?:\b(?:flat|apt|apartment|room|rm|suite|mr|mrs|ms|miss|dr)\b\.?\s*#?\s*)?█+"
    r"(?:室|房|户|先生|女士|小姐|大爷|大妈|阿姨|老师|师傅)?",
    re.IGNORECASE,
)
_DANGLING = re.compile(r"(?:\s+(?:since|at|on|in|around|about|from|by|the)|左右|大约|大概|约)+$", re.IGNORECASE)
_EDGES = " \t:\uff1a,\uff0c。.;\uff1b、-—()\uff08\uff09@"


def read_title(text: str, about: Span | None, times: Iterable[Span], fallback: str) -> Found | None:
    """A title of at most 40 letters: the clause around ``about`` (what the category was read from), else the one that
    is labelled as what happened, else the first that says something.  ``fallback``, the category's name, where no
    clause is fit to stand in a list.
    """
    times = list(times)
    clauses = [Span(*match.span()) for match in _CLAUSE.finditer(text)]
    around = [clause for clause in clauses if about and clause.start <= about.start < clause.end]
    told = [clause for clause in clauses if _TOLD.match(clause.of(text))]
    others = [] if around and fallback else clauses
    for clause in (*around, *told, *others):
        words = _clean(text, clause, times)
        if len(words) >= 4:
            return Found(_cut(words), clause, "title_clause")
    if fallback and about:
        return Found(fallback[:LONGEST], about, "title_category")
    return None


def _clean(text: str, clause: Span, times: list[Span]) -> str:
    words = text[clause.start : clause.end]
    for time in sorted(times, reverse=True):
        if time.start >= clause.start and time.end <= clause.end:
            start, end = time.start - clause.start, time.end - clause.start
            words = words[:start] + " " + words[end:]
    content = _FIELD.match(words)
    if content:
        words = words[content.end() :]
    elif _OTHER_FIELD.match(words):
        return ""
    words = _MARKED.sub("", words).strip(_EDGES)
    while opening := _OPENING.match(words):
        if opening.end() == 0:
            break
        words = words[opening.end() :].strip(_EDGES)
    words = re.sub(r"^(?:在|于|at|in)(?=\s|[\u4e00-\u9fff])\s*", "", words)
    words = _DANGLING.sub("", re.sub(r"\s{2,}", " ", words).strip(_EDGES))
    return words[:1].upper() + words[1:]


def _cut(words: str) -> str:
    """The words, ended at 40 letters; English at a whole word."""
    if len(words) <= LONGEST:
        return words
    short = words[: LONGEST - 1]
    if words[LONGEST - 1].isascii() and words[LONGEST - 1].isalnum() and " " in short[20:]:
        short = short.rsplit(" ", 1)[0]
    return short.rstrip(_EDGES) + "…"
