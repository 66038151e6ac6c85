"""Notices in a real browser: the bell moves by itself, red is announced, and opening a matter reads its notice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served

TELL = """
import sys, django; django.setup()
from django.db import transaction
from django.utils import timezone
from jishi.matters.models import Matter
from jishi.notify.actions import To, tell
from jishi.stations.models import Staff
staff = Staff.objects.get(username=sys.argv[1])
station = staff.posts.get().station
matter = Matter.objects.filter(station=station, closed_at=None).order_by("pk")[int(sys.argv[2])]
with transaction.atomic():
    tell("matter.offered", station=station.pk, subject=("matter", matter.pk), to=[To(staff.pk, "pushed_unit")],
         now=timezone.now(), grade=int(sys.argv[3]), inside_only=True)
print(matter.number)
"""
LOOKS = [
    ("zh-CN", 1440, 900, "为什么收到"),
    ("zh-CN", 390, 844, "为什么收到"),
    ("en-GB", 1440, 900, "Why did I get this?"),
    ("en-GB", 390, 844, "Why did I get this?"),
]


@pytest.mark.parametrize(("locale", "width", "height", "why"), LOOKS)
def test_the_bell_moves_by_itself_and_leads_to_the_inbox(
    served: Served, signed_in: Callable[..., Page], locale: str, width: int, height: int, why: str
) -> None:
    page = signed_in("officer", locale=locale, viewport={"width": width, "height": height})
    bell = page.locator("[data-bell]")
    before = int(bell.get_attribute("data-unread") or 0)
    which = str(LOOKS.index((locale, width, height, why)))
    number = served.installation.python(TELL, "officer", which, "1").stdout.strip()
    expect(page.locator("[data-bell-count]")).to_have_text(str(before + 1))
    toast = page.locator(".toast-notice")
    expect(toast).to_have_attribute("role", "alert")
    expect(toast).to_contain_text(number)
    bell.click()
    first = page.locator(".inbox-item").first
    expect(first).to_contain_text(number)
    first.get_by_text(why).click()
    expect(first.locator(".inbox-why > p")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_request(lambda asked: asked.url.endswith("/read/")):
        first.locator("a[data-open]").click()
    page.wait_for_url(f"**/matters/{number}/")
    expect(page.locator("[data-bell]")).to_have_attribute("data-unread", str(before))


def test_what_is_read_in_one_page_goes_from_the_bell_of_another(served: Served, signed_in: Callable[..., Page]) -> None:
    one, other = signed_in("auxiliary", locale="zh-CN"), signed_in("auxiliary", locale="zh-CN")
    served.installation.python(TELL, "auxiliary", "5", "3")
    for page in (one, other):
        expect(page.locator("[data-bell-count]")).to_be_visible()
    one.goto("/notices/")
    one.get_by_role("button", name="全部标为已读").click()
    expect(one.locator("[data-bell-count]")).to_be_hidden()
    expect(other.locator("[data-bell-count]")).to_be_hidden()


def test_without_the_stream_the_page_asks(served: Served, signed_in: Callable[..., Page]) -> None:
    page = signed_in("desk", locale="zh-CN")
    page.route("**/stream?*", lambda route: route.fulfill(status=502))
    page.clock.install()
    with page.expect_response("**/stream?*"):
        page.reload()
    page.wait_for_timeout(500)  # the page is told that there is no stream, and waits before it asks
    with page.expect_response(lambda answer: "/notices/unread/" in answer.url):
        page.clock.run_for(60_000)
    expect(page.locator("[data-bell]")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_how_i_am_told_fits_and_is_kept(signed_in: Callable[..., Page], width: int, height: int) -> None:
    page = signed_in("deputy", locale="zh-CN", viewport={"width": width, "height": height})
    page.goto("/notices/settings/")
    page.get_by_label("免打扰开始").fill("22:00")
    page.get_by_label("免打扰结束").fill("07:00")
    page.get_by_role("button", name="就这样通知我").click()
    expect(page.get_by_label("免打扰开始")).to_have_value("22:00")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
