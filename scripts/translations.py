"""The translations of every room: ``python scripts/translations.py update | compile | check [ROOM ...]``.

Message ids are the English text; each room keeps its Chinese in ``jishi/<room>/locale/zh_Hans/LC_MESSAGES/django.po``.
``update`` merges what the code says now into the catalogues, ``compile`` writes the ``.mo`` files, and ``check`` fails
on a message that is missing, untranslated, fuzzy, no longer used, translated in two ways, or with other placeholders.
The files have no dates and no line numbers and are sorted, so that two people's changes merge.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parents[1]
LANGUAGE = "zh_Hans"
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: Jishi\\n"
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "_l": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JINJA_OPTIONS = {
    "silent": "false",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "trimmed": "true",
    "newstyle_gettext": "true",
    "extensions": "jinja2.ext.i18n,jinja2.ext.do",
}
RENAMED = re.compile(r"^from django\.utils\.translation import [np]{0,2}gettext\w* as (\w+)$", re.MULTILINE)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

Key = tuple[str | None, str]


def rooms(names: list[str]) -> list[Path]:
    """The folders of the rooms named, or of all."""
    found = sorted(path.parent for path in HOUSE.glob("jishi/*/__init__.py"))
    unknown = set(names) - {path.name for path in found}
    if unknown:
        sys.exit(f"No such room: {', '.join(sorted(unknown))}.")
    return [path for path in found if not names or path.name in names]


def catalogue_of(room: Path) -> Path:
    """Where a room keeps its Chinese."""
    return room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def _sources(room: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a room that may hold messages, with the way to read it."""
    for path in sorted(room.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(room).parts):
            yield "python", path
    for path in sorted((room / "templates").rglob("*")):
        if path.is_file():
            yield "jinja2", path
    for path in sorted((room / "signin").rglob("*")):
        if path.is_file():
            yield "django", path


def messages_of(room: Path) -> Catalog:
    """What the room's code says now."""
    catalogue = Catalog(locale=LANGUAGE, charset="utf-8")
    for method, path in _sources(room):
        source = path.read_bytes()
        if method == "django":
            source = templatize(source.decode(), origin=str(path)).encode()
            method = "python"
        options = JINJA_OPTIONS if method == "jinja2" else {}
        try:
            found = list(extract(method, io.BytesIO(source), KEYWORDS, ("Translators:",), options))
        except Exception as error:
            raise SystemExit(f"{path.relative_to(HOUSE)}: cannot be read for messages: {error}") from error
        for _line, text, comments, context in found:
            if text and text != ("", ""):
                catalogue.add(text, auto_comments=comments, context=context)
    return catalogue


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=LANGUAGE, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, charset="utf-8")


def _written(catalogue: Catalog) -> str:
    body = io.BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return HEADER + body.getvalue().decode().strip("\n") + "\n"


def _messages(catalogue: Catalog) -> dict[Key, Message]:
    return {(message.context, _id(message)): message for message in catalogue if message.id}


def _id(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


def _translation(message: Message) -> str:
    parts = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return "" if not all(parts) else "\0".join(str(part) for part in parts)


def update(room: Path) -> None:
    """Merge what the code says into the room's catalogue."""
    path = catalogue_of(room)
    wanted = messages_of(room)
    if not len(wanted):
        path.unlink(missing_ok=True)
        return
    catalogue = _read(path)
    catalogue.update(wanted, no_fuzzy_matching=True)
    text = _written(catalogue)
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    open_ones = sum(1 for message in _messages(catalogue).values() if not _translation(message))
    print(f"{room.name}: {len(wanted)} messages, {open_ones} to translate")


def compile_catalogue(room: Path) -> None:
    """Write the room's ``.mo`` where the ``.po`` is newer."""
    source = catalogue_of(room)
    target = source.with_suffix(".mo")
    if source.exists() and not (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
        with target.open("wb") as file:
            write_mo(file, _read(source))


def _placeholders_differ(message: Message) -> bool:
    said = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
    translation = _translation(message)
    return Counter(PLACEHOLDER.findall(str(said))) != Counter(PLACEHOLDER.findall(translation))


def _unread_names(room: Path) -> Iterator[str]:
    """The names under which a file knows gettext and by which no message is found."""
    for method, path in _sources(room):
        for name in RENAMED.findall(path.read_text()) if method == "python" else ():
            if name not in KEYWORDS:
                yield f"{path.name} calls gettext {name!r}, by which no message is found"


def _faults(room: Path) -> Iterator[str]:
    yield from _unread_names(room)
    wanted = _messages(messages_of(room))
    path = catalogue_of(room)
    catalogue = _read(path)
    there = _messages(catalogue)
    for key in sorted(wanted.keys() - there.keys(), key=str):
        yield f"not in the catalogue: {key[1]!r}"
    for key in sorted(there.keys() - wanted.keys(), key=str):
        yield f"no longer used: {key[1]!r}"
    for key in catalogue.obsolete:
        yield f"obsolete entry left in the file: {key!r}"
    for key, message in there.items():
        if message.fuzzy:
            yield f"fuzzy: {key[1]!r}"
        elif not _translation(message):
            yield f"not translated: {key[1]!r}"
        elif _placeholders_differ(message):
            yield f"other placeholders in the translation: {key[1]!r}"


def check(folders: list[Path]) -> int:
    """Name every fault of every room; 1 when there is one."""
    faults = [f"{room.name}: {fault}" for room in folders for fault in _faults(room)]
    meanings: defaultdict[Key, dict[str, str]] = defaultdict(dict)
    for room in folders:
        for key, message in _messages(_read(catalogue_of(room))).items():
            if translation := _translation(message):
                meanings[key].setdefault(translation, room.name)
    for (_context, text), by_translation in meanings.items():
        if len(by_translation) > 1:
            both = " and ".join(f"{chinese!r} in {room}" for chinese, room in by_translation.items())
            faults.append(f"{text!r} is {both}, and only one is ever shown: agree, or give a context (pgettext)")
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(f"{len(faults)} faults. `python scripts/translations.py update` merges, then translate.", file=sys.stderr)
    return 1 if faults else 0


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("what", choices=["update", "compile", "check"])
    parser.add_argument("rooms", nargs="*", help="rooms to work on; all when none is named")
    asked = parser.parse_args()
    folders = rooms(asked.rooms)
    if asked.what == "check":
        return check(folders)
    for room in folders:
        (update if asked.what == "update" else compile_catalogue)(room)
    return 0


if __name__ == "__main__":
    sys.exit(main())
