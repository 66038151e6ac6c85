"""Every main page as it is shown: it fits the screen, and axe finds nothing serious, in light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SIZES = {"desk": (1440, 900), "tablet": (820, 1100), "phone": (390, 844)}
PAGES = {
    "the desk": "/",
    "a queue": "/?tab=unit",
    "the list": "/matters/",
    "the roster": "/roster/",
    "the roster's form": "/roster/shifts/",
    "the handover": "/handover/",
    "report": "/report/",
    "paste": "/report/paste/",
    "triage": "/backlog/",
    "import": "/import/",
    "map": "/register/map/",
    "password": "/accounts/password/change/",
    "second step": "/accounts/2fa/",
    "sessions": "/accounts/sessions/",
    "style": "/style/",
}
#: Where a matter in this state leads: its page, and the form of its likely command.
STATES = {"inherited": "triage", "reported": "assess", "assessed": "push", "checked": "answer", "closed": ""}


def screens(page: Page) -> Iterable[str]:
    """Open each page after the other, and say which."""
    for name, address in PAGES.items():
        page.goto(address)
        assert page.locator("main h1").count() == 1, f"{name} has no heading"
        yield name
    for state, verb in STATES.items():
        page.goto(f"/matters/?state={state}")
        address = page.locator("a[data-open]").first.get_attribute("href")
        page.goto(str(address))
        yield f"a {state} matter"
        if verb:
            page.goto(f"{address}{verb}/")
            assert page.locator("form [name=version]").count() == 1
            yield f"the form to {verb}"


def serious(page: Page) -> list[str]:
    """What axe finds on the page that is serious or critical."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{problem['id']}: {node['html'][:140]} ({' '.join(node['failureSummary'].split())[:240]})"
        for problem in found["violations"]
        if problem["impact"] in ("serious", "critical")
        for node in problem["nodes"]
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_every_screen_fits(signed_in: Callable[..., Page], size: str, locale: str) -> None:
    width, height = SIZES[size]
    page = signed_in("desk", locale=locale, viewport={"width": width, "height": height})
    wide = [name for name in screens(page) if page.evaluate("document.documentElement.scrollWidth") > width]
    assert wide == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("size", "scheme", "locale"),
    [("desk", "light", "zh-CN"), ("desk", "dark", "en-GB"), ("phone", "light", "en-GB"), ("phone", "dark", "zh-CN")],
)
def test_axe_finds_nothing_serious(
    signed_in: Callable[..., Page], context: Callable[..., Any], size: str, scheme: str, locale: str
) -> None:
    width, height = SIZES[size]
    look = {
        "viewport": {"width": width, "height": height},
        "color_scheme": scheme,
        "locale": locale,
        "bypass_csp": True,
    }
    entrance = context(**look).new_page()
    entrance.goto("/accounts/login/")
    found = {"sign-in": serious(entrance)}
    page = signed_in("desk", **look)
    found |= {name: serious(page) for name in screens(page)}
    assert {name: problems for name, problems in found.items() if problems} == {}
