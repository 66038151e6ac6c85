"""A list against the register in a browser: on a phone in Chinese, in the office in English."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

HEAD = "编号,名称,地址,类别\n"
ROWS = {
    390: "H-1,青枫渡口消火栓,青枫渡路901号,消火栓\nH-2,望湖石舫消火栓,望湖栈道803号,消火栓\n",
    1440: "H-1,鹿鸣山脚消火栓,鹿鸣路702号,消火栓\nH-2,白石矶头消火栓,白石矶路605号,消火栓\n",
}
MAP = """
source = "{source}"
key = "编号"
[fields]
name = "名称"
address = "地址"
[fields.category]
column = "类别"
default = "thing.hydrant"
"""


def begin(page: Page, width: int) -> None:
    """Send a list with its map, and wait until it is compared."""
    page.goto("/register/reconcile/")
    page.fill("input[name=authority]", "消防大队")
    page.fill("input[name=date]", "2026-03-01")
    page.set_input_files(
        "input[name=table]", {"name": "list.csv", "mimeType": "text/csv", "buffer": (HEAD + ROWS[width]).encode()}
    )
    page.set_input_files(
        "input[name=map]",
        {"name": "xf.toml", "mimeType": "application/toml", "buffer": MAP.format(source=f"xf-{width}").encode()},
    )
    page.click("form.form button.button-main")
    page.wait_for_url("**/register/reconcile/*/")
    page.wait_for_selector(".tabs")


@pytest.mark.parametrize(
    ("locale", "width", "create", "done", "undo"),
    [("zh-CN", 390, "登记", "已登记", "撤销"), ("en-GB", 1440, "Register it", "registered", "Undo")],
)
def test_a_list_is_decided_row_by_row(signed_in, locale, width, create, done, undo):
    page = signed_in("desk", locale=locale, viewport={"width": width, "height": 800})
    begin(page, width)
    first = page.locator(".reconcile-row").first
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rows = page.locator(".reconcile-row").count()
    first.get_by_role("button", name=create, exact=True).click()
    page.wait_for_selector(".reconcile-row, .empty")
    expect(page.locator(".toast")).to_contain_text(done)
    assert page.locator(".reconcile-row").count() == rows - 1
    menu = page.locator(".reconcile-row").first
    menu.locator("summary").click()
    menu.locator(".menu-body button").first.click()
    page.wait_for_selector(".empty")
    page.locator(".toast").get_by_role("button", name=undo).click()
    page.wait_for_selector(".reconcile-row")
    assert page.locator(".reconcile-row").count() == 1
