"""A code that is drawn can be read again."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from jishi.base.qr import qr_of, runs_of

ZOOM = 5
ADDRESS = "https://station.example/window/track/#XH-2026-000123.K7DM-93QX-7TRA-99PW"


def drawn(path: str, size: int) -> Image.Image:
    """The drawing of a code as a picture: its line is one square wide."""
    picture = Image.new("L", (size * ZOOM, size * ZOOM), 255)
    draw = ImageDraw.Draw(picture)
    assert path.startswith("M0 .5")
    x, y = 0, 0
    for word, length, down in re.findall(r"(h|m)(-?\d+)(?: (\d))?", path[len("M0 .5") :]):
        if word == "h":
            box = (x * ZOOM, y * ZOOM, (x + int(length)) * ZOOM - 1, (y + 1) * ZOOM - 1)
            draw.rectangle(box, fill=0)
        x, y = x + int(length), y + int(down or 0)
        assert 0 <= x <= size
    assert (x, y) == (size, size - 1)
    return picture


@pytest.mark.parametrize("text", [ADDRESS, "https://例.cn/q/ABCD", "x" * 1500])
def test_a_code_that_is_drawn_says_its_text(text: str) -> None:
    code = qr_of(text)
    found = zxingcpp.read_barcode(drawn(code["path"], code["size"]))
    assert found is not None
    assert found.text == text
    assert found.ec_level == "M"


def test_four_light_squares_stand_around_a_code() -> None:
    rows = runs_of(ADDRESS)
    assert rows[:4] == rows[-4:] == [[]] * 4
    assert min(begin for runs in rows for begin, _end in runs) == 4
    assert max(end for runs in rows for _begin, end in runs) == len(rows) - 4
