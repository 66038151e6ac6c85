"""A page of the window on a slow phone: with all that it links, as it is sent to a browser, it weighs at most 100 kB.

The map comes only when somebody asks for it, so that nothing of it is linked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import chain
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from jishi.matters.publishing.actions import publish_words
from jishi.window.actions.receipts import issue_receipt
from tests.support.asking import address_of, headed, sent
from tests.support.world import World, a_world
from tests.test_permission_table import patterns

pytestmark = pytest.mark.django_db

MOST = 100_000
BEGINNINGS = ("window/", "q/")
#: What a browser loads for a page as soon as it reads it.
LOADED = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"}
INSIDE = re.compile(rb"""url\(\s*["']?([^"')#]+)|(?:^|[;}\s])import\s*(?:[\w{}*,\s$]+from\s*)?["'](\.[^"']+)["']""")


class Links(HTMLParser):
    """The addresses of what a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this element loads."""
        values = {name: value for name, value in attrs if value}
        loads = {"script": "src", "img": "src", "use": "href", "source": "src", "iframe": "src", "object": "data"}
        if tag == "link" and LOADED & set(values.get("rel", "").split()):
            self.found.append(values["href"])
        elif tag in loads and loads[tag] in values:
            self.found.append(values[loads[tag]])


def body_of(answer: HttpResponseBase) -> bytes:
    """The bytes as they are sent."""
    if isinstance(answer, StreamingHttpResponse):
        return b"".join(answer.streaming_content)  # type: ignore[arg-type]
    return bytes(answer.content)  # type: ignore[attr-defined]


class Browser:
    """A browser that takes packed answers and has nothing in its cache; what it loaded once for a page counts once."""

    def __init__(self, language: str) -> None:
        self.client = Client(headers={"accept-language": language, "accept-encoding": "gzip, br"})
        self.weights: dict[str, tuple[int, list[str]]] = {}

    def page(self, answer: HttpResponseBase, address: str) -> dict[str, int]:
        """The weight of a page and of each thing that it loads, by address."""
        body = body_of(answer)
        links = Links()
        links.feed(body.decode())
        weights, waiting = {address: len(body)}, [urljoin(address, link) for link in links.found]
        while waiting:
            each = urlsplit(waiting.pop())._replace(fragment="").geturl()
            if each in weights or each.startswith("data:"):
                continue
            weights[each], inside = self.thing(each)
            waiting += inside
        return weights

    def thing(self, address: str) -> tuple[int, list[str]]:
        """The weight of one thing, and what it loads itself."""
        if address not in self.weights:
            answer = self.client.get(address)
            assert answer.status_code == 200, address
            plain = body_of(Client().get(address)) if urlsplit(address).path.endswith((".css", ".js", ".mjs")) else b""
            inside = [(a or b).decode() for a, b in INSIDE.findall(plain)]
            self.weights[address] = len(body_of(answer)), [urljoin(address, each) for each in inside]
        return self.weights[address]


@pytest.fixture
def world() -> World:
    return a_world()


def public_names() -> list[str]:
    """The names of all addresses of the public's side."""
    found = [name for route, name in patterns(get_resolver()) if route.startswith(BEGINNINGS)]
    return list(dict.fromkeys(found))


def pages(world: World, browser: Browser) -> Iterator[tuple[str, HttpResponseBase, str]]:
    """Every page of the public's side: what each address answers, and what it answers once something was sent to it."""
    for name in public_names():
        address = address_of(world, name)
        for what, answer in (
            ("GET", browser.client.get(address, follow=True)),
            ("POST", browser.client.post(address, sent(world, name), follow=True, headers=headed(world, name))),
        ):
            final = answer.redirect_chain[-1][0] if answer.redirect_chain else address
            whole = answer.headers.get("Content-Type", "").startswith("text/html") and b"<html" in answer.content
            if answer.status_code != 405 and whole:
                yield f"{what} {name} {answer.status_code}", answer, final


def opened(world: World, browser: Browser) -> Iterator[tuple[str, HttpResponseBase, str]]:
    """The pages of somebody who has a receipt, of a matter that was answered with words and a photo."""
    matter = world.matters["answered"]
    publish_words(matter, text="路灯已修复。" * 20, by=world.house.desk)
    issued = issue_receipt(matter.pk, kind="reporter", now=timezone.now())
    address = reverse("window:track")
    answer = browser.client.post(address, {"number": issued.number, "secret": issued.secret}, follow=True)
    assert answer.redirect_chain
    yield "opened", answer, address
    for name in ("window:track_mine", "window:privacy"):
        yield name, browser.client.get(reverse(name)), reverse(name)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_window_is_light(world: World, language: str) -> None:
    browser, heavy, seen = Browser(language), [], 0
    for name, answer, address in chain(pages(world, browser), opened(world, browser)):
        weights = browser.page(answer, address)
        assert any("/build/window.css" in each for each in weights), (name, list(weights))
        assert not any("/build/map" in each for each in weights), name
        seen += name.startswith("GET") and " 200" in name
        if sum(weights.values()) > MOST:
            heavy.append((name, weights))
    assert heavy == []
    assert seen >= 4
