"""The duty roster and the handover in a browser: put on duty, hand over, sign by both, on paper; wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
LOOKS = [(size, locale) for size in SIZES for locale in ("zh-CN", "en-GB")]


def look(size: str, locale: str) -> dict[str, object]:
    """The options of a context."""
    width, height = SIZES[size]
    return {"locale": locale, "viewport": {"width": width, "height": height}}


def fits(page: Page) -> bool:
    """Whether nothing stands beyond the right edge."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    return bool(wide <= page.viewport_size["width"])  # type: ignore[index]


@pytest.mark.parametrize(("size", "locale"), LOOKS)
def test_the_roster_is_planned(signed_in: Callable[..., Page], size: str, locale: str) -> None:
    page = signed_in("desk", **look(size, locale))
    page.click(".duty-line a[href='/roster/']")
    expect(page.locator(".duty-now li").first).to_be_visible()
    assert fits(page)
    monday = date.today() - timedelta(days=date.today().weekday())
    free = monday + timedelta(weeks=8 + LOOKS.index((size, locale)))
    page.goto(f"/roster/?week={free.isoformat()}")
    page.click(".roster-do a[data-dialog-href]")
    form = page.locator("#dialog form.shift-form")
    expect(form.locator("[name=begins]")).to_be_hidden()
    desk = form.locator("[name=unit] option", has_text="值班室")
    form.locator("[name=unit]").select_option(str(desk.first.get_attribute("value")))
    members = form.locator("[name=staff] optgroup[label='值班室'] option")
    form.locator("[name=staff]").select_option(str(members.first.get_attribute("value")))
    form.locator("[name=day]").fill(free.isoformat())
    form.locator("[name=pattern][value=other]").check()
    expect(form.locator("[name=begins]")).to_be_visible()
    form.locator("[name=pattern][value=night]").check()
    form.locator("button.button-main").click()
    page.wait_for_url(f"**/roster/?week={free.isoformat()}")
    line = page.locator(".roster-line")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("20:00–")
    assert fits(page)
    page.goto(f"/roster/print/?week={free.isoformat()}")
    expect(page.locator(".roster-line")).to_be_visible()
    assert len(page.pdf(format="A4", landscape=True)) > 1000


@pytest.mark.parametrize(("size", "locale"), LOOKS)
def test_a_shift_is_handed_over_and_signed_by_both(signed_in: Callable[..., Page], size: str, locale: str) -> None:
    leaves, comes = (signed_in(name, **look(size, locale)) for name in ("deputy", "chief"))
    leaves.click(".duty-line a[href='/handover/']")
    expect(leaves.locator(".figure")).to_have_count(3)
    assert fits(leaves)
    to = leaves.locator("select[name=to]")
    chief = to.locator("option", has_text=str(comes.locator(".top-me .top-name").text_content()).strip())
    to.select_option(str(chief.first.get_attribute("value")))
    leaves.fill("textarea[name=note]", "请回电13800138000")
    leaves.click("form.shift-page button.button-main")
    expect(leaves.locator("[role=alert]")).to_be_visible()
    leaves.fill("textarea[name=note]", "车钥匙在抽屉")
    leaves.click("form.shift-page button.button-main")
    leaves.wait_for_url(re.compile(r"/handover/\d+/$"))
    comes.goto(leaves.url)
    expect(comes.locator("main")).to_contain_text("车钥匙在抽屉")
    assert fits(comes)
    comes.click(".commands-bar button")
    comes.wait_for_load_state()
    expect(comes.locator("form[action$='take-over/']")).to_have_count(0)
    leaves.reload()
    expect(leaves.locator("form[action$='take-back/']")).to_have_count(0)
    leaves.goto(leaves.url + "print/")
    expect(leaves.locator(".shift-line")).to_have_count(2)
    assert len(leaves.pdf(format="A4")) > 1000
