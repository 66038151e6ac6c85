"""Somebody of the public reports: with and without scripts, on a phone, through a lost connection, and at a printed code."""  # noqa: E501

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.e2e.conftest import Served
from tests.e2e.looks import SIZES, serious
from tests.e2e.test_agency import PHONE, said
from tests.e2e.test_loop import LANGUAGES
from tests.e2e.test_loop import photo as photo

REPORT = "/window/XH/report/"
#: What a page of the public may weigh before the map, in bytes as they are sent.
MOST_BYTES = 100_000
COUNT = """
import django
django.setup()
from jishi.matters.models import Matter
print(Matter.objects.filter(place_name="断网小区北门").count())
"""
WORDS = {"zh-CN": "东门外路灯三天不亮", "en-GB": "The street light has been off for three days"}


def fill(page: Page, locale: str, place: str = "试验小区东门") -> None:
    """Open the form and say what and where."""
    page.goto(REPORT)
    page.fill("[name=words]", WORDS[locale])
    page.fill("[name=place]", place)


def receipt(page: Page) -> tuple[str, str]:
    """The number and the secret of the receipt on the page."""
    expect(page.locator("[data-receipt]")).to_be_visible()
    number, secret = (text.strip() for text in page.locator(".receipt-code").all_inner_texts())
    assert re.fullmatch(r"XH-\d{4}-\d{6}", number)
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", secret)
    return number, secret


@pytest.mark.timeout(120)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_report_on_a_phone_in_under_a_minute(
    context: Callable[..., BrowserContext], photo: Path, tmp_path: Path, locale: str
) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"not a photo")
    opened = context(
        locale=locale, geolocation={"longitude": 117.3329, "latitude": 37.1085}, permissions=["geolocation"], **PHONE
    )
    page, problems = opened.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    fill(page, locale)
    pick = page.locator(".pick", has_text={"zh-CN": "路灯照明", "en-GB": "Street lighting"}[locale])
    expect(pick).to_contain_text({"zh-CN": "路灯", "en-GB": "street light"}[locale])
    pick.click()
    page.click("[data-here]")
    expect(page.locator("[data-point]")).to_be_visible()
    page.set_input_files("input[type=file]", [photo, bad])
    expect(page.locator("[data-photos] li")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("[data-send]").click()
    number, _secret = receipt(page)
    expect(page.locator(".banner-warn")).to_contain_text("bad.jpg")
    expect(page.locator("[data-large]")).to_have_count(1)
    expect(page.locator("header [name=language]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.cookies() == []

    page.goto(REPORT)
    expect(page.locator("[name=words]")).to_have_value("")
    page.get_by_role(
        "button", name=said(LANGUAGES[locale], "Your last report from here: show its receipt again")
    ).click()
    assert receipt(page)[0] == number
    assert problems == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_without_scripts_it_goes_in_two_steps(
    context: Callable[..., BrowserContext], signed_in: Callable[..., Page], photo: Path, locale: str
) -> None:
    page = context(locale=locale, java_script_enabled=False, **PHONE).new_page()
    fill(page, locale)
    expect(page.locator("[data-send]")).to_be_hidden()
    page.locator("[name=place]").press("Enter")  # as the button below, and never "me too"
    page.locator(".pick", has_text={"zh-CN": "路灯照明", "en-GB": "Street lighting"}[locale]).locator("input").check()
    page.set_input_files("input[type=file]", photo)
    small = size_of_type(page)
    page.locator(".head-here label").click()
    assert size_of_type(page) > small
    page.locator("details.contact summary").click()
    page.fill("[name=phone]", "13900000001")
    page.locator("[name=phone]").press("Enter")  # what is half written is not sent
    page.wait_for_timeout(500)
    expect(page.locator(".field-errors")).to_have_count(0)
    page.locator("[data-send]").click()
    expect(page.locator(".field-errors")).to_have_count(1)
    page.check("[name=agree]")
    page.wait_for_timeout(2500)  # nobody reads it faster
    page.locator("[data-send]").click()
    number, _secret = receipt(page)
    desk = signed_in("desk", locale=locale)
    desk.goto(f"/matters/{number}/")
    expect(desk.locator("main")).to_contain_text(WORDS[locale])


@pytest.mark.timeout(120)
def test_a_lost_connection_loses_nothing_and_doubles_nothing(
    served: Served, context: Callable[..., BrowserContext], photo: Path
) -> None:
    opened = context(locale="zh-CN", **PHONE)
    page = opened.new_page()
    fill(page, "zh-CN", "断网小区北门")
    page.set_input_files("input[type=file]", photo)
    expect(page.locator("[data-photos] li")).to_have_count(1)
    page.wait_for_timeout(1000)  # the draft is kept a moment after the last key

    page.reload()
    expect(page.locator("[name=words]")).to_have_value(WORDS["zh-CN"])
    expect(page.locator("[data-photos] li")).to_have_count(1)

    # The report arrives, its answer is lost; then there is no connection at all.
    page.route(
        f"**{REPORT}",
        lambda route: (route.fetch(), route.abort()) if route.request.method == "POST" else route.continue_(),
    )
    page.locator("[data-send]").click()
    expect(page.locator("[data-draft-said]")).to_contain_text("没有网络")
    page.unroute(f"**{REPORT}")
    opened.set_offline(True)
    page.locator("[data-send]").click()
    expect(page.locator("[data-draft-said]")).to_contain_text("没有网络")
    opened.set_offline(False)
    number, _secret = receipt(page)
    assert served.installation.python(COUNT).stdout.strip() == "1"
    assert number


@pytest.mark.timeout(120)
def test_what_is_known_is_followed_and_a_code_knows_its_place(
    context: Callable[..., BrowserContext], signed_in: Callable[..., Page]
) -> None:
    desk = signed_in("desk", locale="zh-CN")
    desk.goto("/desk/window/labels/?q=路灯")
    number = desk.locator("[name=number]").first.get_attribute("value")
    desk.goto(f"/register/elements/{number}/")
    with desk.expect_popup() as popup:
        desk.locator("form[action$='/labels/sheet/'] button").click()
    token = re.search(r"[0-9A-Z]{10}$", popup.value.locator(".label-number").inner_text())
    assert token
    expect(desk.locator("form[action$='/labels/sheet/'] button")).to_be_enabled()  # it came beside this page

    page = context(locale="zh-CN", **PHONE).new_page()
    page.goto(f"/q/{token[0]}/")
    expect(page.locator(".place-known").first).to_contain_text("路灯")
    page.fill("[name=words]", WORDS["zh-CN"])
    page.locator(".pick", has_text="路灯照明").click()
    page.locator("[data-send]").click()
    first, secret = receipt(page)

    other = context(locale="zh-CN", **PHONE).new_page()
    other.goto(f"/q/{token[0]}/")
    other.fill("[name=words]", "这盏路灯坏了")
    other.locator("[data-follow]").first.click()
    again = receipt(other)
    assert again[0] == first
    assert again[1] != secret


@pytest.mark.timeout(120)
def test_the_desk_decides_on_what_looks_like_a_machines(
    context: Callable[..., BrowserContext], signed_in: Callable[..., Page]
) -> None:
    page = context(locale="zh-CN", **PHONE).new_page()
    fill(page, "zh-CN")
    page.fill("[name=words]", "贷款 http://a.example http://b.example http://c.example")
    page.locator("[data-send]").click()
    number, _secret = receipt(page)
    desk = signed_in("desk", locale="zh-CN")
    desk.goto("/desk/window/held/")
    row = desk.locator("article", has_text=number)
    row.locator("form[action$='/throw/'] button").click()
    row.locator("form[action$='/undo/'] button").click()
    row.locator("form[action$='/release/'] button").click()
    expect(row).to_have_count(0)
    desk.goto(f"/matters/{number}/")
    expect(desk.locator("main")).to_contain_text("贷款")


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("size", "scheme", "locale"), [("phone", "light", "zh-CN"), ("desk", "dark", "en-GB")])
def test_the_pages_fit_are_light_and_axe_finds_nothing_serious(
    context: Callable[..., BrowserContext], size: str, scheme: str, locale: str
) -> None:
    width, height = SIZES[size]
    opened = context(locale=locale, viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True)
    page = opened.new_page()
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto("/window/XH/")
    page.click(".head-switches [name=large]")
    found = {"home": serious(page)}
    asked.clear()
    fill(page, locale, "和平")
    expect(page.locator(".pick").first).to_be_visible()
    assert sum(weight(each) for each in asked) < MOST_BYTES
    assert len(asked) <= 8
    found["form"] = serious(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("[data-send]").click()
    receipt(page)
    found["receipt"] = serious(page)
    page.goto("/window/XH/report/?at=NOSUCH")
    found["unknown code"] = serious(page)
    assert {name: problems for name, problems in found.items() if problems} == {}


def weight(request: Request) -> int:
    """How many bytes an answer has packed, as a server in front of Jishi would send it."""
    answer = request.response()
    return len(gzip.compress(answer.body())) if answer else 0


@pytest.mark.timeout(120)
def test_the_map_is_loaded_only_when_it_is_asked_for(context: Callable[..., BrowserContext], tmp_path: Path) -> None:
    heavy = tmp_path / "heavy.jpg"
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(heavy, quality=95)
    page = context(locale="zh-CN", viewport={"width": 900, "height": 900}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    fill(page, "zh-CN")
    assert not any("map.js" in each for each in asked)
    page.click("[data-mark]")
    canvas = page.locator("#point-map canvas")
    expect(canvas).to_be_visible()
    page.wait_for_timeout(500)
    canvas.click()
    expect(page.locator("[data-point]")).to_be_visible()
    assert page.input_value("[name=lon]")
    page.click("[data-unmark]")
    expect(page.locator("[data-point]")).to_be_hidden()
    page.set_input_files("input[type=file]", heavy)
    expect(page.locator("[data-photos] li")).to_have_count(1)
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/report/")) as sent:
        page.locator("[data-send]").click()
    assert int(sent.value.header_value("content-length") or 0) < heavy.stat().st_size
    receipt(page)


def size_of_type(page: Page) -> float:
    """How large the page's words are, in pixels."""
    return float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)"))


@pytest.mark.timeout(120)
def test_what_a_form_answered_is_made_large_where_it_stands(context: Callable[..., BrowserContext]) -> None:
    page = context(locale="en-GB", **PHONE).new_page()
    page.goto("/window/track/")
    page.fill("[name=number]", "XH-2020-999999")
    page.fill("[name=secret]", "0000-0000-0000")
    page.locator("main .button-main").click()
    expect(page.locator(".banner-wrong")).to_be_visible()
    small = size_of_type(page)
    with page.expect_response("**/window/settings/"):
        page.get_by_label("Large type").press("Space")
    large = size_of_type(page)
    assert large > small
    expect(page.locator(".banner-wrong")).to_be_visible()
    expect(page.locator("[name=number]")).to_have_value("XH-2020-999999")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("main .button-main").click()
    expect(page.get_by_label("Large type")).to_be_checked()
    assert size_of_type(page) == large
    page.get_by_label("Large type").press("Space")
    assert size_of_type(page) == small


@pytest.mark.timeout(120)
def test_enter_in_a_field_looks_and_neither_sends_nor_follows(context: Callable[..., BrowserContext]) -> None:
    here = {"geolocation": {"longitude": 117.3311, "latitude": 37.1063}, "permissions": ["geolocation"]}
    page = context(locale="en-GB", **here, **PHONE).new_page()
    fill(page, "en-GB")
    page.locator(".pick", has_text="Street lighting").click()
    page.click("[data-here]")
    page.locator("[data-send]").click()
    receipt(page)
    fill(page, "en-GB")
    page.click("[data-here]")
    expect(page.locator("[data-follow]").first).to_be_visible()
    page.locator("[name=place]").press("Enter")
    expect(page.locator("[name=place]")).not_to_be_focused()
    expect(page.locator("[data-receipt]")).to_have_count(0)
    expect(page.locator("[name=words]")).to_have_value(WORDS["en-GB"])
