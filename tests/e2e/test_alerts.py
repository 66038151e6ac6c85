"""An alert to the public: drafted at the desk, approved by the chief on a phone, read by everybody, updated, cancelled."""  # noqa: E501

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from lxml import etree
from playwright.sync_api import Page, expect

from jishi.exchange.tests.capdocs import ATOM, read, said
from tests.e2e.conftest import Served

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
ONES, WIDER, OVER = "试验街区燃气泄漏", "试验街区燃气泄漏，范围扩大", "解除：试验街区燃气泄漏"


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def documents(served: Served) -> dict[str, list[str]]:
    """What everybody reads: by the headline of each entry of the feed its status, its kind and what it refers to.

    Every document holds against the schema of the standard, and its times have an offset.
    """
    found = {}
    with urllib.request.urlopen(f"{served.address}/cap/feed") as feed:
        entries = etree.fromstring(feed.read()).findall(f"{ATOM}entry")
    for entry in entries:
        with urllib.request.urlopen(entry.find(f"{ATOM}link").get("href")) as answer:
            document = read(answer.read())
        for name in ("sent", "expires"):
            assert all(datetime.fromisoformat(each).tzinfo for each in said(document, name))
        headline = said(document, "headline")[0]
        found[headline] = [*said(document, "status"), *said(document, "msgType"), *said(document, "references")]
    return found


@pytest.mark.timeout(120)
def test_an_alert_from_draft_to_its_end(served: Served, signed_in: Callable[..., Page]) -> None:
    desk = signed_in("desk", locale="zh-CN", viewport=WIDE)
    chief = signed_in("chief", locale="en-GB", viewport=PHONE, has_touch=True)
    title = draft(desk)
    address = desk.url
    expect(desk.locator(".commands-bar [data-likely]")).to_have_count(0)
    assert ONES not in documents(served)
    approve(chief, address)
    chief.goto("/alerts/")
    expect(chief.locator("section[aria-labelledby=live]")).to_contain_text(ONES)
    fits(chief)
    assert documents(served)[ONES] == ["Actual", "Alert"]
    with urllib.request.urlopen(f"{served.address}/cap/feed") as feed:
        assert title not in feed.read().decode()

    follow(desk, address, "update", WIDER)
    approve(chief, desk.url)
    given_out = documents(served)
    assert ONES not in given_out
    assert given_out[WIDER][:2] == ["Actual", "Update"]
    follow(desk, desk.url, "cancel", OVER)
    approve(chief, desk.url)
    given_out = documents(served)
    assert WIDER not in given_out
    assert given_out[OVER][:2] == ["Actual", "Cancel"]
    assert len(given_out[OVER][2].split()) == 2
    desk.goto(address)
    expect(desk.locator("section[aria-labelledby=chain] li")).to_have_count(3)
    fits(desk)


def draft(desk: Page) -> str:
    """Draw one up from an orange matter; a mistake is said and the words are kept.  Gives the matter's own words."""
    desk.goto("/matters/?grade=2")
    desk.goto(str(desk.locator("main a[data-open]").first.get_attribute("href")))
    title = desk.locator("h1").inner_text().strip()
    desk.locator(".alert-panel a[href*='/alerts/draft/']").click()
    assert title not in desk.locator("main form").inner_html()
    desk.fill("input[name=event_zh]", "燃气泄漏")
    desk.fill("input[name=headline_zh]", ONES)
    desk.fill("textarea[name=description_zh]", "管道破裂，请致电13800138000。")
    desk.fill("input[name=area_zh]", "试验街区")
    submit = desk.locator("main .form-actions .button-main")
    submit.click()
    expect(desk.locator(".field-errors")).to_be_visible()
    fits(desk)
    desk.fill("textarea[name=description_zh]", "管道破裂，正在抢修。")
    submit.click()
    desk.wait_for_url(re.compile(r"/alerts/\d+/$"))
    expect(desk.locator(".alert-paper h3").first).to_have_text(ONES)
    return title


def approve(chief: Page, address: str) -> None:
    """Look at it as the public will, read what it means, and give it out."""
    chief.goto(address)
    fits(chief)
    likely = chief.locator(".commands-bar [data-likely]")
    assert (likely.bounding_box() or {"height": 0})["height"] >= 44
    likely.click()
    with translation.override("en"):
        chief.locator("#dialog-body").get_by_role("button", name=_("Approve and give out now")).click()
        expect(chief.get_by_role("heading", name=_("As it was given out"))).to_be_visible()


def follow(desk: Page, address: str, how: str, headline: str) -> None:
    """Lay before the chief what follows."""
    desk.goto(address)
    desk.locator(f".commands-bar a[href$='/{how}/']").click()
    desk.fill("input[name=headline_zh]", headline)
    desk.fill("textarea[name=description_zh]", "抢修情况有变化，请以本通知为准。")
    fits(desk)
    desk.locator("main .form-actions .button-main").click()
    desk.wait_for_url(re.compile(r"/alerts/\d+/$"))
