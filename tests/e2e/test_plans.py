"""A plan from one press to its review: the desk on a wide screen, the officer on a phone, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from tests.e2e.conftest import Served

LANGUAGES = {"zh-CN": "zh-hans", "en-GB": "en"}
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}
#: What the desk starts with one press, and how its tasks are called.
CALM = {"zh-CN": "到场安抚被困人员", "en-GB": "Go there and calm those inside"}
NAME = {"zh-CN": "电梯困人处置预案", "en-GB": "People stuck in a lift"}


def has_room(page: Page) -> None:
    """Nothing is wider than the screen."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def press(page: Page, code: str, verb: str) -> None:
    """Take or finish a task by one press."""
    page.locator(f"#task-{code} form[action$='/{verb}/'] button").first.click()
    page.wait_for_selector(".toast")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_plan_from_start_to_review(served: Served, signed_in: Callable[..., Page], locale: str) -> None:
    wrong: list[str] = []
    desk, chief = (signed_in(name, locale=locale, viewport=WIDE) for name in ("desk", "chief"))
    officer = signed_in("officer", locale=locale, viewport=PHONE)
    for page in (desk, chief, officer):
        page.on("pageerror", lambda error: wrong.append(str(error)))

    number = start_by_one_press(desk, locale)
    board = f"/matters/{number}/plan/"
    expect(desk.locator(".board-ready .plan-task")).to_have_count(2)
    columns = desk.locator(".board-column").all()
    tops = {round((column.bounding_box() or {"y": 0})["y"]) for column in columns}
    assert (len(columns), len(tops)) == (4, 1)
    has_room(desk)

    officer.goto("/")
    officer.locator(".duties").get_by_role("link", name=CALM[locale]).first.click()
    officer.wait_for_url(f"**{board}")
    has_room(officer)
    press(officer, "calm", "take_task")
    expect(officer.locator("[data-undo]")).to_be_visible()
    officer.locator("[data-undo] button").first.click()
    expect(officer.locator(".board-ready #task-calm")).to_be_visible()
    press(officer, "calm", "take_task")
    finish = officer.locator("#task-calm form[action$='/finish_task/'] button").first
    assert (finish.bounding_box() or {"height": 0})["height"] >= 44
    press(officer, "calm", "finish_task")
    expect(officer.locator(".board-over #task-calm")).to_be_visible()

    refuse_to_close(desk, number, locale)

    desk.goto(board)
    press(desk, "rescue", "finish_task")
    officer.goto(board)
    for code in ("freed", "stopped"):
        press(officer, code, "finish_task")

    chief.goto(f"{board}")
    chief.locator("#task-inspect summary").click()
    chief.locator("#task-inspect a[href*='/skip_task/']").click()
    chief.fill("#dialog textarea[name=reason]", "维保单位已检验合格")
    chief.locator("#dialog-body .form-actions button").click()
    expect(chief.locator(".board-over #task-inspect")).to_be_visible()
    chief.locator(".commands-bar [data-likely]").click()
    chief.locator("#dialog-body .form-actions button").click()
    expect(chief.locator(".board-ended")).to_be_visible()

    desk.goto(f"/matters/{number}/")
    desk.locator(f".commands-bar form[action='/matters/{number}/close/'] button").click()
    expect(desk.locator(".toast").first).to_be_visible()

    review(chief, officer, number)
    assert wrong == []
    assert json.loads(served.installation.jishi("verify", "--json").stdout)["ok"] is True


def start_by_one_press(desk: Page, locale: str) -> str:
    """Report a lift in which somebody is stuck, assess it as red, and press the button that names the plan."""
    desk.goto("/report/")
    desk.fill("input[name=title]", f"试验楼电梯困人 {locale}")
    desk.fill("input[name=place]", "试验楼")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url(re.compile("/receipt/"))
    number = desk.inner_text(".receipt-number").strip()
    desk.goto(f"/matters/{number}/assess/")
    desk.select_option("select[name=category]", "public.lift")
    desk.check("input[name=grade][value='1']")
    desk.locator("main .form-actions button").click()
    desk.wait_for_url(f"**/matters/{number}/")
    start = desk.locator(f".plan-panel form[action='/matters/{number}/start_plan/'] button")
    expect(start).to_contain_text(NAME[locale])
    start.click()
    desk.wait_for_url(f"**/matters/{number}/plan/")
    expect(desk.locator("h1")).to_have_text(NAME[locale])
    return number


def refuse_to_close(desk: Page, number: str, locale: str) -> None:
    """The matter is answered, and its plan still has open tasks: it says how many, and does not close."""
    desk.goto(f"/matters/{number}/decline/")
    desk.check("input[name=outcome][value=no_action]")
    desk.fill("textarea[name=reason]", "被困人员已自行离开")
    desk.locator("main .form-actions button").click()
    desk.wait_for_url(f"**/matters/{number}/")
    desk.goto(f"/matters/{number}/answer/")
    desk.fill("textarea[name=text]", "电梯正在检修，感谢反映。")
    desk.locator("main .form-actions button").click()
    desk.wait_for_url(f"**/matters/{number}/")
    assert not desk.locator(f"form[action='/matters/{number}/close/']").count()
    with translation.override(LANGUAGES[locale]):
        words = sentence(Refused("open_tasks", count=4))
    desk.goto(f"/matters/{number}/close/")
    expect(desk.locator("main")).to_contain_text(words)


def review(chief: Page, officer: Page, number: str) -> None:
    """What is to change becomes a task, which stands on the officer's desk though the matter is closed."""
    body = f"电梯井口张贴救援电话 {number[-3:]}"
    chief.goto(f"/matters/{number}/plan/review/")
    expect(chief.locator("main")).to_contain_text("维保单位已检验合格")
    chief.fill("textarea[name=body]", body)
    chief.select_option("select[name=unit]", label="社区警务组")
    chief.locator("main .form-actions button").click()
    expect(chief.locator(".plan-tasks")).to_contain_text(body)
    has_room(chief)
    officer.goto("/")
    officer.locator(".duties").get_by_role("link", name=body).click()
    has_room(officer)
    officer.locator("li", has_text=body).locator("form[action*='/plan/review/'] button").click()
    expect(officer.locator(".plan-task-done")).to_contain_text(body)
    chief.goto(f"/matters/{number}/plan/review/print/")
    expect(chief.locator(".paper")).to_contain_text(body)
