"""One served installation with the small demo and one Chromium, for every test in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from jishi.demo.accounts import PASSWORD
from tests.e2e.tables import write_tables
from tests.support.installations import Installation

CHROMIUM = [
    "--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",  # the map is drawn without a graphics card
]  # fmt: skip


@dataclass(frozen=True)
class Served:
    """An installation that answers at an address."""

    installation: Installation
    address: str


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small demo and a backlog on the embedded database, served."""
    installation = Installation(tmp_path_factory.mktemp("browser") / "data")
    installation.jishi("migrate")
    installation.jishi("demo", "--size", "small")
    table, sense = write_tables(installation.data_dir.parent)
    installation.jishi("import", "matters", str(table), "--map", str(sense), "--station", "XH")
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


@pytest.fixture
def signed_in(context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page in a context of its own where somebody signed in: ``signed_in("desk", locale="zh-CN")``."""

    def make(username: str, **options: object) -> Page:
        page = context(**options).new_page()
        page.goto("/accounts/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/")
        page.wait_for_selector("h1")
        return page

    return make
