"""What ships with Jishi: which categories are offered, and the questions that go with them."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from jishi.base.errors import Refused
from jishi.exchange.open311.models import Service
from jishi.exchange.open311.services import check_questions
from jishi.matters.models import Category


def seed_services() -> None:
    """Offer what ships with Jishi, where nothing was said about a category yet."""
    shipped = tomllib.loads(resources.files("jishi.exchange").joinpath("catalog", "open311.toml").read_text("utf-8"))
    known = set(Service.objects.values_list("category_id", flat=True))
    there = set(Category.objects.values_list("code", flat=True))
    for code in shipped["offered"]:
        if code in there - known:
            said = shipped["description"].get(code, {})
            questions = shipped["question"].get(code, [])
            check_questions(questions)
            Service.objects.create(
                category_id=code, description_zh=said.get("zh", ""), description_en=said.get("en", ""),
                attributes=questions,
            )  # fmt: skip


def save_service(service: Service) -> None:
    """Keep how a category is offered.  Raises ``Refused``: ``service_questions``, ``service_question_person``, ``personal``."""  # noqa: E501
    check(service.attributes)
    service.save()


def check(questions: Any) -> None:
    """Hold questions against what may be asked.  Raises ``Refused``."""
    check_questions(questions)


__all__ = ["Refused", "check", "save_service", "seed_services"]
