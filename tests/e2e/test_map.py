"""The map in a browser: it is drawn, says the number of the list, opens cards, and works without a mouse."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

#: What lies behind all else in the light theme, and the colour of the sums.
GROUND, ACCENT = (0xF6, 0xF7, 0xF9), (0x0B, 0x64, 0x68)


def opened(page: Page, query: str = "") -> Page:
    """The page of the map, once it is drawn."""
    page.goto(f"/register/map/{query}")
    page.wait_for_selector("[data-drawn]")
    page.wait_for_timeout(1500)  # tiles, then labels that fade in
    return page


def picture_of(page: Page) -> Image.Image:
    """What the map looks like."""
    return Image.open(io.BytesIO(page.locator(".map-view").screenshot())).convert("RGB")


def near(image: Image.Image, colour: tuple[int, int, int], within: int = 12) -> int:
    """How many pixels have nearly this colour."""
    counted = image.getcolors(image.width * image.height) or []
    return sum(
        count
        for count, pixel in counted
        if isinstance(pixel, tuple)
        and all(abs(one - other) <= within for one, other in zip(pixel, colour, strict=True))
    )


def number_of(page: Page) -> str:
    """The number that answers the page."""
    return page.locator(".figure-number").first.inner_text()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_map_is_drawn_and_says_the_number_of_the_list(signed_in: Callable[..., Page], locale: str) -> None:
    errors: list[str] = []
    page = signed_in("desk", locale=locale, viewport={"width": 1440, "height": 900}, color_scheme="light")
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    image = picture_of(opened(page))
    assert near(image, ACCENT) > 500, "no element is drawn"
    assert len(image.getcolors(image.width * image.height) or []) > 200
    assert near(image, GROUND) < image.width * image.height * 0.98
    assert errors == []
    count = number_of(page)
    assert re.sub(r"\D", "", page.locator("#map-table .count").inner_text()) == re.sub(r"\D", "", count)
    page.goto("/register/elements/")
    assert re.sub(r"\D", "", count) in re.sub(r"\D", "", page.locator("main").inner_text())


@pytest.mark.parametrize(("locale", "named"), [("zh-CN", True), ("en-GB", True)])
def test_labels_are_drawn(signed_in: Callable[..., Page], locale: str, named: bool) -> None:
    """Names and numbers come from the fonts of the device: the map without its areas has fewer dark pixels."""
    page = opened(signed_in("desk", locale=locale, viewport={"width": 1440, "height": 900}, color_scheme="light"))
    page.locator("input[name=map-elements]").uncheck()
    page.wait_for_timeout(600)
    with_names = near(picture_of(page), (0x1B, 0x1F, 0x24), 40)
    page.locator("input[name=map-areas]").uncheck()
    page.wait_for_timeout(600)
    assert (with_names - near(picture_of(page), (0x1B, 0x1F, 0x24), 40) > 200) is named


def test_a_card_by_keys_alone(signed_in: Callable[..., Page]) -> None:
    page = opened(signed_in("desk", locale="en-GB", viewport={"width": 1440, "height": 900}))
    page.locator(".map-view canvas").first.focus()
    card = page.locator("[data-map-card]")
    for _ in range(12):
        if card.locator("h2").count():
            break
        page.keyboard.press("Enter")  # a sum opens, a point shows its card
        page.wait_for_timeout(900)
        if not card.locator("h2").count():
            page.keyboard.press("+")
            page.wait_for_timeout(600)
            _walk(page)
    expect(card.locator("h2")).to_have_count(1)
    expect(card.locator("a").first).to_have_attribute("href", re.compile(r"/register/elements/|/matters/"))


def _walk(page: Page) -> None:
    """Look for a point under the cross: a few steps to the side."""
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowUp"):
        page.keyboard.press("Enter")
        page.wait_for_timeout(250)
        if page.locator("[data-map-card] h2").count():
            return
        page.keyboard.press(key)
        page.wait_for_timeout(450)


def test_an_outline_by_keys_alone_lists_what_lies_in_it(signed_in: Callable[..., Page]) -> None:
    page = opened(signed_in("desk", locale="en-GB", viewport={"width": 1440, "height": 900}))
    page.locator("[data-map-draw]").focus()
    page.keyboard.press("Enter")
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
        page.wait_for_timeout(450)
        page.keyboard.press(" ")
    page.keyboard.press("Enter")
    found = page.locator("[data-map-card] h2")
    expect(found).to_be_visible()
    assert int(re.sub(r"\D", "", found.inner_text())) > 0


def test_layers_are_switches_with_their_legend(signed_in: Callable[..., Page]) -> None:
    page = opened(signed_in("desk", locale="zh-CN", viewport={"width": 1440, "height": 900}, color_scheme="light"))
    before = near(picture_of(page), ACCENT)
    expect(
        page.locator(".map-layer", has=page.locator("input[name=map-elements]")).locator(".map-marks li")
    ).to_have_count(4)
    page.locator("input[name=map-elements]").uncheck()
    page.wait_for_timeout(600)
    assert near(picture_of(page), ACCENT) < before / 4
    page.locator("input[name=map-elements-hexagons]").check()
    page.wait_for_timeout(1200)
    assert len(picture_of(page).getcolors(2_000_000) or []) > 200


def test_the_sheet_has_the_map_its_scale_and_its_date(signed_in: Callable[..., Page]) -> None:
    page = opened(signed_in("desk", locale="zh-CN", viewport={"width": 1440, "height": 900}))
    page.evaluate("window.print = () => document.body.setAttribute('data-printed', '')")
    page.locator("[data-map-print]").click()
    page.wait_for_selector("[data-printed]", state="attached")
    page.emulate_media(media="print")
    for part in (".map-sheet", ".map-paper", "[data-map-bar]", ".map-marks"):
        expect(page.locator(part).first).to_be_visible()
    for part in (".rail", ".top", ".map-beside", ".map-buttons"):
        expect(page.locator(part).first).to_be_hidden()
    drawn = page.locator(".map-paper").evaluate("image => [image.naturalWidth, image.src.length]")
    assert drawn[0] > 1500
    assert drawn[1] > 20_000


def test_a_point_is_moved_by_keys(signed_in: Callable[..., Page]) -> None:
    page = signed_in("desk", locale="en-GB", viewport={"width": 1440, "height": 900})
    page.goto("/register/elements/new/?category=thing.hydrant&lon=117.318&lat=37.11")
    page.wait_for_selector("[data-drawn]")
    page.locator(".map-pin").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert float(page.input_value("#id_lon")) == pytest.approx(117.318011, abs=2e-6)
    assert float(page.input_value("#id_lat")) == pytest.approx(37.11009, abs=2e-6)
