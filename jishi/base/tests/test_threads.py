"""Each thread has a language and a connection of its own."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.urls import base as addresses
from django.urls import get_resolver
from django.utils import timezone, translation
from django.utils.translation import trans_real


def test_a_thread_speaks_its_own_language() -> None:
    spoken: list[str | None] = []
    ready = threading.Barrier(2)

    def speak(language: str) -> None:
        translation.activate(language)
        ready.wait(10)
        spoken.append(translation.get_language())

    with translation.override("en"):
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(speak, ("zh-hans", "en")))
        assert translation.get_language() == "en"
    assert sorted(map(str, spoken)) == ["en", "zh-hans"]


@pytest.mark.django_db
def test_a_thread_has_its_own_connection() -> None:
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(lambda: connections["default"]).result()
        again = threads.submit(lambda: connections["default"]).result()
    assert other is again
    assert other is not connections["default"]
    assert connections["default"].ops is connection.ops


def test_what_belongs_to_a_request_is_kept_by_thread() -> None:
    kept = (trans_real._active, timezone._active, addresses._prefixes, addresses._urlconfs, connections._connections)
    assert [type(each) for each in kept] == [threading.local] * 5


def test_no_view_is_a_coroutine() -> None:
    def views(patterns: Iterable[Any]) -> Iterator[Any]:
        for each in patterns:
            if hasattr(each, "url_patterns"):
                yield from views(each.url_patterns)
            else:
                yield each.callback

    found = list(views(get_resolver().url_patterns))
    assert len(found) > 200
    assert not [view for view in found if inspect.iscoroutinefunction(inspect.unwrap(view))]
