"""The icons of the installed app, drawn from the mark: ``python scripts/icons.py``.

Needs Chromium.  ``app-*.png`` is the mark alone, ``app-maskable-*.png`` the mark on paper with the room that phones cut
into their shapes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HOUSE = Path(__file__).resolve().parents[1]
FOLDER = HOUSE / "jishi" / "base" / "static" / "base"
SIZES = (192, 512)
PAGE = "<style>*{{margin:0}}body{{background:{paper}}}svg{{position:absolute;inset:{room}%;width:{mark}%}}</style>{svg}"


def main() -> None:
    """Draw every icon."""
    svg = (FOLDER / "mark.svg").read_text()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for size in SIZES:
            page = chromium.new_page(viewport={"width": size, "height": size})
            for name, paper, room in (("app", "transparent", 0), ("app-maskable", "#fff", 18)):
                page.set_content(PAGE.format(paper=paper, room=room, mark=100 - 2 * room, svg=svg))
                page.screenshot(path=FOLDER / f"{name}-{size}.png", omit_background=True)
        chromium.close()


if __name__ == "__main__":
    sys.exit(main())
