"""Every main page as it is shown: it fits the screen, and axe finds nothing serious, in light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.looks import LOOKS, faults, look

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


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("locale", "size"), LOOKS)
def test_every_screen_fits_and_axe_finds_nothing_serious(
    signed_in: Callable[..., Page], context: Callable[..., BrowserContext], locale: str, size: str
) -> None:
    entrance = context(**look(locale, size)).new_page()
    entrance.goto("/accounts/login/")
    found = {"sign-in": faults(entrance, size)}
    page = signed_in("desk", **look(locale, size))
    found |= {name: faults(page, size) for name in screens(page)}
    assert {name: problems for name, problems in found.items() if problems} == {}
