"""The rules of the house that no linter knows, as functions over source text, for ``tests/test_house.py``."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
JISHI = HOUSE / "jishi"
CODE = {".py", ".html", ".ts", ".js", ".css"}
LONGEST = 400

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
REVERSERS = {"reverse", "reverse_lazy", "redirect", "resolve_url", "url"}
PRIVATE = {"views", "forms", "api"}
WRITERS = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}

_TEMPLATE_NAME = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["'](\w+)/""")
_TEMPLATE_URL = re.compile(r"""\burl\(\s*["'](\w+):|{%\s*url\s+["'](\w+):""")
_HOST = re.compile(r"https?://|\bgit\+|--(?:extra-)?index-url|--find-links|\"resolved\"")
_MACHINE = re.compile(r"(?<![\w.~])/(?:work|root)/\w")
_PARTY_MANAGER = re.compile(
    r"(?:\w+\.)*Party\.(?:objects|_default_manager|_base_manager)"
    r"|.+\.parties\.(?:all|filter|exclude|get|first|last|values|values_list|order_by|annotate|iterator|in_bulk)"
)
_LATER = re.compile(r"\b(?:TO[D]O|FIX[M]E|X{3})\b")


@cache
def order() -> dict[str, int]:
    """Each room's floor, the highest first, from the contract in ``pyproject.toml``."""
    contracts = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {
        room.strip(" ()"): len(layers) - floor
        for floor, layer in enumerate(layers)
        for room in re.split(r"[|:]", layer)
    }


def may_name(room: str, other: str) -> bool:
    """Whether a room may name another: itself, or one on a lower floor."""
    floors = order()
    return room == other or other not in floors or floors[other] < floors[room]


def room_of(path: Path) -> str:
    """The room that a file under ``jishi`` belongs to."""
    return path.relative_to(JISHI).parts[0]


def python_files(*, tests: bool = False) -> list[Path]:
    """Every Python file of the package that a person wrote."""
    return [
        path
        for path in sorted(JISHI.rglob("*.py"))
        if "migrations" not in path.parts and (tests or "tests" not in path.relative_to(JISHI).parts)
    ]


def templates() -> list[Path]:
    """Every template of the package."""
    return sorted([*JISHI.glob("*/templates/**/*.html"), *JISHI.glob("*/signin/**/*.html")])


def code_files() -> list[Path]:
    """Every file of code, whose length is held."""
    mine = [
        *JISHI.rglob("*"),
        *(HOUSE / "web").rglob("*"),
        *(HOUSE / "scripts").rglob("*"),
        *(HOUSE / "tests").rglob("*"),
    ]
    skipped = {"migrations", "node_modules", "build", "vendor", "__pycache__"}
    return sorted(path for path in mine if path.suffix in CODE and path.is_file() and not skipped & set(path.parts))


def tracked_files() -> list[Path]:
    """Every text file that is in the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    return [HOUSE / name for name in listed.split("\0") if name and (HOUSE / name).is_file()]


def named_rooms(source: str) -> Iterator[tuple[int, str]]:
    """The rooms that Python names in strings: relations to models, and addresses of views."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [*node.args[:1], *(word.value for word in node.keywords if word.arg in ("to", "through", "sender"))]
        for text in texts:
            if function in RELATIONS and isinstance(text, ast.Attribute) and text.attr == "AUTH_USER_MODEL":
                yield node.lineno, "stations"
            if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
                continue
            if function in RELATIONS | {"get_model", "receiver"} and "." in text.value:
                yield node.lineno, text.value.split(".")[0]
            if function in REVERSERS and re.match(r"\w+:\w", text.value):
                yield node.lineno, text.value.split(":")[0]


def template_rooms(source: str) -> Iterator[tuple[int, str]]:
    """The rooms that a template names: other rooms' templates, and addresses of their views."""
    for number, line in enumerate(source.splitlines(), 1):
        for match in _TEMPLATE_NAME.finditer(line):
            yield number, match[1]
        for match in _TEMPLATE_URL.finditer(line):
            yield number, match[1] or match[2]


def private_imports(source: str, room: str) -> Iterator[tuple[int, str]]:
    """Imports of another room's views, forms or API, which are private to it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "jishi" and len(parts) > 2 and parts[1] != room and parts[2] in PRIVATE:
                yield node.lineno, name


def writes(source: str) -> Iterator[tuple[int, str]]:
    """Calls that write rows: a view leaves these to its room's actions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = ast.unparse(node.func.value)
            if node.func.attr == "save" or (
                ".objects" in f".{target}" and node.func.attr in WRITERS | {"update", "delete"}
            ):
                yield node.lineno, f"{target}.{node.func.attr}()"


def party_queries(source: str) -> Iterator[tuple[int, str]]:
    """Roads to parties other than the door in ``matters``: the manager of the model, or its reverse names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            if _PARTY_MANAGER.fullmatch(name):
                yield node.lineno, name
        elif isinstance(node, ast.keyword) and (node.arg or "").startswith("parties__"):
            yield node.lineno, str(node.arg)


def host_names(source: str) -> Iterator[tuple[int, str]]:
    """Hosts and indexes that a lock file names."""
    for number, line in enumerate(source.splitlines(), 1):
        if _HOST.search(line):
            yield number, line.strip()[:100]


def places_of_one_machine(source: str) -> Iterator[tuple[int, str]]:
    """Paths that exist on one machine only."""
    for number, line in enumerate(source.splitlines(), 1):
        if _MACHINE.search(line):
            yield number, line.strip()[:100]


def left_for_later(source: str) -> Iterator[tuple[int, str]]:
    """Notes about work not done."""
    for number, line in enumerate(source.splitlines(), 1):
        if _LATER.search(line):
            yield number, line.strip()[:100]


def locked(lock: str) -> dict[str, set[str]]:
    """The versions of each library in a ``requirements*.txt``."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def styled_classes(css: str) -> set[str]:
    """The classes that a style sheet styles by their name alone, within a media query too."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    heads = re.findall(r"([^{};]+)\{", plain)
    return {one.strip()[1:] for head in heads for one in head.split(",") if re.fullmatch(r"\.[\w-]+", one.strip())}
