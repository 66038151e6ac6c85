"""A page that is rendered once and filled each time."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.utils import translation

from jishi.base import stencil
from jishi.base.stencil import filled


class Page:
    """Counts how often it is rendered."""

    def __init__(self) -> None:
        self.rendered = 0

    def __call__(self, words: Mapping[str, str]) -> str:
        self.rendered += 1
        return f"<p>{words['name']}</p><a href='{words['address']}'>{words['name']}</a>"


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stencil, "_cut", {})


def test_words_stand_in_all_their_places_and_are_escaped() -> None:
    words = {"name": "<b>&", "address": "/a?b=1&c='"}
    assert filled("a", words, Page()) == "<p>&lt;b&gt;&amp;</p><a href='/a?b=1&amp;c=&#39;'>&lt;b&gt;&amp;</a>"


def test_it_is_rendered_once_for_each_key_and_language() -> None:
    page = Page()
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for name in ("one", "two"):
                assert f"<p>{name}</p>" in filled("a", {"name": name, "address": "/"}, page)
    assert page.rendered == 2
    filled("b", {"name": "one", "address": "/"}, page)
    assert page.rendered == 3


def test_a_word_with_the_signs_of_a_hole_is_a_word() -> None:
    words = {"name": "\ue000address\ue001", "address": "/secret"}
    assert filled("a", words, Page()) == "<p>\ue000address\ue001</p><a href='/secret'>\ue000address\ue001</a>"


def test_not_more_than_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stencil, "MOST", 2)
    page = Page()
    for key in ("a", "b", "c", "c"):
        filled(key, {"name": "x", "address": "/"}, page)
    assert page.rendered == 3
    assert len(stencil._cut) == 1
