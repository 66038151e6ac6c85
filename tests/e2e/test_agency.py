"""An agency without an account: the desk makes a link, the agency opens it on a phone, accepts, and reports done with a photo."""  # noqa: E501

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_loop import LANGUAGES, Person
from tests.e2e.test_loop import photo as photo

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_an_agency_answers_by_its_link(
    served: Served, signed_in: Callable[..., Page], context: Callable[..., BrowserContext], photo: Path, locale: str
) -> None:
    language = LANGUAGES[locale]
    desk = Person(signed_in("desk", locale=locale), language)
    title = {"zh-CN": "试验市场防火门被拆除", "en-GB": "Fire door of the trial market is gone"}[locale]
    number = report(desk, title, place={"zh-CN": "试验市场东侧", "en-GB": "Trial market, east side"}[locale])
    asked = {"zh-CN": "请核查并督促恢复。", "en-GB": "Please look and have it put back."}[locale]
    refer(desk, number, asked)
    address = make_link(desk, number)

    # Without JavaScript, as on an old phone; the page needs none.
    clean = context(locale=locale, java_script_enabled=locale == "en-GB", **PHONE)
    phone = clean.new_page()
    phone.goto(address)
    expect(phone.locator("main")).not_to_contain_text(number)
    assert clean.cookies() == []
    phone.locator("form:not(.switch) button").click()
    expect(phone.locator("main")).to_contain_text(number)
    expect(phone.locator("main")).to_contain_text(asked)
    expect(phone.locator("main")).not_to_contain_text(title)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    press(phone, language, "Accept: we take it on")
    expect(phone.locator(".banner-good")).to_be_visible()

    form = phone.locator("form[action$='/report/']")
    form.locator("textarea").fill("请致电13800138000")
    form.locator("button").last.click()
    expect(phone.locator(".field-errors")).to_be_visible()
    form.locator("textarea").fill("防火门已恢复。")
    form.locator("input[type=file]").set_input_files(photo)
    form.locator("button").last.click()
    expect(phone.locator(".agency-said")).to_contain_text("防火门已恢复。")
    expect(phone.locator(".agency-answers")).to_have_count(0)

    desk.look(number)
    timeline = desk.page.locator(".timeline")
    facts = {"agency": "消防救援大队", "unit": "值班台"}
    expect(timeline).to_contain_text(said(language, "%(agency)s accepted this matter.") % facts)
    done = said(language, "%(agency)s reports that it is done; %(unit)s has yet to see for itself.")
    expect(timeline).to_contain_text((done % facts)[:12])
    expect(timeline.locator(".gallery img").first).to_be_visible()
    expect(desk.page.locator(".agency-links")).to_contain_text(said(language, "last used"))
    revoke(desk, phone)
    assert desk.refused == []
    verified = json.loads(served.installation.jishi("verify", "--json").stdout)
    assert verified["ok"] is True


def report(desk: Person, title: str, place: str) -> str:
    """Report a matter, and give its number."""
    desk.page.goto("/report/")
    desk.page.fill("input[name=title]", title)
    desk.page.fill("input[name=place]", place)
    desk.page.locator("form[data-report] .form-actions button").first.click()
    desk.page.wait_for_url(re.compile("/receipt/"))
    return desk.page.inner_text(".receipt-number").strip()


def said(language: str, words: str) -> str:
    """Words of the catalogue in a language."""
    with translation.override(language):
        return _(words)


def press(page: Page, language: str, words: str) -> None:
    """Press the button with these words."""
    page.get_by_role("button", name=said(language, words), exact=True).click()


def refer(desk: Person, number: str, asked: str) -> None:
    """Assess the matter and refer it to the fire brigade."""
    desk.look(number)
    desk.press("assess")
    desk.page.select_option("#dialog select[name=category]", "fire.exit")
    desk.page.check("#dialog input[name=grade][value='2']")
    desk.send()
    desk.page.goto(f"/matters/{number}/refer/")
    desk.page.select_option("select[name=agency]", label="消防救援大队")
    desk.page.fill("textarea[name=reason]", asked)
    desk.page.locator("main .form-actions button").click()
    desk.page.wait_for_url(f"**/matters/{number}/")


def make_link(desk: Person, number: str) -> str:
    """Make a link, look at the slip, and give the address."""
    press(desk.page, desk.language, "Make a link and show it once")
    address = desk.page.locator("#agency-address").inner_text().strip()
    assert re.search(r"/agency/\d+\.\d+\.[\w-]{22}\.[\w-]{43}/$", address)
    with desk.page.expect_popup() as opened:
        press(desk.page, desk.language, "Print it on a slip")
    slip = opened.value
    expect(slip.locator(".slip-address")).to_have_text(address)
    expect(slip.locator(".qr")).to_be_visible()
    slip.close()
    desk.page.goto(f"/matters/{number}/")
    expect(desk.page.locator("body")).not_to_contain_text(address)
    return address


def revoke(desk: Person, phone: Page) -> None:
    """Revoke the link: the phone sees nothing any more."""
    press(desk.page, desk.language, "Revoke")
    expect(desk.page.locator(".agency-links")).to_contain_text(said(desk.language, "revoked"))
    phone.reload()
    expect(phone.locator("h1")).to_have_text(said(desk.language, "This link opens nothing"))
