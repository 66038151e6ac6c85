"""Forms in a browser: what a field says it holds, what will happen, words that are not sent yet, a step taken back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Dialog, FilePayload, Page, expect


def test_a_file_field_says_in_words_what_is_chosen(signed_in: Callable[..., Page]) -> None:
    page = signed_in("desk", locale="zh-CN")
    page.goto("/report/")
    names = page.locator(".file-names")
    expect(names).to_contain_text("尚未选择")
    files: list[FilePayload] = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": b"-"} for n in range(3)]
    page.set_input_files("input[name=files]", files[:1])
    expect(names).to_have_text("0.png")
    page.set_input_files("input[name=files]", files)
    expect(names).to_have_text("已选 3 个文件")


def test_words_that_are_not_sent_are_asked_about(signed_in: Callable[..., Page]) -> None:
    page = signed_in("desk", locale="zh-CN")
    page.goto("/report/")
    page.fill("input[name=title]", "楼道里堆放杂物")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto("/matters/")
    assert asked == ["beforeunload"]


def test_what_will_happen_follows_the_choice_and_a_push_is_taken_back(signed_in: Callable[..., Page]) -> None:
    page = signed_in("desk", locale="zh-CN", viewport={"width": 1440, "height": 900})
    page.goto("/report/")
    page.fill("input[name=title]", "路口护栏缺了一段")
    page.press("input[name=title]", "Control+Enter")
    page.wait_for_url("**/receipt/")
    number = page.inner_text(".receipt-number")
    page.goto(f"/matters/{number}/assess/")
    page.select_option("select[name=category]", "traffic.hazard")
    page.check("input[name=grade][value='3']")
    page.press("input[name=title]", "Control+Enter")
    page.wait_for_url(f"**/{number}/")

    page.goto(f"/matters/{number}/push/")
    unit = page.locator("select[name=unit]")
    for name in ("消防安全组", "社区警务组"):
        unit.select_option(label=name)
        expect(page.locator("#will")).to_contain_text(name)
    page.click("form .button-main")
    page.wait_for_url(f"**/{number}/")
    expect(page.locator(".track-here .track-owner")).to_have_text("社区警务组")
    page.click("[data-undo] form button")
    expect(page.locator(".track-here .track-owner")).to_have_text("值班室")
