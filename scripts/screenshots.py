"""Take the pictures of the documentation: ``python scripts/screenshots.py [FOLDER]`` (``make dev`` first).

Serves the small demo, whose history ends now, from a folder of its own on a free loopback port, signs in, and writes
``docs/images/NAME.zh.webp`` and ``NAME.en.webp`` at 1440 × 900; of the public's window three phones beside each other.
Takes about a minute.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HOUSE = Path(__file__).resolve().parents[1]
JISHI = Path(sys.executable).parent / "jishi"
SIZE = {"width": 1440, "height": 900}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
#: The account that looks, by picture.
SEEN_BY = {"desk": "desk", "matter": "checker", "paste": "desk", "register": "chief", "map": "chief", "board": "chief"}
#: What the public sees, on a phone.
PHONE = {"width": 390, "height": 844}
WORDS = {"zh": "12号楼楼道里的灯不亮，晚上看不清台阶", "en": "路灯不亮"}
#: Chromium without a screen draws the map in software.
OPTIONS = ["--no-sandbox", "--disable-quic", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
MAP_SECONDS = 6
SLIP = (
    "【110接警单】昨天21时40分，报警人王小明（13800138000）称："
    "和平里3号楼2单元楼道里堆放杂物，堵塞疏散通道，请派人处理。"
)
MOST_BYTES = 250_000
START_SECONDS = 120


@contextmanager
def served() -> Iterator[str]:
    """The demo, served until the block ends; gives the address."""
    with tempfile.TemporaryDirectory(prefix="jishi-pictures-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JISHI_")}
        env = {**kept, "JISHI_DATA_DIR": f"{folder}/data", "PYTHONPATH": str(HOUSE)}
        now = datetime.now(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")  # the zone of the demo
        for command in (["migrate"], ["demo", "--size", "small", "--until", now]):
            subprocess.run([JISHI, *command], env=env, check=True)
        server = subprocess.Popen([JISHI, "serve", "--port", port], env=env, start_new_session=True)
        try:
            _wait(server, address := f"http://127.0.0.1:{port}")
            yield address
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=20)


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(START_SECONDS * 2):
        if server.poll() is not None:
            sys.exit(f"jishi serve ended with {server.returncode}.")
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit(f"jishi serve did not answer within {START_SECONDS} s.")


def signed_in(browser: Browser, address: str, name: str, locale: str) -> Page:
    """A page where the account of the demo that this picture is seen by is signed in."""
    from jishi.demo.accounts import PASSWORD

    page = browser.new_context(base_url=address, viewport=SIZE, locale=locale, color_scheme="light").new_page()  # type: ignore[arg-type]
    page.goto("/accounts/login/")
    page.fill("input[name=login]", SEEN_BY[name])
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".rail")
    return page


def show(page: Page, name: str) -> None:
    """Lead the page to what the picture shows."""
    if name == "matter":
        page.goto("/matters/?state=submitted&grade=2")
        page.goto(str(page.locator("a[data-open]").first.get_attribute("href")))
    elif name == "board":
        page.goto("/matters/?state=handling&grade=1&category=fire.gas")
        page.goto(f"{page.locator('a[data-open]').first.get_attribute('href')}plan/")
    elif name == "paste":
        page.goto("/report/paste/")
        page.fill("textarea", SLIP)
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("input[name=title]")
    elif name == "register":
        page.goto("/register/")
    elif name == "map":
        page.goto("/register/map/")
        page.wait_for_timeout(MAP_SECONDS * 1000)
    page.wait_for_load_state("networkidle")


def window(browser: Browser, address: str, language: str) -> Image.Image:
    """The station's window, a report as it is written, and the figures, on three phones."""
    context = browser.new_context(base_url=address, viewport=PHONE, locale=LOCALES[language], color_scheme="light")  # type: ignore[arg-type]
    page = context.new_page()
    shots = []
    for path in ("", "report/", "figures/"):
        page.goto(f"/window/XH/{path}")
        if path == "report/":
            page.fill("textarea[name=words]", WORDS[language])
            page.wait_for_selector("[data-slot=kinds] input", state="attached")
        page.wait_for_load_state("networkidle")
        shots.append(Image.open(BytesIO(page.screenshot())))
    context.close()
    between = 24
    whole = Image.new(
        "RGB", (sum(shot.width for shot in shots) + between * (len(shots) - 1), PHONE["height"]), "#d7dcdc"
    )
    for place, shot in enumerate(shots):
        whole.paste(shot, (place * (PHONE["width"] + between), 0))
    return whole


def save(taken: Image.Image, path: Path) -> None:
    """Write a picture without loss."""
    taken.save(path, lossless=True, quality=100, method=6)


def main() -> int:
    """Take every picture; 1 where one is too large to ship."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jishi.project.settings")
    import django

    django.setup()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HOUSE / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or sys.exit("Chromium is missing: `make system-packages` installs it.")
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        for language, locale in LOCALES.items():
            for name in SEEN_BY:
                page = signed_in(browser, address, name, locale)
                show(page, name)
                save(Image.open(BytesIO(page.screenshot())), folder / f"{name}.{language}.webp")
                page.context.close()
            save(window(browser, address, language), folder / f"window.{language}.webp")
        browser.close()
    heavy = [path.name for path in folder.glob("*.webp") if path.stat().st_size > MOST_BYTES]
    if heavy:
        print(f"Larger than {MOST_BYTES} bytes: {', '.join(sorted(heavy))}.", file=sys.stderr)
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())
