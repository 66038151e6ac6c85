"""The chief asks "what do I answer for, where is it, how sure are we, what is going stale", in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.looks import LOOKS, faults, look

LANGUAGES = [("zh-CN", "我管着什么，有多新？"), ("en-GB", "What do I answer for, and how fresh is it?")]
SIZES = [(1440, 900), (390, 844)]
PAGES = ("", "freshness/", "worklist/", "duplicates/", "population/", "population/?tab=help", "population/?tab=outside")
#: In the middle of the demo's district.
HERE = {"longitude": 117.33, "latitude": 37.11}

SignIn = Callable[..., Page]


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


@pytest.mark.parametrize(("locale", "question"), LANGUAGES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_one_screen_answers_the_chief(signed_in: SignIn, locale: str, question: str, width: int, height: int) -> None:
    page = signed_in("chief", locale=locale, viewport={"width": width, "height": height})
    page.goto("/register/")
    assert page.inner_text("main h1") == question
    share = page.locator(".figure-share .figure-number")
    assert re.fullmatch(r"\d+\.\d\s%", share.inner_text().strip())
    sizes = page.eval_on_selector_all(
        "main *", "all => all.filter(e => e.children.length === 0 && e.textContent.trim())"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))",
    )  # fmt: skip
    assert share.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") == max(sizes)
    for part in ("by-kind", "by-category", "by-area", "sure", "where", "course", "next"):
        assert page.locator(f"#{part}").count() == 1, part
    assert page.locator(".course-path").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_number_leads_to_its_rows(signed_in: SignIn, locale: str) -> None:
    page = signed_in("chief", locale=locale)
    page.goto("/register/")
    for place in ("#by-kind ~ table", "#by-area ~ table", "#by-category ~ table"):
        page.goto("/register/")
        link = page.locator(f"{place} a.late").first
        told = number(link.inner_text())
        link.click()
        page.wait_for_url("**/register/elements/**")
        assert number(page.inner_text(".figure-number >> nth=0")) == told


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_freshness_over_a_year(signed_in: SignIn, locale: str) -> None:
    page = signed_in("chief", locale=locale)
    page.goto("/register/freshness/")
    page.check("input[name=days][value='365']")
    page.locator(".filters button").click()
    page.wait_for_url("**days=365**")
    assert page.locator(".course-large .course-path").count() == 1
    assert page.locator(".spark").count() > 5
    page.locator("#by-category ~ table a[data-open]").first.click()
    page.wait_for_url("**category=**")
    assert page.locator("#target form [name=category]").get_attribute("value")


def test_the_nearest_first_and_verified_with_one_tap(signed_in: SignIn) -> None:
    page = signed_in("officer", viewport={"width": 390, "height": 844}, geolocation=HERE, permissions=["geolocation"])
    page.goto("/register/worklist/")
    assert page.locator(".task-away").count() == 0
    page.locator("form[data-stand] button").click()
    page.wait_for_selector("#tasks[data-near=yes]")
    assert "lon" not in page.url
    away = [number(text.split()[0]) for text in page.locator(".task-away").all_inner_texts() if "." not in text]
    assert away[:10] == sorted(away[:10])
    first = page.locator(".task:has(form[data-verify])").first  # what needs a photo is not done with one tap
    name = first.locator(".task-name").inner_text()
    first.locator("form[data-verify] button").click()
    page.wait_for_selector(".toast")
    assert "/register/worklist/" in page.url
    page.wait_for_selector("#tasks[data-near=yes]")
    assert first.locator(".task-name").inner_text() != name


def test_a_merge_is_undone_within_ten_seconds(signed_in: SignIn) -> None:
    page = signed_in("chief")
    page.goto("/register/duplicates/")
    count = number(page.inner_text(".figure-number"))
    assert count > 0
    page.locator(".pair-do button[value=a]").first.click()
    expect(page.locator(".toast [data-seconds]")).to_be_visible()
    assert number(page.inner_text(".figure-number")) < count
    page.locator(".toast form button").click()
    page.wait_for_load_state()
    expect(page.locator(".figure-number").first).to_have_text(str(count))


def test_it_works_without_scripts(context: Callable[..., BrowserContext], signed_in: SignIn) -> None:
    cookies = signed_in("chief").context.cookies()
    plain = context(java_script_enabled=False)
    plain.add_cookies(cookies)  # type: ignore[arg-type]
    page = plain.new_page()
    for address in PAGES:
        page.goto(f"/register/{address}")
        assert page.locator("main h1").count() == 1, address
    page.goto("/register/worklist/")
    assert not page.locator("form[data-stand]").is_visible()
    page.select_option(".filters select[name=area]", index=1)
    page.locator(".filters button").first.click()
    assert re.search(r"area=\d+", page.url)
    page.goto("/register/population/record/")
    assert page.locator("form [name=households]").is_visible()


@pytest.mark.parametrize(("locale", "size"), LOOKS)
def test_every_screen_fits_and_axe_finds_nothing_serious(signed_in: SignIn, locale: str, size: str) -> None:
    page = signed_in("chief", **look(locale, size))
    for address in PAGES:
        page.goto(f"/register/{address}")
        assert faults(page, size) == [], (address, locale)
