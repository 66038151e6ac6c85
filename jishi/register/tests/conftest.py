"""A station with two areas to register elements at."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.backends import jinja2
from django.test import Client, signals

from jishi.register import catalogue
from jishi.register.tests.factory import Ground, a_ground


@pytest.fixture
def ground(db: None) -> Ground:
    """One station, its people, two areas side by side."""
    catalogue.forget()
    return a_ground()


@pytest.fixture
def screen(db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser that reads English; its answers tell what their page was made from (``answer.context``)."""
    plain = jinja2.Template.render

    def render(self: Any, context: Any = None, request: Any = None) -> Any:
        signals.template_rendered.send(sender=self, template=self.template, context=dict(context or {}))
        return plain(self, context, request)

    monkeypatch.setattr(jinja2.Template, "render", render)
    return Client(headers={"accept-language": "en"})
