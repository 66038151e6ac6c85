"""The rules of the house, each shown to catch what it is for, and then held against every file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import house

Finder = Callable[[str], Iterator[tuple[int, str]]]

# Who may name a room above itself, and why.
NAMED_ABOVE: dict[tuple[str, str], str] = {}
# Templates that a library or Django asks for by name.
NAMED_BY_LIBRARIES = ("account/", "mfa/", "usersessions/", "allauth/", "400.html", "403.html", "404.html", "500.html")


def _found(files: list[Path], finder: Finder) -> list[str]:
    return [
        f"{path.relative_to(house.HOUSE)}:{line}: {what}"
        for path in files
        for line, what in finder(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(
    ("finder", "good", "bad"),
    [
        (house.named_rooms, "x.filter('matters.Matter')", "models.ForeignKey('matters.Matter', CASCADE)"),
        (house.named_rooms, "found.reverse()", "reverse('matters:push')"),
        (house.named_rooms, "get('stations.Staff')", "models.ForeignKey(settings.AUTH_USER_MODEL)"),
        (house.template_rooms, "{{ url(name) }}", '{% extends "base/layout.html" %}'),
        (house.template_rooms, "matters:push", "<a href=\"{{ url('matters:push', 1) }}\">"),
        (house.writes, "form.is_valid()", "matter.save()"),
        (house.writes, "found.update(x=1)", "Matter.objects.filter(pk=1).update(state=2)"),
        (house.party_queries, "Party(slot=1)", "models.Party.objects.filter(name=1)"),
        (house.party_queries, "parties.of(matter)", "matter.parties.filter(role=1)"),
        (house.host_names, "django==5.2.1", "pkg @ https://example.org/pkg.whl"),
        (
            house.places_of_one_machine,
            "/".join(("a", "work", "b ~", "root", "x")),
            "see " + "/".join(["", "root", "notes"]),
        ),
        (house.left_for_later, "to do it", "# TO" + "DO: it"),
    ],
)
def test_the_finder_finds_it(finder: Finder, good: str, bad: str) -> None:
    assert not list(finder(good))
    assert len(list(finder(bad))) == 1


def test_private_imports_are_found() -> None:
    assert list(house.private_imports("from jishi.matters.views import desk", "window"))
    assert list(house.private_imports("from jishi.matters import forms", "window"))
    assert not list(house.private_imports("from jishi.matters import forms, queries", "matters"))


def test_the_order_is_read_from_the_contract() -> None:
    assert house.may_name("matters", "stations")
    assert house.may_name("project", "matters")
    assert not house.may_name("stations", "matters")
    assert not house.may_name("geo", "files")
    assert set(house.order()) >= {path.parent.name for path in house.JISHI.glob("*/__init__.py")}


def test_strings_name_rooms_in_the_order_of_the_house() -> None:
    wrong = []
    excepted = set()
    for files, finder in ((house.python_files(), house.named_rooms), (house.templates(), house.template_rooms)):
        for path in files:
            room = house.room_of(path)
            for line, other in finder(path.read_text(encoding="utf-8")):
                if house.may_name(room, other):
                    continue
                if (room, other) in NAMED_ABOVE:
                    excepted.add((room, other))
                else:
                    wrong.append(f"{path.relative_to(house.HOUSE)}:{line}: {room} names {other}, which is not below it")
    assert wrong == []
    assert excepted == set(NAMED_ABOVE)


def test_views_forms_and_api_are_private_to_their_room() -> None:
    wrong = [
        f"{path.relative_to(house.HOUSE)}:{line}: {name}"
        for path in house.python_files()
        if (room := house.room_of(path)) != "project"
        for line, name in house.private_imports(path.read_text(encoding="utf-8"), room)
    ]
    assert wrong == []


def test_no_file_is_too_long() -> None:
    lengths = {path.relative_to(house.HOUSE): path.read_bytes().count(b"\n") for path in house.code_files()}
    assert {path: lines for path, lines in lengths.items() if lines > house.LONGEST} == {}


@pytest.mark.parametrize("folder", ["rooms", "window"])
def test_a_class_is_styled_by_one_part(folder: str) -> None:
    """What two parts of one page's styles call the same would look like the other's, wherever it stands alone."""
    assert house.styled_classes(".a,\n.b { top: 0 }\n.a .c { top: 0 }\n@media print {\n  .d {\n  }\n}") == {
        "a",
        "b",
        "d",
    }
    by: dict[str, list[str]] = {}
    for path in sorted((house.HOUSE / "web" / "src" / folder).glob("*.css")):
        for name in house.styled_classes(path.read_text(encoding="utf-8")):
            by.setdefault(name, []).append(path.name)
    assert {name: files for name, files in by.items() if len(files) > 1} == {}


def test_views_leave_writing_to_actions() -> None:
    views = [path for path in house.python_files() if path.stem == "views" or "views" in path.parts]
    assert _found(views, house.writes) == []


def test_parties_have_one_door() -> None:
    def is_the_door(path: Path) -> bool:
        return house.room_of(path) == "matters" and any(part.startswith("parties") for part in path.parts)

    others = [path for path in house.python_files() if not is_the_door(path)]
    assert _found(others, house.party_queries) == []


def test_every_template_is_asked_for_somewhere() -> None:
    asking = [*house.python_files(), *house.templates()]
    texts = {path: path.read_text(encoding="utf-8") for path in asking}
    forgotten = []
    for path in house.JISHI.glob("*/templates/**/*.html"):
        name = path.relative_to(next(parent for parent in path.parents if parent.name == "templates")).as_posix()
        computed = f"{name.rsplit('/', 1)[0]}/{{"
        others = (text for other, text in texts.items() if other != path)
        if not name.startswith(NAMED_BY_LIBRARIES) and not any(name in text or computed in text for text in others):
            forgotten.append(name)
    assert forgotten == []


def test_every_room_says_what_it_is_for() -> None:
    rooms = [path.parent for path in house.JISHI.glob("*/__init__.py")]
    assert [room.name for room in rooms if not (room / "README.md").exists()] == []


def test_rooms_with_translations_are_installed() -> None:
    from django.conf import settings

    spoken = {path.parents[2].name for path in house.JISHI.glob("*/locale/*/LC_MESSAGES")}
    assert spoken - set(settings.ROOMS) - {"project"} == set()


def test_lock_files_name_no_host() -> None:
    locks = [*house.HOUSE.glob("requirements*.txt"), *house.HOUSE.glob("web/package-lock.json")]
    assert len(locks) >= 3
    assert _found(locks, house.host_names) == []


def test_lock_files_agree() -> None:
    runtime = house.locked((house.HOUSE / "requirements.txt").read_text())
    for other in ("requirements-build.txt", "requirements-dev.txt"):
        versions = house.locked((house.HOUSE / other).read_text())
        assert {name: versions.get(name) for name in runtime} == runtime, other


def test_the_notice_names_every_library() -> None:
    notice = (house.HOUSE / "NOTICE").read_text().casefold()
    locks = [house.locked(path.read_text()) for path in sorted(house.HOUSE.glob("requirements*.txt"))]
    assert sorted({name for lock in locks for name in lock if f"\n{name} " not in notice}) == []


def test_no_file_speaks_of_one_machine_or_of_later() -> None:
    written = []
    for path in house.tracked_files():
        try:
            path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        written.append(path)
    assert _found(written, house.places_of_one_machine) == []
    assert _found([path for path in written if path.suffix in house.CODE], house.left_for_later) == []
