"""An element from its registration to its past, by the people who look after it, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looks import LOOKS, faults, look

LANGUAGES = ["zh-CN", "en-GB"]
#: In the first area of the demo's station.
HERE = {"longitude": 117.3329, "latitude": 37.1085, "accuracy": 7}
WORDS = {
    "zh-CN": {
        "name": "试验路东口消火栓", "other": "试验路西口消火栓", "never": "从未核查", "left": "还剩",
        "gone": "还没有登记",
    },
    "en-GB": {
        "name": "Hydrant at the trial road, east", "other": "Hydrant at the trial road, west",
        "never": "Never verified", "left": "left", "gone": "was not registered yet",
    },
}  # fmt: skip


@pytest.mark.timeout(120)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_register_verify_correct_and_look_back(signed_in: Callable[..., Page], locale: str) -> None:
    words = WORDS[locale]
    page = signed_in("officer", locale=locale, geolocation=HERE, permissions=["geolocation"])
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    number = register(page, words["name"])
    answer = page.locator(".element-answer")
    expect(answer).to_contain_text(words["never"])

    page.keyboard.press("e")
    expect(answer).to_contain_text(words["left"])
    expect(page.locator(".looks li")).to_have_count(1)
    expect(page.locator(".looks")).to_contain_text("± 7 m")

    page.click(".commands-bar a[href$='/change/']")
    page.fill("#dialog input[name=name]", words["other"])
    page.locator("#dialog-body .form-actions button").click()
    expect(page.locator("h1")).to_have_text(words["other"])
    expect(page.locator(".timeline del").first).to_have_text(words["name"])

    yesterday = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2)
    page.fill("#as-of", yesterday.isoformat())
    page.press("#as-of", "Enter")
    expect(page.locator(".past-banner")).to_contain_text(words["gone"])
    page.click(".past-banner a")
    page.goto(f"/register/elements/?q={number}")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text(words["left"])
    assert problems == []


def register(page: Page, name: str) -> str:
    """Register a hydrant where the device stands, and give its number."""
    page.goto("/register/elements/new/")
    page.click("a[href$='category=thing.hydrant']")
    page.fill("input[name=name]", name)
    page.click("[data-locate]")
    expect(page.locator("#id_lon")).to_have_value("117.332900")
    page.select_option("select[name=attr-state]", "good")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".element-heading, #element-form .banner-warn")
    if page.locator("#element-form .banner-warn").count():  # one that may be the same is shown: it is another one
        page.locator("#element-form .form-actions button").click()
    page.wait_for_url(re.compile(r"/elements/[A-Z]+-E-\d+/$"))
    return page.url.rstrip("/").rsplit("/", 1)[1]


def test_closing_is_taken_back_within_ten_seconds(signed_in: Callable[..., Page]) -> None:
    page = signed_in("desk", locale="en-GB", geolocation=HERE, permissions=["geolocation"])
    register(page, "Lamp post hydrant to be closed")
    page.click(".commands-bar .menu summary")
    page.click(".commands-bar .menu a[href$='/close/']")
    page.locator("#dialog-body .form-actions button").click()
    expect(page.locator(".element-answer")).to_contain_text("closed down")
    page.locator(".toast[data-undo] button.button").click()
    expect(page.locator(".element-answer")).to_contain_text("Never verified")


def test_without_a_position_the_form_takes_typed_numbers(signed_in: Callable[..., Page]) -> None:
    page = signed_in("officer", locale="en-GB", geolocation=HERE, permissions=["geolocation"])
    register(page, "Hydrant behind the works")
    page.context.clear_permissions()
    page.keyboard.press("e")
    expect(page.locator("#id_stood_lon_error")).to_be_visible()
    page.fill("#id_stood_lon", "117.3330")
    page.fill("#id_stood_lat", "37.1086")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".looks li")).to_have_count(1)


def test_it_works_without_a_script(context: Callable[..., Any], signed_in: Callable[..., Page]) -> None:
    cookies = signed_in("officer", locale="en-GB").context.cookies()
    plain = context(locale="en-GB", java_script_enabled=False)
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto("/register/elements/new/?category=thing.lamp")
    page.fill("input[name=name]", "Lamp without a script")
    page.locator("form[data-report] .form-actions button").click()
    expect(page.locator("h1")).to_have_text("Lamp without a script")
    page.locator(".commands-bar form button").click()
    if page.locator("#id_stood_lon").count():
        page.fill("#id_stood_lon", "117.3330")
        page.fill("#id_stood_lat", "37.1086")
        page.locator(".verify-form .form-actions button").click()
    expect(page.locator(".looks li")).to_have_count(1)
    page.click(".commands-bar a[href$='/change/']")
    page.check("input[name=grade][value='3']")
    page.locator("form.form .form-actions button").click()
    expect(page.locator(".element-heading")).to_contain_text("Yellow")


@pytest.mark.timeout(150)
@pytest.mark.parametrize(("locale", "size"), LOOKS)
def test_the_screens_fit_and_axe_finds_nothing_serious(signed_in: Callable[..., Page], locale: str, size: str) -> None:
    page = signed_in("desk", **look(locale, size), geolocation=HERE, permissions=["geolocation"])
    number = register(page, f"Hydrant of a {size}")
    own = f"/register/elements/{number}/"
    forms = [f"{own}{verb}/" for verb in ("verify", "change", "merge", "link", "contact", "close", "attach")]
    found = {}
    for address in ("/register/elements/", own, f"{own}?as_of=2026-01-01", "/register/elements/new/", *forms):
        page.goto(address)
        found[address] = faults(page, size)
    assert {address: problems for address, problems in found.items() if problems} == {}
