"""A report is followed on a phone and at a desk, with and without JavaScript: opened, added to, answered, found not mended."""  # noqa: E501

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_agency import said
from tests.e2e.test_loop import LANGUAGES
from tests.e2e.test_loop import photo as photo

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
WORDS, ANSWER = "试验楼三单元灯不亮", "灯泡已更换，请您看看。"

_REPORT = """
import json, sys, django
django.setup()
from django.utils import timezone
from jishi.matters.actions import Place
from jishi.stations.models import Station
from jishi.window.actions.reporting import report_at_window
from jishi.window.contact import Contact
done = report_at_window(
    Station.objects.get(code="XH"), words=sys.argv[1], category="public.light", place=Place("试验楼"),
    language="zh-hans", key=sys.argv[2] * 4, now=timezone.now(),
    contact=Contact("陈女士", "13800138000", "chen@example.org"), consent="contact.1",
)
print(json.dumps([done.number, done.secret]))
"""
_LEAD = """
import sys, django
django.setup()
from jishi.matters import commands as c
from jishi.matters.actions import apply
from jishi.matters.models import Matter
from jishi.stations.models import Staff, Unit
from tests.support.photos import a_photo
who = {name: Staff.objects.get(username=name) for name in ("desk", "chief", "checker")}
matter = Matter.objects.get(number=sys.argv[1])
unit = Unit.objects.filter(station=matter.station, kind="patrol").first()
for given, by, files in (
    (c.Assess(category="public.light", grade=3), "desk", []), (c.Push(unit=unit.pk), "desk", []),
    (c.Accept(), "chief", []), (c.Submit(outcome="fixed", text="已更换"), "chief", [a_photo()]),
    (c.Check(result="pass"), "checker", []), (c.Answer(text=sys.argv[2]), "desk", []),
):
    apply(matter, given, by=who[by], uploads=files)
"""


def reported(served: Served, key: str) -> tuple[str, str]:
    """A report at the window: its number and its secret."""
    number, secret = json.loads(served.installation.python(_REPORT, WORDS, key).stdout.splitlines()[-1])
    return number, secret


def sound(page: Page, width: int) -> None:
    """No serious finding, and nothing beside the screen."""
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def send(page: Page, verb: str) -> None:
    """Send the form of this verb, and wait for the thanks."""
    page.locator(f"form[action$='/{verb}/'] .form-actions button").click()
    expect(page.locator(".banner-good")).to_be_visible()


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("locale", "scripts", "screen"),
    [("zh-CN", False, PHONE), ("en-GB", True, PHONE), ("zh-CN", True, DESKTOP), ("en-GB", False, DESKTOP)],
)
def test_a_report_is_followed_to_its_answer_and_back(
    served: Served, context: Callable[..., BrowserContext], photo: Path, locale: str, scripts: bool, screen: dict
) -> None:
    language, width = LANGUAGES[locale], screen["viewport"]["width"]
    number, secret = reported(served, f"{locale}{scripts}{width}")
    browser = context(locale=locale, java_script_enabled=scripts, **screen)
    page = browser.new_page()
    refused: list[str] = []
    page.on("pageerror", lambda error: refused.append(str(error)))

    page.goto(f"/window/track/#{number}.{secret}")
    if scripts:
        expect(page.locator("input[name=secret]")).to_have_value(secret)
        assert "#" not in page.url
        sound(page, width)
    else:
        page.fill("input[name=number]", number.lower())
        page.fill("input[name=secret]", "0000-0000-0000")
        page.locator("form[data-receipt] button").click()
        expect(page.locator(".banner-wrong")).to_be_visible()
        assert browser.cookies() == []
        page.fill("input[name=secret]", secret.replace("-", "").lower())
    page.locator("form[data-receipt] button").click()
    expect(page.locator("main")).to_contain_text(WORDS)
    assert [(each["name"], each["httpOnly"], each["sameSite"]) for each in browser.cookies()] == [
        ("jishi_receipt", True, "Strict")
    ]
    assert secret not in page.content()
    expect(page.locator(".stage-here")).to_have_count(1)

    page.locator("#add summary").click()
    form = page.locator("form[action$='/add/']")
    form.locator("textarea").fill("晚上看不见台阶")
    form.locator("input[type=file]").set_input_files(photo)
    if scripts:
        sound(page, width)
    send(page, "add")
    expect(page.locator(".story")).to_contain_text("晚上看不见台阶")

    served.installation.python(_LEAD, number, ANSWER)
    page.reload()
    expect(page.locator(".answered")).to_contain_text(ANSWER)
    expect(page.locator("main")).not_to_contain_text("王值班")
    assert page.evaluate("document.documentElement.scrollWidth") <= width if scripts else True
    form = page.locator("form[action$='/rate/']")
    form.locator("input[name=mended][value=no]").check()
    form.locator("input[name=result][value='2']").check()
    form.locator("input[name=manner][value='5']").check()
    form.locator(".form-actions button").click()
    expect(page.locator(".field-errors")).to_be_visible()
    if scripts:
        sound(page, width)
    page.locator("form[action$='/rate/'] textarea").fill("还是不亮")
    send(page, "rate")
    expect(page.locator(".story")).to_contain_text(
        said(language, "You said that it is not mended: it was taken up again.")
    )

    page.goto("/window/track/mine/")
    expect(page.locator("input[name=phone]")).to_have_value("13800138000")
    page.fill("input[name=phone]", "")
    if scripts:
        sound(page, width)
    send_own = page.locator("form[action$='/mine/'] .form-actions button")
    send_own.click()
    expect(page.locator(".banner-good")).to_be_visible()
    page.goto("/window/track/mine/delete/")
    page.locator("form[action$='/delete/'] button").click()
    expect(page.locator(".banner-good")).to_be_visible()
    page.locator("form[action$='/leave/'] button").click()
    expect(page.locator("main")).not_to_contain_text(number)
    assert refused == []
    assert json.loads(served.installation.jishi("verify", "--json").stdout)["ok"] is True


def test_each_page_is_small(served: Served, context: Callable[..., BrowserContext]) -> None:
    """At most 100 kB packed, in few requests."""
    number, secret = reported(served, "small")
    page = context(locale="zh-CN", **PHONE).new_page()
    sizes: list[int] = []
    page.goto(f"/window/track/#{number}.{secret}")
    page.locator("form[data-receipt] button").click()
    expect(page.locator("#stands")).to_be_visible()
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.reload(wait_until="networkidle")
    assert sum(sizes) <= 100_000
    assert len(sizes) <= 8


def test_the_code_of_a_second_receipt_opens_that_one(served: Served, context: Callable[..., BrowserContext]) -> None:
    first, second = reported(served, "first-"), reported(served, "second-")
    page = context(locale="en-GB", **PHONE).new_page()
    page.goto(f"/window/track/#{first[0]}.{first[1]}")
    page.locator("form[data-receipt] button").click()
    expect(page.locator("[data-opened]")).to_have_attribute("data-opened", first[0])
    page.goto("/window/XH/")
    page.goto(f"/window/track/#{second[0]}.{second[1]}")
    expect(page.locator("input[name=secret]")).to_have_value(second[1])
    assert "#" not in page.url
    page.locator("form[data-receipt] button").click()
    expect(page.locator("[data-opened]")).to_have_attribute("data-opened", second[0])
