"""The station's part of the window in a browser: the public on a phone, the desk on both, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Served

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}
LOCALES = ("zh-CN", "en-GB")
#: What the code of a place, and the secret of a receipt, look like.
CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$")
PAGES = (
    "", "notices/", "figures/", "open-data/", "services/", "services/id-card/", "appointments/",
    "appointments/?service=id-card", "appointments/cancel/", "survey/",
)  # fmt: skip
DESK = ("urgent", "queue", "counter", "notices", "notices/new", "survey")


def has_room(page: Page) -> None:
    """Nothing is wider than the screen."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


@pytest.mark.timeout(180)
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_the_public_reads_books_and_gives_back_on_a_phone(
    context: Callable[..., BrowserContext], locale: str, scripts: bool
) -> None:
    public = context(locale=locale, viewport=PHONE, java_script_enabled=scripts)
    page = public.new_page()
    for path in PAGES:
        answer = page.goto(f"/window/XH/{path}")
        assert answer is not None
        assert answer.status == 200
        if scripts:
            has_room(page)
    page.goto("/window/XH/notices/")
    page.locator(".notice-list a").first.click()
    expect(page.locator(".notice-words").first).to_be_visible()

    page.goto("/window/XH/appointments/?service=no-crime")
    page.locator("a.day:not(.day-full)").nth(2).click()
    page.wait_for_timeout(3_200)  # nobody reads faster; without scripts the time is all that tells a person
    page.locator(".slot input:enabled").first.check()
    page.locator("form button.button-main").click()
    expect(page.locator(".ticket-number b")).to_have_text(re.compile(r"^\d{3}$"))
    code = page.locator(".ticket-code").inner_text()
    page.goto("/window/XH/appointments/cancel/")
    page.fill("#id_code", code.lower())
    page.locator("form button.button-main").click()
    expect(page.locator(".banner-good")).to_be_visible()
    assert [cookie for cookie in public.cookies() if cookie["path"].startswith("/window")] == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize("locale", LOCALES)
def test_somebody_answers_the_survey_and_looks_at_the_figures(
    context: Callable[..., BrowserContext], locale: str
) -> None:
    page = context(locale=locale, viewport=PHONE).new_page()
    page.goto("/window/XH/survey/")
    page.select_option("#id_area", index=1)
    for question in ("day", "night", "home", "traffic"):
        page.locator(f"input[name={question}]").nth(1).check()
    page.wait_for_timeout(3_200)
    page.locator("form.survey button").click()
    expect(page.locator("fieldset.field-wrong")).to_have_count(1)
    page.locator("input[name=station]").first.check()
    page.locator("form.survey button").click()
    page.locator("a[href='/window/XH/figures/']").click()
    expect(page.locator(".big b").first).to_be_visible()
    expect(page.locator(".counted").first).to_be_visible()
    page.goto("/window/XH/survey/")
    expect(page.locator("form.survey")).to_have_count(0)
    has_room(page)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("locale", LOCALES)
def test_the_desk_keeps_its_side(served: Served, signed_in: Callable[..., Page], locale: str) -> None:
    wrong: list[str] = []
    desk = signed_in("desk", locale=locale, viewport=WIDE)
    desk.on("pageerror", lambda error: wrong.append(str(error)))
    for viewport in (PHONE, WIDE):
        desk.set_viewport_size(viewport)  # type: ignore[arg-type]  # a size
        for path in DESK:
            desk.goto(f"/desk/window/{path}/")
            has_room(desk)

    desk.goto("/desk/window/notices/new/")
    desk.fill("#id_title_zh", f"窗口搬迁 {locale}")
    desk.fill("#id_text_zh", "下周起窗口搬到二楼。\n\n电梯在大厅左侧。")
    desk.locator("#main button[value=look]").click()
    expect(desk.locator(".notice-paper .notice-words")).to_have_count(2)
    desk.locator("#main .form-actions .button-main").click()
    desk.wait_for_url("**/desk/window/notices/")
    desk.get_by_role("link", name=f"窗口搬迁 {locale}").click()
    desk.locator(".notice-withdraw button").click()
    desk.locator("#ask button[value=yes]").click()
    desk.wait_for_url("**/desk/window/notices/")

    desk.goto("/desk/window/counter/")
    desk.fill("#id_words", "楼道灯坏了，晚上看不见路")
    desk.fill("#id_place", "和平里社区3号楼")
    desk.check("#id_urgent")
    desk.locator("#main .form-actions .button-main").click()
    expect(desk.locator(".counter-secret")).to_have_text(CODE)
    filed = desk.locator(".counter-paper dd").first.inner_text()
    desk.evaluate("window.print = () => { document.title = document.documentElement.dataset.paper }")
    desk.locator("[data-print-on=roll]").click()
    expect(desk).to_have_title("roll")

    desk.goto("/desk/window/urgent/")
    row = desk.locator("tr", has_text=filed)
    row.locator("form[action$='/confirm/'] button").click()
    expect(desk.locator(".toast")).to_contain_text(filed)
    expect(desk.locator("section[aria-labelledby=confirmed] tr", has_text=filed)).to_have_count(1)
    assert wrong == []


@pytest.mark.timeout(120)
def test_at_the_counter_what_is_known_is_followed(signed_in: Callable[..., Page]) -> None:
    desk = signed_in("desk", locale="en-GB", viewport=WIDE)

    def fill() -> None:
        desk.goto("/desk/window/counter/")
        desk.fill("#id_words", "路灯不亮")
        desk.fill("#id_place", "和平里")
        desk.locator("input[name=element]").first.check()

    fill()
    desk.select_option("#id_category", "public.light")
    desk.locator(".counter-form .form-actions button").click()
    expect(desk.locator("h1")).to_have_text("Receipt of a report")
    fill()
    expect(desk.locator("[data-follow]").first).to_be_visible()
    has_room(desk)
    desk.locator("input[name=element]").last.press("Enter")  # on to the next field, past "me too"
    expect(desk.locator("#id_category")).to_be_focused()
    desk.locator("[data-follow]").first.click()
    expect(desk.locator("h1")).to_have_text("Receipt for following a report")
    expect(desk.locator(".counter-secret")).to_have_text(CODE)
