"""The desk without a mouse: search, report, move, open, the likely command, and the list of keys."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_the_keys(signed_in: Callable[..., Page]) -> None:
    page = signed_in("desk", locale="zh-CN", viewport={"width": 1100, "height": 900})
    rows, focused = page.locator("[data-row] [data-open]"), page.locator("[data-open]:focus")

    page.keyboard.press("/")
    expect(page.locator("input[name=q]").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()

    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()

    # What comes first depends on the hour: some of what is asked for needs no form.
    likely = page.locator("[data-row]:has([data-likely][data-dialog-href]) [data-open]").first
    likely.focus()
    page.keyboard.press("e")
    expect(page.locator("#dialog form [name=version]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()

    page.goto("/")
    likely.focus()
    address = focused.get_attribute("href")
    page.keyboard.press("o")
    page.wait_for_url(f"**{address}")
    page.keyboard.press("e")
    expect(page.locator("#dialog form [name=version]")).to_have_count(1)
    page.keyboard.press("Escape")

    page.keyboard.press("n")
    page.wait_for_url("**/report/")
    expect(page.locator("input[name=title]")).to_be_focused()
    page.keyboard.type("n / j")
    expect(page.locator("input[name=title]")).to_have_value("n / j")


def test_the_list_shows_the_matter_beside_it(signed_in: Callable[..., Page]) -> None:
    page = signed_in("desk", viewport={"width": 1440, "height": 900})
    page.keyboard.press("j")
    page.keyboard.press("o")
    bar = page.locator("#detail .commands-bar")
    expect(bar).to_be_in_viewport(ratio=1)
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("[data-row][aria-current]")).to_have_count(1)
    assert page.url.endswith("/")
