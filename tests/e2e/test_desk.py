"""The desk in a real browser: signing in, in both languages, on a desk's screen and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from jishi.demo.accounts import PASSWORD
from tests.e2e.looks import sign_in


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("en-GB", "en")])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_desk(context: Callable[..., BrowserContext], locale: str, language: str, width: int, height: int) -> None:
    page = context(locale=locale, viewport={"width": width, "height": height}).new_page()
    sign_in(page, "desk", PASSWORD)
    assert "XH-" in page.inner_text("main")
    assert page.evaluate("document.documentElement.lang").startswith(language)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
