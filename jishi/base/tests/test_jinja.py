"""Sentences and addresses on pages: in the reader's language, and safe."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils import translation

from jishi.base.jinja import piece

ENV = engines["jinja2"].env  # type: ignore[attr-defined]  # the engine of our pages has one


def shown(source: str, **values: object) -> str:
    """What a template of one line shows."""
    return str(ENV.from_string(source).render(**values))


def test_a_sentence_is_in_the_language_of_each_reader() -> None:
    for language, expected in (("zh-hans", "编号"), ("en", "Number"), ("zh-hans", "编号")):
        with translation.override(language):
            assert shown('{{ _("Number") }}') == expected


def test_values_are_escaped_and_the_sentence_is_not() -> None:
    with translation.override("en"):
        assert shown('{{ _("<b>%(what)s</b>", what=it) }}', it="<i>") == "<b>&lt;i&gt;</b>"
        assert shown('{{ _("%(message)s", message=it) }}', it="a & b") == "a &amp; b"
        assert shown('{{ _("100 %% of it") }}') == "100 % of it"


def test_an_address_holds_what_is_asked_for() -> None:
    assert shown('{{ url("window:stations") }} {{ url("window:home", "XH") }}') == "/window/ /window/XH/"
    assert shown('{{ url("window:home", "NH") }} {{ url("window:home", code="NH") }}') == "/window/NH/ /window/NH/"


@pytest.mark.django_db
def test_a_piece_of_a_page_is_rendered_once_for_each_language_and_its_facts() -> None:
    with translation.override("en"):
        english = piece("window/_name.html", "XH", "新华<派出所>")
        assert "Service window" in piece("window/_name.html", "", "")
    with translation.override("zh-hans"):
        chinese = piece("window/_name.html", "", "")
    assert "/window/XH/" in english
    assert "新华&lt;派出所&gt;" in english
    assert "Service window" not in chinese
