"""Somebody of the public at the form, and somebody of the staff at the desk: whole HTTP visits, for the benchmarks."""

from __future__ import annotations

import hashlib
import http.client
import itertools
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from bench_window_report import BOUNDARY
from lxml import html

REPORT = "/window/XH/report/"
Headers = dict[str, str]
#: Does the work for a stamp: so many zeros in bits, the number that was found.
Work = Callable[[str, int], str]
NUMBER = re.compile(r"/matters/(XH-\d{4}-\d{6})/")
CODE = re.compile(r'class="receipt-code[^"]*"[^>]*>\s*([^<\s]+)')
FORM, MULTIPART = "application/x-www-form-urlencoded", f"multipart/form-data; boundary={BOUNDARY}"
#: What is reported, and where.
WORDS = (
    "东门外路灯三天不亮，晚上看不见路", "楼道里堆满了杂物，电动车也推不过去", "井盖松了，车一压就响，老人走过去很危险",
    "半夜有人在楼下唱歌，已经一个星期了", "小区门口的监控好像坏了", "有人在空地上烧垃圾，烟很大",
)  # fmt: skip
PLACES = ("和平里小区东门", "建设路社区12号楼", "文化路社区小学东门", "人民路与建设路路口", "和平里社区7号楼")
#: The shares of reports without scripts, from one carrier's address, and with so many links that they are held.
PLAIN, CARRIER, LINKS = 0.1, 0.05, 0.025
#: Seconds that somebody without scripts takes at least, as the form asks of them.
READING = 3.5
#: Seconds after which a browser hangs up itself, before the server does.
IDLE = 10.0
#: What each role gives, where the matter's page offers it, and what is written in.
COMMANDS = {
    "desk": ("assess", "push", "answer", "close", "log"), "officer": ("accept", "log", "submit"), "checker": ("check",),
    "chief": ("log",),
}  # fmt: skip
FILLED = {"reason": "现场情况需要", "text": "已到现场查看，正在处理", "result": "pass", "outcome": "fixed"}


@dataclass
class Told:
    """What came of all requests: how often each status, and the answers that were no answers, in words."""

    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """How many answers were the server's own fault."""
        return sum(count for status, count in self.statuses.items() if status >= 500)


class Browser:
    """One browser behind the proxy that brings HTTPS: its address, its cookies, and what it has loaded already."""

    def __init__(self, port: int, address: str, told: Told) -> None:
        self.host, self.told = f"127.0.0.1:{port}", told
        self._proxy = {"X-Forwarded-For": address, "X-Forwarded-Proto": "https", "Accept-Language": "zh-CN"}
        self._cookies: dict[str, str] = {}
        self._loaded: set[str] = set()
        self._connection = http.client.HTTPConnection(self.host, timeout=120)
        self._last = 0.0

    def get(self, path: str) -> tuple[int, str]:
        """A page with all that it loads, as far as this browser has it not yet; its status and text."""
        status, page = self.ask("GET", path)
        for asset in re.findall(r'(?:href|src)="(/static/[^"#]+)', page):
            if asset not in self._loaded:
                self._loaded.add(asset)
                self.ask("GET", asset)
        return status, page

    def post(self, path: str, body: bytes | dict[str, str], kind: str = FORM) -> tuple[int, str]:
        """Send a form; after a redirect, the page that it leads to."""
        origin = f"https://{self.host}"
        sent = body if isinstance(body, bytes) else urlencode(body).encode()
        headers = {"Content-Type": kind, "Origin": origin, "Referer": origin + path}
        return self.ask("POST", path, sent, headers)

    def ask(self, method: str, path: str, body: bytes | None = None, more: Headers | None = None) -> tuple[int, str]:
        """One request, and the pages that it is sent on to."""
        headers = {**self._proxy, **(more or {})}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if time.monotonic() - self._last > IDLE:
            self._connection.close()
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            self.told.broken.append(f"{method} {path}: {error!r}")
            return 0, ""
        self._last = time.monotonic()
        self.told.statuses[answer.status] += 1
        for cookie in answer.msg.get_all("Set-Cookie", []):
            name, _sign, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        location = answer.getheader("Location")
        if location and answer.status in (301, 302, 303):
            parts = urlsplit(urljoin(path, location))
            return self.ask("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        return answer.status, content.decode(errors="replace")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Sent:
    """One report: the seconds from sending it to its receipt, and what the receipt says; no number where none came."""

    seconds: float
    photo: bool
    number: str = ""
    secret: str = ""
    why: str = ""


def worked(stamp: str, bits: int) -> str:
    """The number that the form's script would find for a stamp."""
    for each in itertools.count():
        digest = hashlib.sha256(f"{stamp}:{each}".encode()).digest()
        if int.from_bytes(digest[:4], "big") >> (32 - bits) == 0:
            return str(each)
    raise AssertionError("Numbers never end.")


def visit(port: int, serial: int, photo: bytes, told: Told, work: Work) -> Sent:
    """Open the form, look, write, send: the public's whole visit.  ``serial`` decides its address and its words."""
    dice = random.Random(serial)
    address = "10.255.0.1" if dice.random() < CARRIER else f"10.0.{serial >> 8}.{serial & 255}"
    browser = Browser(port, address, told)
    try:
        return _visit(browser, dice, photo, work)
    finally:
        browser.close()


def _visit(browser: Browser, dice: random.Random, photo: bytes, work: Work) -> Sent:
    begun = time.perf_counter()
    status, page = browser.get(REPORT)
    if status != 200:
        return Sent(0, bool(photo), why=f"the form answered {status}")
    form = html.fromstring(page).get_element_by_id("id_words").getparent()
    while form.tag != "form":
        form = form.getparent()
    fields = {name: value for name, value in form.form_values() if name != "files"}
    fields |= {"words": dice.choice(WORDS), "place": dice.choice(PLACES)}
    if dice.random() < LINKS:
        fields["words"] += " http://a.example http://b.example http://c.example"
    if dice.random() < PLAIN:
        browser.post(REPORT, multipart({**fields, "step": "look"}, b""), MULTIPART)
        time.sleep(max(0, READING - (time.perf_counter() - begun)))
    else:
        browser.post(f"{REPORT}look/", fields)
        fields["proof"] = work(fields["stamp"], int(form.get("data-bits")))
    body = multipart(fields, photo)
    sent = time.perf_counter()
    status, page = browser.post(REPORT, body, MULTIPART)
    seconds = time.perf_counter() - sent
    codes = CODE.findall(page)
    if status != 201 or len(codes) != 2:
        words = " ".join(html.fromstring(page or "<p>").text_content().split())
        return Sent(seconds, bool(photo), why=f"{status}: {words[:300]}")
    return Sent(seconds, bool(photo), *codes)


def multipart(fields: dict[str, str], photo: bytes) -> bytes:
    """The body of a form with at most one photo."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if photo:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="p.jpg"\r\n'
        parts.append(f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


class Worker(threading.Thread):
    """One member of staff at work: looks at the desk, the lists and matters, and gives a command where one is due."""

    def __init__(self, port: int, username: str, role: str, password: str, told: Told, pause: float) -> None:
        super().__init__(daemon=True)
        self.given: Counter[str] = Counter()
        self.times: list[float] = []
        self.ended = threading.Event()
        self._role, self._pause = role, pause
        self._dice = random.Random(username)
        self._browser = Browser(port, f"10.254.0.{self._dice.randrange(250)}", told)
        self._numbers: list[str] = []
        self._sign_in(username, password)

    def run(self) -> None:
        """Work until the day is over."""
        while not self.ended.wait(self._dice.expovariate(1 / self._pause)):
            if self._numbers and self._dice.random() < 0.6:
                self._matter(self._dice.choice(self._numbers))
            else:
                status, page = self._timed(self._dice.choice(self._places()))
                self._numbers = list(dict.fromkeys(NUMBER.findall(page))) if status == 200 else []
        self._browser.close()

    def _sign_in(self, username: str, password: str) -> None:
        _status, page = self._browser.get("/accounts/login/")
        [form] = [each for each in html.fromstring(page).forms if "password" in each.fields]
        fields = {**dict(form.form_values()), "login": username, "password": password}
        status, page = self._browser.post("/accounts/login/", fields)
        if status != 200 or 'name="password"' in page:
            raise SystemExit(f"{username} cannot sign in: {status}")

    def _places(self) -> list[str]:
        desk = ["/desk/window/held/", "/desk/window/urgent/", "/matters/?state=reported"]
        return ["/", "/matters/?open=1", "/matters/", *(desk if self._role == "desk" else [])]

    def _matter(self, number: str) -> None:
        status, page = self._timed(f"/matters/{number}/")
        offered = set(re.findall(rf'"/matters/{number}/([a-z_]+)/', page))
        due = [verb for verb in COMMANDS[self._role] if verb in offered]
        if status != 200 or not due or self.ended.wait(self._dice.expovariate(1 / self._pause)):
            return
        address = f"/matters/{number}/{due[0]}/"
        status, page = self._timed(address)
        forms = [each for each in html.fromstring(page or "<p>").forms if each.get("action") == address]
        if status != 200 or not forms or self.ended.wait(self._dice.expovariate(1 / self._pause)):
            return
        given = dict(forms[0].form_values())
        given |= {name: value for name, value in FILLED.items() if name in forms[0].fields}
        given["category"], given["grade"] = given.get("category") or "public.light", given.get("grade") or "3"
        begun = time.perf_counter()
        status, page = self._browser.post(address, given)
        self.times.append(time.perf_counter() - begun)
        self.given[due[0] if status == 200 else f"{due[0]} {status}"] += 1

    def _timed(self, path: str) -> tuple[int, str]:
        begun = time.perf_counter()
        answer = self._browser.get(path)
        self.times.append(time.perf_counter() - begun)
        return answer
