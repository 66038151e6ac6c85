"""Every request is answered in one thread, and nothing of it in a coroutine.

Django keeps the language, the time zone and the connection of each coroutine apart, and looks for the running one each
time that it is asked: 40 times for the language and as often for the connection in one report.  What is kept for a
thread is there at once.
"""

from __future__ import annotations

import threading

from django.db import connections
from django.urls import base as addresses
from django.utils import timezone
from django.utils.translation import trans_real


def keep_by_thread() -> None:
    """Let each thread have its own language, time zone, root of addresses and connection, before any has one."""
    trans_real._active = threading.local()  # type: ignore[attr-defined]
    timezone._active = threading.local()  # type: ignore[attr-defined]
    addresses._prefixes = threading.local()  # type: ignore[attr-defined]
    addresses._urlconfs = threading.local()  # type: ignore[attr-defined]
    connections._connections = threading.local()  # type: ignore[attr-defined]
