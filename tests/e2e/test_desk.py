"""The desk in a real browser: signing in, in both languages, on a desk's screen and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from jishi.demo.accounts import PASSWORD
from tests.support.installations import Installation

CHROMIUM = [
    "--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
def address(fresh_installation: Installation) -> Iterator[str]:
    """A served installation with the small demo."""
    fresh_installation.jishi("demo", "--size", "small")
    with fresh_installation.served() as address:
        yield address


def sign_in(page: Page, address: str) -> None:
    """Sign in as the desk officer."""
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", "desk")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{address}/")


@pytest.mark.timeout(240)
def test_the_desk_in_both_languages_and_sizes(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for locale in ("zh-CN", "en-GB"):
            for width, height in ((1440, 900), (390, 844)):
                context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
                page = context.new_page()
                sign_in(page, address)
                assert "XH-" in page.inner_text("main")
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                context.close()
        browser.close()
