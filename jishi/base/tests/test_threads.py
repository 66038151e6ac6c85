"""Each thread has a language and a connection of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.utils import translation


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
