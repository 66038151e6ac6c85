"""The same seed makes the same demo."""

from __future__ import annotations

import pytest
from django.db import transaction

from jishi.demo.tests.conftest import make
from jishi.matters.models import Matter
from jishi.register.models import Element
from tests.support.remembered import forget

MATTER = ("number", "title", "place_name", "state", "grade", "category_id", "next_due", "reported_at", "outcome")
ELEMENT = (
    "number", "name", "address", "lon", "lat", "category", "attributes", "grade", "status", "freshness", "verified_at",
    "due_at", "issues", "version", "source", "external_id",
)  # fmt: skip


def made_and_taken_back() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The matters and the elements of one demo."""
    with transaction.atomic():
        make(11)
        matters = list(Matter.objects.order_by("number").values_list(*MATTER))
        elements = list(Element.objects.order_by("number").values_list(*ELEMENT))
        transaction.set_rollback(True)
    forget()
    return matters, elements


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_matters_and_the_same_register(ground: None) -> None:
    first = made_and_taken_back()
    assert all(first)
    assert not Matter.objects.exists()
    assert made_and_taken_back() == first
