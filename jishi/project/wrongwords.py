"""What is wrong with a setting, in the language of ``JISHI_LANGUAGE``: said before Django is there, from the room's catalogue."""  # noqa: E501

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails


def gettext_noop(sentence: str) -> str:
    """A sentence of the catalogue as it stands in the code; Django's own function asks for the settings first."""
    return sentence


_ = gettext_noop
LOCALE = Path(__file__).parent / "locale"
#: What Pydantic finds by itself, by its own code.
_FOUND: Mapping[str, str] = {
    "bool_parsing": _("must be true or false"),
    "int_parsing": _("must be a whole number"),
    "literal_error": _("must be one of %(expected)s"),
    "greater_than_equal": _("must be %(ge)s or more"),
    "less_than_equal": _("must be %(le)s or less"),
}
_SECRET = ("JISHI_SECRET_KEY", "JISHI_METRICS_TOKEN")


class Wrong(ValueError):
    """A value that will not do: a sentence of the catalogue after the name of the setting, and facts that it names."""

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(sentence % facts if facts else sentence)
        self.sentence, self.facts = sentence, facts


def told(error: ValidationError, language: str) -> Iterator[str]:
    """A line for each bad value, in Chinese unless ``language`` is ``en``; no line holds a key or a password."""
    say = (
        gettext_noop if language == "en" else gettext.translation("django", LOCALE, ["zh_Hans"], fallback=True).gettext
    )
    for problem in error.errors():
        name = "JISHI_" + "_".join(str(part) for part in problem["loc"]).upper()
        facts = {"name": name, "value": _shown(name, problem.get("input")), "reason": _reason(problem, say)}
        yield say(_("%(name)s = %(value)s: %(reason)s.")) % facts


def _reason(problem: ErrorDetails, say: Callable[[str], str]) -> str:
    context = problem.get("ctx", {})
    wrong = context.get("error")
    if isinstance(wrong, Wrong):
        return say(wrong.sentence) % wrong.facts if wrong.facts else say(wrong.sentence)
    known = _FOUND.get(problem["type"])
    facts = {name: str(fact).replace(" or ", ", ") for name, fact in context.items()}
    return say(known) % facts if known else problem["msg"]


def _shown(name: str, value: object) -> str:
    """A bad value as it may stand in a log: no key, no password."""
    if name in _SECRET:
        return "…"
    return re.sub(r"(://[^:/@]*:)[^@]*@", r"\1…@", repr(value))
