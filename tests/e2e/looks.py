"""How a page looks: at every size, in both themes, and to axe.  A page is opened once and looked at in every way."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SIZES = {"desk": (1440, 900), "tablet": (820, 1100), "phone": (390, 844)}
AXE = Axe().axe_script
#: The languages, and at which size axe looks at the pages of each.
LOOKS = [("zh-CN", "desk"), ("en-GB", "phone")]


def look(locale: str, size: str) -> dict[str, Any]:
    """The options of a context whose pages :func:`faults` looks at."""
    width, height = SIZES[size]
    return {
        "locale": locale,
        "viewport": {"width": width, "height": height},
        "color_scheme": "light",
        "reduced_motion": "reduce",
        "bypass_csp": True,
    }


def faults(page: Page, size: str) -> list[str]:
    """What is wrong with the page: what stands beyond the edge at any size, and what axe finds serious at this one.

    Axe holds every rule against the light theme, and the rule of contrast, the only one that knows colours, against the
    dark one too.
    """
    found = []
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"wider than a {name}")
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    found += serious(page)
    light = _ink(page)
    page.emulate_media(color_scheme="dark")
    assert _ink(page) != light, "the page has no dark theme"
    found += [f"in the dark: {problem}" for problem in serious(page, only=["color-contrast"])]
    page.emulate_media(color_scheme="light")
    return found


def _ink(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).color"))


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign in by the form, and come to the desk."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/")
    page.wait_for_selector("h1")


def serious(page: Page, only: list[str] | None = None) -> list[str]:
    """What axe finds on the page that is serious or critical, by these rules or by all."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = only
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return [
        f"{problem['id']}: {node['html'][:140]} ({' '.join(node['failureSummary'].split())[:240]})"
        for problem in page.evaluate("async options => (await axe.run(options)).violations", options)
        if problem["impact"] in ("serious", "critical")
        for node in problem["nodes"]
    ]
