"""One served installation with the small demo and one Chromium, for every test in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from jishi.demo.accounts import PASSWORD
from tests.e2e.looks import sign_in
from tests.e2e.tables import write_tables
from tests.support.installations import Installation, made_once, template

CHROMIUM = [
    "--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",  # the map is drawn without a graphics card
    "--disable-gpu-compositing",  # and nothing but the map: the pages around it took six times the work that way
]  # fmt: skip
SEED_SECONDS = 600


@dataclass(frozen=True)
class Served:
    """An installation that answers at an address."""

    installation: Installation
    address: str


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small demo and a backlog on the embedded database, served: made once for a run, a copy for each process."""
    empty = template(tmp_path_factory)

    def make(folder: Path) -> None:
        made = Installation(folder / "data")
        shutil.copytree(empty.data_dir, made.data_dir)
        made.jishi("demo", "--size", "small", timeout=SEED_SECONDS)
        table, sense = write_tables(folder)
        made.jishi("import", "matters", str(table), "--map", str(sense), "--station", "XH")

    folder = made_once(tmp_path_factory, "served", make)
    own = {"JISHI_WEBHOOK_PRIVATE": "127.0.0.0/8"}  # where the receivers of the tests listen
    installation = Installation(tmp_path_factory.mktemp("browser") / "data", extra=own)
    shutil.copytree(folder / "data", installation.data_dir)
    with installation.served() as address:
        yield Served(installation, address)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, served: Served) -> Iterator[Callable[..., BrowserContext]]:
    """Make contexts whose relative addresses lead to the installation: ``context(locale="en-GB")``."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        each = chromium.new_context(base_url=served.address, **options)  # type: ignore[arg-type]
        each.set_default_timeout(15_000)
        made.append(each)
        return each

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="package")
def sessions(served: Served) -> dict[str, Any]:
    """What the browser kept of those who signed in before, by account."""
    return {}


@pytest.fixture
def signed_in(context: Callable[..., BrowserContext], sessions: dict[str, Any]) -> Callable[..., Page]:
    """A page in a context of its own where somebody is at the desk: ``signed_in("desk", locale="zh-CN")``.

    Whoever signed in before goes on in the same session; ``test_desk.py`` signs in anew each time.
    """

    def make(username: str, **options: object) -> Page:
        page = context(storage_state=sessions.get(username), **options).new_page()
        if username in sessions:
            page.goto("/")
            page.wait_for_selector("h1")
        else:
            sign_in(page, username, PASSWORD)
            sessions[username] = page.context.storage_state()
        return page

    return make
