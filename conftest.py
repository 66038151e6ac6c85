"""What every test stands on: a data folder of its own, settled settings, and installations to run ``jishi`` in."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis

KEPT = {"JISHI_DATABASE_URL", "JISHI_REAL_DATA"}
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
FOLDER = Path(tempfile.mkdtemp(prefix=f"jishi-tests-{WORKER}-"))

atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("JISHI_") and name not in KEPT]:
    del os.environ[name]
os.environ["JISHI_DATA_DIR"] = str(FOLDER / "data")
os.environ["JISHI_TEST_FAST_PASSWORDS"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "jishi.project.settings"

import django  # noqa: E402  (the settings read the environment above)

django.setup()

pytest_plugins = ["tests.support.installations", "tests.support.remembered", "tests.support.rendered"]

hypothesis.settings.register_profile("house", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """What takes long comes first, so that no process works alone at the end.

    On PostgreSQL, leave out what touches no database, or has another subject: it was tested on the way over SQLite.
    """
    from tests.support.installations import touches_database

    items.sort(key=_shortness)
    if not os.environ.get("JISHI_DATABASE_URL"):
        return
    asked = [item for item in items if touches_database(item) and not item.get_closest_marker("sqlite_is_enough")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asked)])
    items[:] = asked


def _shortness(item: Any) -> tuple[int, bool]:
    """What has more time than others comes before what has less, and what spans rooms before a room's own."""
    house = Path(__file__).parent
    if item.path.is_relative_to(house / "tests" / "e2e"):
        return 0, False  # in the order of the files: these share what they work on
    given = item.get_closest_marker("timeout")
    return -(given.args[0] if given else 0), not item.path.is_relative_to(house / "tests")


def pytest_collection_finish() -> None:
    """Never look again at what is there before the first test: it stays to the end."""
    gc.freeze()
