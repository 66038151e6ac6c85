"""Each page of the public: what it weighs, what it asks for, what axe finds, and when it shows on slow 3G.

    .venv/bin/python bench/bench_window_pages.py                 # some minutes
    .venv/bin/python bench/bench_window_pages.py --no-slow       # without slow 3G

A phone of 390 px goes through the pages in both languages and in type of both sizes: what is sent to a browser that has
nothing of ours yet (packed as a server in front of Jishi would), in how many requests, before the map is asked for.
Axe looks at each with every rule, and for contrast in the dark too, and nothing may stand beside the screen.  Slow 3G
(400 kbit/s, 2 s to the first byte, as the browser's tools emulate it) is for information: the time to the first words
on the page, from a server that nothing stands in front of.
Exit status 1 when a page weighs more than 100 kB, has a serious finding or is wider than the phone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from bench_first_view import CHROMIUM
from databases import HOUSE, Server, durable, told
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.e2e.looks import serious

LIMIT, WIDTH = 100.0, 390
#: Languages, and whether the type is large; the first is the one that slow 3G is measured in.
PASSES = tuple(product(("zh-CN", "en-GB"), (False, True)))
SLOW = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
#: Milliseconds that nobody is quicker than in reading a form.
READING = 3_200
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
#: How a page is come to: by its address, or from the page before.
Way = str | Callable[[Page], object]


@dataclass
class Seen:
    """What was found of one page, over all passes."""

    kilobytes: float = 0
    requests: int = 0
    wrong: list[str] = field(default_factory=list)
    painted: float = 0


def prepare() -> None:
    """The demo, a second station, and receipts in every state; says how to come to them."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from jishi.demo.actions import make_demo
    from jishi.matters.actions import Place
    from jishi.matters.tests import factory
    from jishi.register.models import Element
    from jishi.stations.models import Staff, Station
    from jishi.window.actions.labels import labels_for
    from jishi.window.actions.receipts import issue_receipt
    from jishi.window.actions.reporting import report_at_window
    from jishi.window.contact import Contact
    from jishi.window.letter import stop_token
    from jishi.window.models import Notice

    make_demo(seed=7, size="small")
    now, station = timezone.now(), Station.objects.get(code="XH")
    house = factory.a_station("CX", "城西派出所")
    element = Element.objects.filter(station=station, status="active").order_by("pk")[0]
    found: dict[str, Any] = {
        "label": labels_for([element], by=Staff.objects.get(username="desk"), now=now)[element.pk],
        "notice": Notice.objects.filter(station=station, withdrawn_at=None).order_by("-pk")[0].pk,
    }
    for language, large in PASSES:
        mark = f"{language}{large}"
        fresh = report_at_window(
            station, words="试验楼三单元灯不亮", category="public.light", place=Place("试验楼"), language="zh-hans",
            key=f"bench-{mark}" * 3, now=now, contact=Contact("陈女士", "13800138000", "chen@example.org"),
            consent="contact.1",
        )  # fmt: skip
        found[f"fresh {mark}"] = [fresh.number, fresh.secret, stop_token(fresh.receipt)]
        for kind, state in (("reporter", "answered"), ("follower", "handling")):
            with transaction.atomic():
                given = issue_receipt(factory.a_matter(house, state).pk, kind=kind, now=now)
            found[f"{state} {mark}"] = [given.number, given.secret]
    print(json.dumps(found))


def pressed(selector: str, *, wait: int = 0, **values: str) -> Way:
    """The way on from the page before: fields by their names, and a button."""

    def go(page: Page) -> None:
        for name, value in values.items():
            page.locator(f"main [name={name}]").fill(value)
        page.wait_for_timeout(wait)
        with page.expect_navigation():
            page.locator(selector).first.click()

    return go


def sent_plainly(page: Page) -> None:
    """The first step of the report as a browser without scripts sends it."""
    page.goto("/window/XH/report/")
    page.fill("[name=words]", "东门外路灯三天不亮")
    page.fill("[name=place]", "和平里社区7号楼")
    with page.expect_navigation():
        page.evaluate(
            """() => { const form = document.querySelector("form[data-report]"), step = document.createElement("input");
            Object.assign(step, {type: "hidden", name: "step", value: "look"}); form.append(step);
            HTMLFormElement.prototype.submit.call(form) }"""
        )


def sent_without_words(page: Page) -> None:
    """The form with nothing in it, as a browser without scripts sends it."""
    page.goto("/window/XH/report/")
    with page.expect_navigation():
        page.evaluate('HTMLFormElement.prototype.submit.call(document.querySelector("form[data-report]"))')


def refused(page: Page) -> None:
    """Something that is not done."""
    page.goto("/window/XH/")
    with page.expect_navigation():
        page.evaluate(
            """() => { const form = document.createElement("form"); form.method = "post";
            form.action = "/window/XH/follow/"; document.body.append(form); form.submit() }"""
        )


def looked(page: Page) -> None:
    """The form with all that its look brings."""
    page.goto("/window/XH/report/")
    page.fill("[name=words]", "东门外路灯三天不亮")
    page.fill("[name=place]", "和平里")
    page.wait_for_selector(".pick")


def reported(page: Page) -> None:
    """The receipt of a report."""
    looked(page)
    page.locator("[data-send]").click()
    page.wait_for_selector(".receipt-code")


def answered(page: Page) -> None:
    """The survey, filled in."""
    page.select_option("#id_area", index=1)
    for question in ("day", "night", "home", "traffic", "station"):
        page.locator(f"input[name={question}]").nth(1).check()
    page.wait_for_timeout(READING)
    with page.expect_navigation():
        page.locator("form.survey button").click()


def booked(page: Page) -> None:
    """A half hour at the counter."""
    page.wait_for_timeout(READING)
    page.locator(".slot input:enabled").first.check()
    page.locator("main form button.button-main").click()
    page.wait_for_selector(".ticket-code")


def opened(number: str, secret: str) -> Way:
    """The page of a receipt, in place of the one that was open before."""

    def go(page: Page) -> None:
        page.context.clear_cookies(name="jishi_receipt")
        page.goto("/window/track/")
        page.fill("input[name=number]", number)
        page.fill("input[name=secret]", secret)
        page.locator("form[data-receipt] button").click()
        page.wait_for_selector("#stands")

    return go


def pages(made: dict[str, Any], mark: str) -> Iterator[tuple[str, Way]]:
    """Every page of the public in the order in which it is come to."""
    here, (fresh, secret, stop) = "/window/XH/", made[f"fresh {mark}"]
    yield "stations", "/window/"
    yield "home", here
    yield "report", f"{here}report/"
    yield "report, looked at", looked
    yield "report, by its code", f"/q/{made['label']}/"
    yield "report, an unknown code", f"{here}report/?at=NOSUCH"
    yield "an unknown code", "/q/NOSUCH/"
    yield "report, second step without scripts", sent_plainly
    yield "report, to be mended", sent_without_words
    yield "receipt", reported
    yield "notices", f"{here}notices/"
    yield "one notice", f"{here}notices/{made['notice']}/"
    yield "figures", f"{here}figures/"
    yield "open data", f"{here}open-data/"
    yield "services", f"{here}services/"
    yield "one service", f"{here}services/id-card/"
    yield "appointments", f"{here}appointments/"
    yield "appointments, the days", f"{here}appointments/?service=no-crime"
    yield "appointments, one day", pressed("a.day:not(.day-full) >> nth=2")
    yield "booked", booked
    yield "giving a place back", f"{here}appointments/cancel/"
    yield "giving a place back, wrong code", pressed("main form button.button-main", code="0000-0000-0000")
    yield "survey", f"{here}survey/"
    yield "survey, thanks", answered
    yield "survey, answered today", f"{here}survey/"
    yield "privacy", "/window/privacy/"
    yield "opening a receipt", "/window/track/"
    yield "opening a receipt, wrong secret", pressed(
        "form[data-receipt] button", number=fresh, secret="0000-0000-0000"
    )  # fmt: skip
    yield "a report", opened(fresh, secret)
    yield "taking it back", "/window/track/withdraw/"
    yield "what is kept of me", "/window/track/mine/"
    yield "deleting it", "/window/track/mine/delete/"
    yield "no more letters", f"/window/track/stop/{stop}/"
    yield "an answered report", opened(*made[f"answered {mark}"])
    yield "a report that is followed", opened(*made[f"handling {mark}"])
    yield "followed no longer", pressed("form[action$='/unfollow/'] button")
    yield "an absent page", "/window/NOSUCH/"
    yield "refused", refused


def go_through(browser: Browser, address: str, made: dict[str, Any], seen: dict[str, Seen], slow: bool) -> None:
    """All pages in every pass."""
    for locale, large in PASSES:
        context = browser.new_context(
            base_url=address, viewport={"width": WIDTH, "height": 844}, locale=locale, has_touch=True, is_mobile=True,
            bypass_csp=True, reduced_motion="reduce", color_scheme="light",
        )  # fmt: skip
        page = context.new_page()
        line = context.new_cdp_session(page)
        asked = Asked(page)
        if large:
            page.goto("/window/")
            with page.expect_navigation():
                page.click(".head-switches [name=large]")
        for name, go in pages(made, f"{locale}{large}"):
            line.send("Network.clearBrowserCache")
            page.goto(go) if isinstance(go, str) else go(page)
            page.wait_for_load_state("networkidle")
            it = seen.setdefault(name, Seen())
            it.kilobytes = max(it.kilobytes, sum(map(weight, asked.since)) / 1000)
            it.requests = max(it.requests, len(asked.since))
            it.wrong += [f"{locale}{', large' if large else ''}: {each}" for each in faults(page, large)]
            if slow and isinstance(go, str) and (locale, large) == PASSES[0]:
                it.painted = painted(page, line, go)
        context.close()


class Asked:
    """What a page asks for, from the last address on that the browser went to; what it has kept already counts too."""

    def __init__(self, page: Page) -> None:
        self.since: list[Request] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.is_navigation_request():
            self.since.clear()
        self.since.append(request)


def weight(request: Request) -> int:
    """How many bytes an answer has packed."""
    answer = request.response()
    return len(gzip.compress(answer.body())) if answer else 0


def faults(page: Page, large: bool) -> list[str]:
    """What is wrong with the page as it stands."""
    found = serious(page)
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {problem}" for problem in serious(page, only=["color-contrast"])]
    page.emulate_media(color_scheme="light")
    wide = page.evaluate("document.documentElement.scrollWidth")
    found += [f"{wide} px wide"] if wide > WIDTH else []
    found += ["the type is not large"] if large and not page.locator("html.large").count() else []
    return found


def painted(page: Page, line: Any, address: str) -> float:
    """Seconds to the first words on slow 3G."""
    line.send("Network.clearBrowserCache")
    line.send("Network.emulateNetworkConditions", SLOW)
    page.goto(address, timeout=120_000)
    page.wait_for_function(f"({PAINTED}) > 0", timeout=120_000)
    seconds = float(page.evaluate(PAINTED)) / 1000
    line.send(
        "Network.emulateNetworkConditions", {**SLOW, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    )
    return seconds


def main() -> int:
    """Fill, serve, look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-slow", action="store_true", help="leave slow 3G out")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        prepare()
        return 0
    seen: dict[str, Seen] = {}
    with durable("sqlite") as environment:
        command = [sys.executable, __file__, "--inside"]
        made = json.loads(
            subprocess.run(command, env=environment, cwd=HOUSE, check=True, stdout=subprocess.PIPE).stdout
        )
        os.environ.update(environment)
        server = Server()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
                go_through(browser, f"http://127.0.0.1:{server.port}", made, seen, not given.no_slow)
                browser.close()
        finally:
            server.end()
    held = []
    for name, it in seen.items():
        shown = f", {it.painted:.1f} s on slow 3G" if it.painted else ""
        held.append(told(f"{name}: {it.requests} requests{shown}", it.kilobytes, "kB", LIMIT))
        print("".join(f"    {each}\n" for each in it.wrong), end="")
    held.append(
        told(f"serious findings of axe, on {len(seen)} pages", sum(len(it.wrong) for it in seen.values()), "", 0)
    )
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
