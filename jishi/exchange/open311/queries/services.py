"""Which categories are offered, with the questions that go with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jishi.exchange.open311.models import Service
from jishi.exchange.open311.problems import Problem
from jishi.exchange.open311.services import CONSENTS, LISTS
from jishi.matters import catalogue
from jishi.matters.models import Category
from jishi.privacy import consent

#: What the catalogue says of its change where it never was changed.
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Offer:
    """One service in the reader's language."""

    category: Category
    service: Service

    @property
    def code(self) -> str:
        """The service code is the category's."""
        return self.category.code

    @property
    def questions(self) -> Sequence[Mapping[str, Any]]:
        """What is asked with it."""
        questions: Sequence[Mapping[str, Any]] = self.service.attributes
        return questions

    def listed(self) -> dict[str, Any]:
        """As the list of services has it."""
        parent = catalogue.categories().get(self.category.parent_id or "")
        said = self.service.description_en if _english() else self.service.description_zh
        return {
            "service_code": self.code, "service_name": self.category.name, "description": said or self.category.name,
            "metadata": bool(self.questions) or self.service.asks_consent, "type": "realtime",
            "keywords": ", ".join(self.category.words), "group": parent.name if parent else self.category.name,
        }  # fmt: skip

    def defined(self) -> dict[str, Any]:
        """As the service's definition has it: its questions, then what whoever reports may agree to."""
        asked = [_asked(each, order) for order, each in enumerate(self.questions, start=1)]
        if self.service.asks_consent:
            asked += [_agreed(purpose, order) for order, purpose in enumerate(CONSENTS, start=len(asked) + 1)]
        return {"service_code": self.code, "attributes": asked}


def offers() -> dict[str, Offer]:
    """The services by code, in the order of the catalogue."""
    rows = {row.category_id: row for row in Service.objects.filter(offered=True)}
    known = catalogue.categories()
    return {code: Offer(each, rows[code]) for code, each in known.items() if each.active and code in rows}


def offer(code: str) -> Offer:
    """The service of this code.  Raises :class:`Problem`."""
    if not code:
        raise Problem(400, _("service_code was not provided."))
    found = offers().get(code)
    if found is None:
        raise Problem(404, _("service_code “%(code)s” was not found.") % {"code": code[:60]})
    return found


def changed_at() -> datetime:
    """When what is offered was last changed."""
    return Service.objects.aggregate(last=Max("changed_at"))["last"] or _NEVER


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _asked(question: Mapping[str, Any], order: int) -> dict[str, Any]:
    language = "en" if _english() else "zh"
    asked: dict[str, Any] = {
        "variable": True, "code": question["code"], "datatype": question["datatype"],
        "required": bool(question.get("required")),
        "datatype_description": question.get(f"help_{language}") or _KINDS[question["datatype"]](),
        "order": order, "description": question[language],
    }  # fmt: skip
    if question["datatype"] in LISTS:
        asked["values"] = [{"key": each["key"], "name": each[language]} for each in question["values"]]
    return asked


def _agreed(purpose: str, order: int) -> dict[str, Any]:
    """A consent as a question: its text, and the version of it as the only answer."""
    text = consent.current(purpose)
    return {
        "variable": True, "code": purpose, "datatype": "singlevaluelist", "required": False,
        "datatype_description": _("Only where whoever reports agrees, after reading this."),
        "order": order, "description": text.text, "values": [{"key": text.code, "name": _("I agree")}],
    }  # fmt: skip


_KINDS = {
    "string": lambda: _("One line."), "text": lambda: _("Some lines."), "number": lambda: _("A number."),
    "datetime": lambda: _("A time, such as 2026-03-01T08:00:00+08:00."),
    "singlevaluelist": lambda: _("One of the list."), "multivaluelist": lambda: _("One or more of the list."),
}  # fmt: skip
