"""What the browser gets: small, ours alone, and every picture that a part names."""

import gzip
import re
from pathlib import Path

import pytest

from jishi.base import jinja, style

BASE = Path(__file__).resolve().parents[1]
BUILT = BASE / "static" / "build"
TOKENS = BASE.parents[1] / "web" / "src" / "styles" / "tokens.css"


def test_every_icon_is_drawn():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (BASE / "static/base/icons.svg").read_text()))
    assert set(style.ICONS) | {"mark", *(f"grade-{n}" for n in range(5))} == drawn


def test_static_files_are_named_by_content(settings):
    assert re.fullmatch(r"/static/base/mark\.svg\?v=[0-9a-f]{10}", jinja.static("base/mark.svg"))
    assert jinja.static("no/such/file.css") == "/static/no/such/file.css"
    settings.DEBUG = True
    assert "?v=" in jinja.static("base/mark.svg")


@pytest.mark.skipif(not (BUILT / "app.js").exists(), reason="the web assets are not built: make assets")
def test_scripts_are_small():
    assert len(gzip.compress((BUILT / "app.js").read_bytes())) < 60_000


@pytest.mark.skipif(not (BUILT / "map.js").exists(), reason="the web assets are not built: make assets")
def test_the_map_is_a_part_of_its_own_and_packed():
    parts = [path for path in BUILT.iterdir() if path.suffix in (".js", ".mjs", ".css")]
    assert all(path.with_name(f"{path.name}.{packed}").exists() for path in parts for packed in ("gz", "br"))
    assert "maplibregl" not in (BUILT / "app.js").read_text()
    assert sum(path.stat().st_size for path in BUILT.glob("*.gz")) < 550_000


def _light(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark by the system", "dark by choice"])
def test_contrast(theme):
    blocks = re.findall(r"color-scheme: (?:light|dark);(.*?)\}", TOKENS.read_text(), re.DOTALL)
    block = blocks[["light", "dark by the system", "dark by choice"].index(theme)]
    colour = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    for paper in ("paper", "ground", "sunk"):
        for ink in ("ink", "quiet", "accent", "red"):
            assert _contrast(colour[ink], colour[paper]) >= 4.5, (ink, paper)
        for mark in ("orange", "yellow", "blue", "edge"):
            assert _contrast(colour[mark], colour[paper]) >= 3 or (mark, paper) == ("edge", "sunk"), (mark, paper)
    for ink, paper in (
        ("on-accent", "accent"),
        ("accent-strong", "accent-wash"),
        ("red", "red-wash"),
        ("ink", "amber-wash"),
        ("quiet", "accent-wash"),
    ):
        assert _contrast(colour[ink], colour[paper]) >= 4.5, (ink, paper)


def test_light_and_dark_name_the_same_tokens():
    light, system, chosen = re.findall(r"color-scheme: (?:light|dark);(.*?)\}", TOKENS.read_text(), re.DOTALL)
    names = re.compile(r"--([a-z-]+):")
    assert system.split() == chosen.split()
    assert set(names.findall(system)) <= set(names.findall(light))
