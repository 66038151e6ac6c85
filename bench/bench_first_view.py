"""What a phone of 390 px loads for its first view of the map: ``python bench/bench_first_view.py``.

A station with 20,000 elements, no base map, a browser that has nothing of ours yet: the page, its styles and scripts,
the tiles that it shows.  Counted is what came over the line, heads and all, by a forwarder between browser and server.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from databases import HOUSE, Server, durable, told

ROWS = 20_000
LIMIT = 1_000_000
NAME, PASSWORD = "officer-on-foot", "bench-2026-first-view"
CHROMIUM = [
    "--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip


def prepare() -> None:
    """The station, its elements, and somebody who may look."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from many_elements import fill

    from jishi.register.tests.factory import a_ground

    ground = a_ground()
    fill(ground.station.pk, ROWS)
    ground.officer.username = NAME
    ground.officer.set_password(PASSWORD)
    ground.officer.save()


class Line:
    """Hands bytes on between a browser and a server, and counts those that come back."""

    def __init__(self, port: int) -> None:
        self.behind, self.count = port, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            browser, _address = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.behind))
            threading.Thread(target=self._hand_on, args=(browser, server, False), daemon=True).start()
            threading.Thread(target=self._hand_on, args=(server, browser, True), daemon=True).start()

    def _hand_on(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        try:
            while content := source.recv(65_536):
                self.count += len(content) if counted else 0
                sink.sendall(content)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side went away first


def looked(line: Line) -> tuple[int, list[str]]:
    """The bytes of the first view, and the addresses that were asked for."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.looks import sign_in

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        address = f"http://127.0.0.1:{line.port}"
        context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844}, locale="zh-CN")
        page = context.new_page()
        sign_in(page, NAME, PASSWORD)
        page.wait_for_load_state("networkidle")
        context.new_cdp_session(page).send("Network.clearBrowserCache")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        before = line.count
        page.goto("/register/map/")
        page.wait_for_selector("[data-drawn]")
        page.wait_for_timeout(3000)
        browser.close()
    return line.count - before, asked


def main() -> int:
    """Fill, serve, look."""
    if "--inside" in sys.argv:
        sys.path[:0] = [str(HOUSE), str(Path(__file__).parent)]
        os.chdir(HOUSE)
        prepare()
        return 0
    with durable("sqlite") as environment:
        subprocess.run([sys.executable, __file__, "--inside"], env=environment, cwd=HOUSE, check=True)
        os.environ.update(environment)
        server = Server()
        try:
            count, asked = looked(Line(server.port))
        finally:
            server.end()
    tiles = sum(".mvt" in url for url in asked)
    if not tiles or not any("worker" in url for url in asked):
        sys.exit("The map asked for no tile, or for no worker.")
    name = f"first view: {len(asked)} answers, {tiles} of them tiles"
    return 0 if told(name, count / 1000, "kB", LIMIT / 1000) else 1


if __name__ == "__main__":
    sys.exit(main())
