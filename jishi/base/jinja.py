"""The Jinja2 environment of our own pages."""

from __future__ import annotations

import hashlib
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jinja2
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static as static_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from markupsafe import Markup

from jishi.base import agents, clock, navigation, signin_notes, toasts, words


def environment(**options: Any) -> jinja2.Environment:
    """Made once by Django's template engine; templates are compiled once per process."""
    options.setdefault("extensions", []).extend(["jinja2.ext.i18n", "jinja2.ext.do"])
    options.update(trim_blocks=True, lstrip_blocks=True, cache_size=-1)
    env = jinja2.Environment(**options)  # noqa: S701  (Django passes autoescape=True)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        _=said,
        url=url,
        static=static,
        piece=piece,
        now=timezone.now,
        face=clock.face,
        language=words.language,
        gap=words.gap,
        clock_words=clock_words,
        nav_items=navigation.items_for,
        nav_may=navigation.may,
        nav_link=navigation.link,
        nav_places=navigation.places,
        nav_tools=navigation.tools_for,
        toasts=toasts.toasts,
        theme=theme,
        demo_accounts=signin_notes.accounts,
    )
    env.filters.update(
        browser=agents.browser,
        left=words.left,
        moment=words.moment,
        short_moment=words.short_moment,
        day=words.day,
        short_day=words.short_day,
        weekday=words.weekday,
        clock_time=words.clock_time,
        duration=words.duration,
        number=words.number,
    )
    return env


def said(message: str, /, **values: Any) -> Markup:
    """The message in the reader's language, with its values escaped; looked up once for each language."""
    language = get_language()
    return _translated(language, message) % values if values else _said(language, message)


@lru_cache(maxsize=20_000)
def _translated(language: str | None, message: str) -> Markup:
    return Markup(gettext(message))  # noqa: S704  (our own sentence)


@lru_cache(maxsize=20_000)
def _said(language: str | None, message: str) -> Markup:
    return _translated(language, message) % {}


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a view by its name; one in which nothing stands is remembered, others may hold a secret."""
    return reverse(name, args=args or None, kwargs=kwargs or None) if args or kwargs else _fixed(name)


_fixed = cache(reverse)


def piece(template: str, *facts: str) -> Markup:
    """A piece of a page that is the same for many: rendered once for each language and for these ``facts``, which the
    template finds under that name.  It knows nothing of the reader or the request."""
    made = _piece if not settings.DEBUG else _piece.__wrapped__
    return made(get_language(), template, facts)


@lru_cache(maxsize=1_000)
def _piece(language: str | None, template: str, facts: tuple[str, ...]) -> Markup:
    return Markup(render_to_string(template, {"facts": facts}))  # noqa: S704  (our own template, which escapes)


def static(path: str) -> str:
    """The address of a static file, with a hash of its contents so that browsers may keep it for long."""
    return _marked(path) if not settings.DEBUG else _marked.__wrapped__(path)


@cache
def _marked(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        return static_url(path)
    return f"{static_url(path)}?v={hashlib.blake2s(Path(found).read_bytes(), digest_size=5).hexdigest()}"


def clock_words() -> str:
    """The words that the browser needs to keep the clocks, as JSON."""
    return json.dumps({name: str(text) for name, text in words.LEFT.items()}, ensure_ascii=False)


def theme(request: object) -> str:
    """The theme that this browser asked for: ``light``, ``dark`` or ``""`` (as the system says)."""
    chosen = request.COOKIES.get("jishi_theme", "") if isinstance(request, HttpRequest) else ""
    return chosen if chosen in ("light", "dark") else ""
