"""A matter's whole way through the loop, by the people who take it there, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation
from PIL import Image
from playwright.sync_api import Page, expect

from jishi.matters import labels
from jishi.matters.models import MatterState
from tests.e2e.conftest import Served

LANGUAGES = {"zh-CN": "zh-hans", "en-GB": "en"}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as a phone takes it, with the place where it was taken."""
    path = tmp_path / "result.jpg"
    exif = Image.Exif()
    exif[0x010F] = "Phone"
    Image.new("RGB", (1200, 900), (120, 150, 110)).save(path, "JPEG", exif=exif)
    return path


class Person:
    """Somebody at a browser, who looks at one matter and gives commands by the words on the buttons."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.refused: list[str] = []
        page.on("pageerror", lambda error: self.refused.append(str(error)))
        page.on("console", lambda said: self.refused.append(said.text) if said.type == "error" else None)

    def said(self, words: object) -> str:
        """Words of the catalogue in this person's language."""
        with translation.override(self.language):
            return str(words)

    def look(self, number: str) -> None:
        """Open the page of the matter."""
        self.page.goto(f"/matters/{number}/")

    def press(self, verb: str) -> None:
        """Press the likely command, which has to be this one."""
        button = self.page.locator(".commands-bar [data-likely]")
        href = f"/{verb}/"
        acts = button.get_attribute("href") or button.locator("xpath=..").get_attribute("action") or ""
        assert acts.endswith(href), f"the likely command is {acts}, not {verb}"
        if verb != "push":
            assert button.inner_text().strip() == self.said(labels.VERBS[verb])
        button.click()

    def send(self) -> None:
        """Send the form of the dialog, and wait for the matter's page."""
        self.page.locator("#dialog-body form .form-actions button").click()
        expect(self.page.locator("#dialog")).to_be_hidden()
        self.page.wait_for_selector(".toast")

    def sees(self, state: MatterState) -> None:
        """The page says that the matter is in this state."""
        expect(self.page.locator(".matter-answer")).to_contain_text(self.said(state.label))


@pytest.mark.timeout(120)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_whole_loop(served: Served, signed_in: Callable[..., Page], photo: Path, locale: str) -> None:
    language = LANGUAGES[locale]
    title = {"zh-CN": "试验路口大树枝悬在半空", "en-GB": "Large branch hangs over the trial crossing"}[locale]
    desk, officer, checker = (
        Person(signed_in(name, locale=locale), language) for name in ("desk", "officer", "checker")
    )
    number = report(desk, title, place={"zh-CN": "试验路口东侧", "en-GB": "Trial crossing, east side"}[locale])

    desk.look(number)
    desk.press("assess")
    desk.page.select_option("#dialog select[name=category]", "public.tree")
    desk.page.check("#dialog input[name=grade][value='3']")
    desk.send()
    desk.sees(MatterState.ASSESSED)
    desk.press("push")
    expect(desk.page.locator("#dialog #will")).to_contain_text("社区警务组")
    desk.send()
    desk.sees(MatterState.PUSHED)

    officer.page.goto("/")
    expect(officer.page.locator("main")).to_contain_text(number)
    officer.look(number)
    officer.press("accept")
    officer.sees(MatterState.HANDLING)
    write_a_note(officer, "已到现场，联系了绿化队。")
    submit(officer, "树枝已锯断运走。", photo)

    check(checker, number, "rework", "还有一根小枝没有处理。")
    checker.sees(MatterState.HANDLING)
    officer.look(number)
    expect(officer.page.locator(".timeline")).to_contain_text("还有一根小枝没有处理。")
    submit(officer, "小枝也已处理。", photo)
    check(checker, number, "pass")
    checker.sees(MatterState.CHECKED)

    desk.look(number)
    expect(desk.page.locator(".gallery img").first).to_be_visible()
    desk.press("answer")
    desk.page.fill("#dialog textarea[name=text]", "树枝已处理，感谢您的反映。")
    desk.send()
    desk.sees(MatterState.ANSWERED)
    desk.press("close")
    desk.sees(MatterState.CLOSED)

    assert [*desk.refused, *officer.refused, *checker.refused] == []
    verified = json.loads(served.installation.jishi("verify", "--json").stdout)
    assert verified["ok"] is True


def report(desk: Person, title: str, place: str) -> str:
    """Report a matter by the keyboard, and give its number."""
    page = desk.page
    page.keyboard.press("n")
    page.wait_for_url("**/report/")
    page.keyboard.type(title)
    page.fill("input[name=place]", place)
    page.fill("textarea[name=description]", title)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/receipt/"))
    number = page.inner_text(".receipt-number").strip()
    assert re.fullmatch(r"XH-\d{4}-\d{6}", number)
    return number


def write_a_note(officer: Person, words: str) -> None:
    """Write down what was done."""
    officer.page.click(".commands-bar a[href$='/log/']")
    officer.page.fill("#dialog textarea[name=text]", words)
    officer.send()
    expect(officer.page.locator(".timeline")).to_contain_text(words)


def submit(officer: Person, words: str, photo: Path) -> None:
    """Submit the result with its photo."""
    officer.press("submit")
    officer.page.fill("#dialog textarea[name=text]", words)
    officer.page.set_input_files("#dialog input[type=file]", photo)
    officer.send()
    officer.sees(MatterState.SUBMITTED)


def check(checker: Person, number: str, result: str, reason: str = "") -> None:
    """Check the result: it passes, or goes back with a reason."""
    checker.look(number)
    checker.press("check")
    checker.page.check(f"#dialog input[name=result][value={result}]")
    checker.page.fill("#dialog [name=reason]", reason)
    checker.send()
