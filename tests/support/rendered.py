"""Keeps the names of the templates that the suite renders, for ``scripts/unrendered.py``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import jinja2
import pytest
from django.test.signals import template_rendered

FOLDER = Path(__file__).resolve().parents[2] / ".test" / "rendered"
_names: set[str] = set()
_load = jinja2.Environment._load_template


def _load_and_note(self: jinja2.Environment, name: str, *args: Any) -> jinja2.Template:
    _names.add(name)
    return _load(self, name, *args)


def _note(template: Any, **_facts: Any) -> None:
    if template.name:
        _names.add(str(template.name))


def pytest_configure(config: pytest.Config) -> None:
    """Note what Jinja loads, which it does as it renders, and what Django renders."""
    jinja2.Environment._load_template = _load_and_note  # type: ignore[method-assign]
    template_rendered.connect(_note)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write one file for each process of the suite."""
    if _names:
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{os.getpid()}.txt").write_text("".join(f"{name}\n" for name in sorted(_names)))
