"""The questions that are asked with a service, and what was answered held against them.  No database.

A question is ``{"code", "datatype", "zh", "en"}`` and may have ``required``, ``help_zh``, ``help_en`` and, for the two
lists, ``values`` of ``{"key", "zh", "en"}``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jishi.base.errors import Refused
from jishi.exchange.open311 import moments
from jishi.privacy import looks_personal_column, outside_law, refuse_personal

LISTS = ("singlevaluelist", "multivaluelist")
#: What whoever reports may agree to, each a question of its own with every service that asks for it.
PHOTOS = "publish_photo"
CONSENTS = ("contact", PHOTOS)
DATATYPES = ("string", "number", "datetime", "text", *LISTS)
#: How long an answer in words may be.
LONGEST = {"string": 200, "text": 1000}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KEYS = frozenset({"code", "datatype", "zh", "en", "required", "help_zh", "help_en", "values"})


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that does not hold: of which question, and why (``missing``, ``choice``, ``number``, ``datetime``, ``long``)."""  # noqa: E501

    code: str
    why: str


def check_questions(questions: Any) -> None:
    """Hold what an administrator wrote against the form above.  Raises ``Refused("service_questions")``."""
    if not isinstance(questions, list):
        raise Refused("service_questions", where="[…]")
    seen: set[str] = set()
    for each in questions:
        code = str(each.get("code", "")) if isinstance(each, dict) else ""
        known = isinstance(each, dict) and set(each) <= _KEYS and each.get("datatype") in DATATYPES
        if not known or not _CODE.fullmatch(code) or code in {*seen, *CONSENTS} or not _named(each):
            raise Refused("service_questions", where=code or "?")
        seen.add(code)
        for words in (code, each["zh"], each["en"]):
            refuse_personal(words, "attributes")
            if looks_personal_column(words) or outside_law(words):
                raise Refused("service_question_person", where=code)
        values = each.get("values", [])
        fits = isinstance(values, list) and all(
            isinstance(one, dict) and one.get("key") and _named(one) for one in values
        )
        if not fits or bool(values) != (each["datatype"] in LISTS):
            raise Refused("service_questions", where=code)


def _named(each: Mapping[str, Any]) -> bool:
    return all(isinstance(each.get(name), str) and 0 < len(each[name]) <= 100 for name in ("zh", "en"))


def wrong_answers(questions: Sequence[Mapping[str, Any]], answers: Mapping[str, Sequence[str]]) -> list[Wrong]:
    """What does not hold; answers to questions that are not asked are nobody's business."""
    found = []
    for each in questions:
        given = [value for value in answers.get(each["code"], ()) if value.strip()]
        if not given:
            if each.get("required"):
                found.append(Wrong(each["code"], "missing"))
            continue
        why = _wrong(each, given)
        if why:
            found.append(Wrong(each["code"], why))
    return found


def as_words(questions: Sequence[Mapping[str, Any]], answers: Mapping[str, Sequence[str]]) -> str:
    """The answers as lines for the desk, in the words of the questions."""
    lines = []
    for each in questions:
        names = {one["key"]: one["zh"] for one in each.get("values", ())}
        given = [names.get(value.strip(), value.strip()) for value in answers.get(each["code"], ()) if value.strip()]
        if given:
            lines.append(f"{each['zh']}：{'、'.join(given)}")
    return "\n".join(lines)


def _wrong(question: Mapping[str, Any], given: Sequence[str]) -> str:
    kind = question["datatype"]
    if kind in LISTS:
        keys = {one["key"] for one in question["values"]}
        alone = kind == "multivaluelist" or len(given) == 1
        return "" if alone and all(value.strip() in keys for value in given) else "choice"
    text = given[0].strip()
    if kind == "number":
        return "" if _is_number(text) else "number"
    if kind == "datetime":
        return "" if moments.read(text) is not None else "datetime"
    return "" if len(text) <= LONGEST[kind] else "long"


def _is_number(text: str) -> bool:
    try:
        return len(text) <= 40 and math.isfinite(float(text))
    except ValueError:
        return False
