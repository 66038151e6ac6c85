"""What the public may see: the desk covers a photo by the mouse and by the keyboard, publishes it, and takes it back; a
leader keeps a matter beyond its time."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_agency import PHONE, report
from tests.e2e.test_loop import LANGUAGES, Person
from tests.support.installations import Installation

SIDES = ("left", "top", "width", "height")
#: Red where a face would be, in the left upper quarter; blue elsewhere.
FACE, AROUND = (250, 20, 20), (20, 20, 250)


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """A photo in which something must not be seen."""
    path = tmp_path / "street.png"
    image = Image.new("RGB", (800, 600), AROUND)
    image.paste(FACE, (80, 60, 240, 180))
    image.save(path)
    return path


def with_photo(desk: Person, street: Path, title: str) -> str:
    """A matter with this photo, noted by the desk; its number."""
    number = report(desk, title, place="试验街1号")
    desk.page.goto(f"/matters/{number}/log/")
    desk.page.fill("textarea[name=text]", title)
    desk.page.set_input_files("input[type=file]", street)
    desk.page.locator("form .form-actions .button-main").first.click()
    desk.page.wait_for_url(f"**/matters/{number}/**")
    return number


def drag(page: Page, canvas: Locator, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw from one corner to the other, both as shares of the photo."""
    frame = canvas.bounding_box()
    assert frame is not None
    (x, y), (to_x, to_y) = (
        (frame["x"] + frame["width"] * left, frame["y"] + frame["height"] * top) for left, top in (begin, end)
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=4)
    page.mouse.up()


def places(page: Page) -> list[list[float]]:
    """The rows of numbers, as they stand."""
    rows = page.locator("[data-box]").all()
    return [[float(row.locator(f"[name={side}]").input_value() or 0) for side in SIDES] for row in rows]


def drawn(canvas: Locator) -> str:
    """The picture that the canvas shows."""
    found: str = canvas.evaluate("canvas => canvas.toDataURL()")
    return found


def seen_by_the_public(page: Page, address: str) -> Image.Image:
    """The copy as anybody gets it."""
    answer = page.request.get(address)
    assert answer.status == 200
    return Image.open(BytesIO(answer.body())).convert("RGB")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_photo_is_covered_published_and_taken_back(
    served: Served, signed_in: Callable[..., Page], context: Callable[..., BrowserContext], street: Path, locale: str
) -> None:
    desk = Person(signed_in("desk", locale=locale), LANGUAGES[locale])
    page = desk.page
    number = with_photo(desk, street, f"试验街路面破损 {locale}")
    page.goto(f"/matters/{number}/publish/")
    page.fill("textarea[name=text]", "请致电13800138000")
    page.locator("form[action$='/publish/'] .button-main").click()
    expect(page.locator(".field-errors")).to_be_visible()
    page.fill("textarea[name=text]", "路面破损，已围挡。")
    page.locator("form[action$='/publish/'] .button-main").click()
    page.wait_for_selector(".toast")

    page.locator(".publish-what a").click()
    canvas = page.locator("[data-canvas]")
    expect(canvas).to_be_visible()
    before = drawn(canvas)
    drag(page, canvas, (0.05, 0.05), (0.35, 0.35))
    assert places(page)[0] == pytest.approx([5, 5, 30, 30], abs=1)
    assert drawn(canvas) != before
    cover_by_keyboard(page, canvas)
    page.locator("form[data-cover] .form-actions .button-main").click()
    expect(page.locator(".field-errors").first).to_be_visible()  # nobody has said that nothing is left
    assert len(places(page)) == 2
    page.check("input[name=when][value=before]")
    page.check("input[name=confirmed]")
    page.locator("form[data-cover] .form-actions .button-main").click()
    page.wait_for_url("**/publish/")

    address = page.locator(".publish-photos a[href^='/published/']").get_attribute("href") or ""
    stranger = context(locale=locale).new_page()
    copy = seen_by_the_public(stranger, address)
    found = copy.getpixel((int(copy.width * 0.9), int(copy.height * 0.2)))
    assert isinstance(found, tuple)
    assert max(abs(a - b) for a, b in zip(found, AROUND, strict=True)) < 40
    corner = copy.crop((0, 0, copy.width // 2, copy.height // 2))
    colours: Any = corner.getcolors(corner.width * corner.height)
    assert not any(red > 200 and blue < 60 for _many, (red, _green, blue) in colours)

    page.locator("form[action*='/publish/photo/'] button").click()
    page.wait_for_selector(".toast")
    assert stranger.request.get(address).status == 404
    assert desk.refused == []
    assert json.loads(served.installation.jishi("verify", "--json").stdout)["ok"] is True


def cover_by_keyboard(page: Page, canvas: Locator) -> None:
    """One more place, moved and made larger by the keys, taken away, and written as numbers."""
    page.locator("[data-more]").press("Enter")
    assert places(page)[1] == [40, 40, 20, 20]
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown"):
        canvas.press(key)
    assert places(page)[1] == [42, 39, 21, 21]
    canvas.press("Delete")
    assert len(places(page)) == 1
    page.locator("[data-more]").press("Enter")
    row = page.locator("[data-box]").nth(1)
    for side, value in zip(SIDES, ("70", "70", "10", "10"), strict=True):
        row.locator(f"[name={side}]").fill(value)
    assert places(page)[1] == [70, 70, 10, 10]


@pytest.mark.timeout(120)
def test_it_works_on_a_phone_without_javascript(
    served: Served, signed_in: Callable[..., Page], context: Callable[..., BrowserContext], street: Path
) -> None:
    desk = Person(signed_in("desk", locale="zh-CN"), "zh-hans")
    number = with_photo(desk, street, "试验街井盖缺失")
    plain = context(locale="zh-CN", java_script_enabled=False, storage_state=desk.page.context.storage_state(), **PHONE)
    phone = plain.new_page()
    phone.goto(f"/matters/{number}/publish/")
    phone.locator(".publish-what a").click()
    expect(phone.locator("[data-photo]")).to_be_visible()
    for side, value in zip(SIDES, ("5", "5", "30", "30"), strict=True):
        phone.locator(f"[name={side}]").first.fill(value)
    phone.locator("[data-more]").click()
    assert phone.locator("[data-box]").count() == 2
    phone.check("input[name=when][value=after]")
    phone.check("input[name=confirmed]")
    phone.locator("form[data-cover] .form-actions .button-main").click()
    expect(phone.locator(".publish-photos a[href^='/published/']")).to_be_visible()


@pytest.mark.timeout(120)
def test_a_leader_keeps_a_matter_and_lets_it_go(served: Served, signed_in: Callable[..., Page]) -> None:
    chief = Person(signed_in("chief", locale="zh-CN"), "zh-hans")
    page = chief.page
    number = closed_long_ago(served.installation)
    page.goto(f"/matters/{number}/")
    page.locator("#keeping ~ p a[href$='/hold/']").click()
    page.fill("#dialog textarea[name=reason]", "法院调取")
    page.locator("#dialog .form-actions .button-main").click()
    page.wait_for_selector(".toast")
    page.goto("/matters/holds/")
    row = page.locator("tr", has_text=number)
    expect(row).to_contain_text("法院调取")
    counted = json.loads(served.installation.jishi("purge", "--dry-run", "--json").stdout)["kinds"]["matter"]
    row.locator("form button").click()
    page.wait_for_selector(".toast")
    after = json.loads(served.installation.jishi("purge", "--dry-run", "--json").stdout)["kinds"]["matter"]
    assert after.get("XH", 0) == counted.get("XH", 0) + 1
    assert chief.refused == []


def closed_long_ago(installation: Installation) -> str:
    """The number of a matter whose time is over."""
    program = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from jishi.matters.actions import report_matter, apply
from jishi.matters import commands
from jishi.matters.models import Matter
from jishi.stations.models import Staff, Station
desk, old = Staff.objects.get(username="desk"), timezone.now() - timedelta(days=300)
pk = report_matter(Station.objects.get(code="XH"), by=desk, title="试验保全", now=old).matter_id
apply(pk, commands.Assess(category="public.light", grade=4), by=desk, now=old)
apply(pk, commands.Decline(outcome="no_action", reason="重复"), by=desk, now=old)
apply(pk, commands.Answer(text="已告知"), by=desk, now=old)
apply(pk, commands.Close(), by=desk, now=old)
print(Matter.objects.get(pk=pk).number)
"""
    return installation.python(program).stdout.split()[-1]
