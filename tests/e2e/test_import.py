"""A table of another system comes in through the pages, and its backlog goes into the loop."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.looks import serious
from tests.e2e.tables import write_tables


def test_an_import_and_its_backlog(signed_in: Callable[..., Page], tmp_path: Path) -> None:
    table, sense = write_tables(tmp_path, mark="B")
    page = signed_in("desk", locale="zh-CN", viewport={"width": 390, "height": 844}, bypass_csp=True)
    page.goto("/import/")
    files = page.locator("main input[type=file]")
    files.nth(0).set_input_files(table)
    files.nth(1).set_input_files(sense)
    page.click("main form button.button-main")
    page.wait_for_url(re.compile(r"/import/\d+/"))

    start = page.locator("#run form.command button")
    expect(start).to_be_visible(timeout=30_000)
    assert page.locator("#run .figure-number").all_inner_texts() == ["5", "4", "0", "1"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(page) == []
    start.click()
    expect(page.locator("#run .banner-good")).to_be_visible(timeout=30_000)

    page.goto("/backlog/")
    before = int(page.locator(".figure-number").first.inner_text())
    row = page.locator("[data-row]", has_text="井盖").first
    row.locator("a[data-likely]").click()
    page.click("#dialog-body form .form-actions button")
    page.wait_for_selector(".toast")
    page.goto("/backlog/")
    assert int(page.locator(".figure-number").first.inner_text()) == before - 1
