"""The command line: help in both languages, exit codes, JSON, and bad settings that stop it with a sentence."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.project.sentences import FOUND
from tests.support.installations import Installation

COMMANDS = [
    ("serve",), ("worker",), ("migrate",), ("demo",), ("admin", "create"), ("import", "matters"), ("import", "areas"),
    ("verify",), ("head",), ("doctor",),
]  # fmt: skip


@pytest.mark.sqlite_is_enough
def test_every_command_has_help_in_both_languages(new_installation: Callable[..., Installation]) -> None:
    program = (
        "import django; django.setup()\n"
        "import sys\n"
        "from django.utils import translation\n"
        "from jishi.project.cli import run\n"
        "from jishi.project.commands import build\n"
        "from jishi.project.helpwords import speak\n"
        "translation.activate(sys.argv[1]); speak(sys.argv[1])\n"
        "for words in sys.argv[2:]:\n"
        "    assert run(build(), [*words.split(), '--help']) == 0, words\n"
    )
    words = [" ".join(command) for command in COMMANDS]
    for language, usage in (("zh-hans", "用法:"), ("en", "Usage:")):
        shown = new_installation(migrated=False, JISHI_LANGUAGE=language).python(program, language, *words).stdout
        assert shown.count(usage) == len(COMMANDS)


@pytest.mark.sqlite_is_enough
def test_what_few_commands_need_is_not_loaded_by_all(new_installation: Callable[..., Installation]) -> None:
    program = (
        "import sys, django; django.setup()\nfrom jishi.project.commands import build\nbuild()\nprint(*sys.modules)"
    )
    loaded = set(new_installation().python(program).stdout.split())
    assert "django" in loaded
    assert not loaded & {"jsonschema", "numpy", "pikepdf", "pyarrow", "scipy", "shapely", "xlsxwriter"}


@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("JISHI_TIME_ZONE", "Mars/Base", "JISHI_TIME_ZONE = 'Mars/Base'"),
        ("JISHI_LANGUAGE", "fr", "JISHI_LANGUAGE = 'fr'"),
        ("JISHI_DATABASE_URL", "mysql://x/y", "JISHI_DATABASE_URL = 'mysql://x/y'"),
        ("JISHI_SECRET_KEY", "short", "JISHI_SECRET_KEY"),
    ],
)
def test_a_bad_setting_stops_the_start_and_is_named(
    empty_installation: Installation, name: str, value: str, says: str
) -> None:
    empty_installation.extra[name] = value
    if name == "JISHI_DATABASE_URL":
        empty_installation.database_url = ""
    done = empty_installation.jishi("doctor", check=False)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.sqlite_is_enough
def test_called_wrongly_is_2_and_refused_is_1(fresh_installation: Installation, tmp_path: Path) -> None:
    assert fresh_installation.jishi("import", "matters", check=False).returncode == 2
    assert fresh_installation.jishi("no-such-command", check=False).returncode == 2
    kept = tmp_path / "head.txt"
    kept.write_text("not a head")
    done = fresh_installation.jishi("verify", "--head", str(kept), check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_fresh_installation_verifies_and_its_doctor_answers_in_json(fresh_installation: Installation) -> None:
    assert json.loads(fresh_installation.jishi("verify", "--json").stdout) == {
        "ok": True, "events": 0, "matters": 0, "elements": 0, "stations": 0, "problems": [],
    }  # fmt: skip
    report = json.loads(fresh_installation.jishi("doctor", "--json", check=False).stdout)
    found = {check["code"]: check["ok"] for check in report["checks"]}
    assert found["database"]
    assert found["settings"]
    assert found["disk"]
    assert set(found) == {"settings", "database", "clock", "calendar", "disk", "assets", "basemap", "jobs"}


@pytest.mark.sqlite_is_enough
def test_the_secret_key_is_made_once_and_is_its_owners_alone(fresh_installation: Installation) -> None:
    path = fresh_installation.data_dir / "secret_key"
    before = path.read_text()
    fresh_installation.jishi("head")
    assert path.read_text() == before
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_doctor_says_what_to_do_before_the_first_migration(empty_installation: Installation) -> None:
    done = empty_installation.jishi("doctor", check=False)
    assert done.returncode == 1
    assert "jishi migrate" in done.stdout


def test_an_administrator_is_made_from_a_script(fresh_installation: Installation) -> None:
    fresh_installation.extra["FIRST_PASSWORD"] = "a long enough one 7"
    done = fresh_installation.jishi(
        "admin", "create", "boss", "--name", "冯管", "--password-variable", "FIRST_PASSWORD"
    )
    assert "boss" in done.stdout
    weak = fresh_installation.jishi("admin", "create", "weak", "--password-variable", "NOT_SET", check=False)
    assert weak.returncode == 1
    assert "Traceback" not in weak.stderr


def test_serve_is_ready_with_its_worker_inside(fresh_installation: Installation) -> None:
    from urllib.request import urlopen

    with fresh_installation.served() as address, urlopen(f"{address}/readyz", timeout=10) as answer:
        checks = json.load(answer)["checks"]
    assert {"database", "worker"} <= set(checks), checks


@pytest.mark.sqlite_is_enough
def test_the_embedded_database_is_one_file_when_nobody_uses_it(fresh_installation: Installation) -> None:
    from urllib.request import urlopen

    def beside() -> list[str]:
        return [file.name for file in fresh_installation.data_dir.glob("jishi.sqlite3-*")]

    with fresh_installation.served("--stream-port", "0") as address, urlopen(f"{address}/accounts/login/") as answer:
        assert answer.status == 200
        assert beside()
    assert beside() == []
    fresh_installation.extra["FIRST_PASSWORD"] = "a long enough one 7"
    fresh_installation.jishi("admin", "create", "boss", "--name", "冯管", "--password-variable", "FIRST_PASSWORD")
    assert beside() == []


@pytest.mark.parametrize("command", [("verify",), ("head", "--json"), ("demo", "--size", "small")])
def test_a_database_that_is_not_made_yet_is_told_with_what_to_do(
    empty_installation: Installation, command: tuple[str, ...]
) -> None:
    empty_installation.extra["JISHI_LANGUAGE"] = "en"
    done = empty_installation.jishi(*command, check=False)
    assert done.returncode == 1
    assert "jishi migrate" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.sqlite_is_enough
def test_a_database_that_does_not_answer_is_told_without_its_password(empty_installation: Installation) -> None:
    empty_installation.extra["JISHI_DATABASE_URL"] = "postgres://u:very-secret@127.0.0.1:1/x"
    done = empty_installation.jishi("verify", check=False)
    assert done.returncode == 1
    assert "jishi doctor" in done.stderr
    empty_installation.extra["JISHI_DATABASE_URL"] = "postgres://u:very-secret@127.0.0.1:port/x"
    worse = empty_installation.jishi("verify", check=False)
    assert worse.returncode == 2
    assert "JISHI_DATABASE_URL" in worse.stderr
    assert not any(word in done.stderr + worse.stderr for word in ("Traceback", "very-secret"))


@pytest.mark.sqlite_is_enough
def test_a_data_folder_that_cannot_be_is_named(empty_installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    empty_installation.data_dir = file
    done = empty_installation.jishi("doctor", check=False)
    assert done.returncode == 2
    assert "JISHI_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.sqlite_is_enough
def test_a_taken_port_is_told_with_what_to_do(empty_installation: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = empty_installation.jishi("serve", "--port", str(other.getsockname()[1]), check=False)
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.sqlite_is_enough
def test_mistakes_are_told_in_chinese(empty_installation: Installation) -> None:
    empty_installation.extra["JISHI_LANGUAGE"] = "zh-hans"
    for words, says in (
        (["serve", "--port", "abc"], "不是有效的数字"),
        (["demo", "--size", "huge"], "不是"),
        (["head", "more"], "多出了参数"),
        (["demo", "--seed"], "需要一个值"),
    ):
        done = empty_installation.jishi(*words, check=False)
        assert done.returncode == 2
        assert says in done.stderr


def test_everything_that_verify_finds_has_a_chinese_sentence() -> None:
    with translation.override("zh-hans"):
        for code in FOUND:
            words = sentence(
                Refused(
                    code, **dict.fromkeys(("kind", "field", "row", "journal", "clock", "text", "file", "event"), "?")
                )
            )
            assert re.search(r"[\u4e00-\u9fff]", words), code


@pytest.mark.sqlite_is_enough
@pytest.mark.timeout(400)
def test_the_demo_ends_where_it_is_told_to_and_never_in_the_future(fresh_installation: Installation) -> None:
    done = fresh_installation.jishi("demo", "--until", "2999-01-01", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    told = fresh_installation.jishi("demo", "--size", "small", "--until", "2026-03-01", "--json", timeout=300).stdout
    assert json.loads(told)["matters"] == 602
    newest = (
        "from jishi.journal.models import Event; print(Event.objects.latest('recorded_at').recorded_at.isoformat())"
    )
    end = fresh_installation.python(f"import django; django.setup(); {newest}").stdout
    assert "2026-02-25" < end < "2026-02-28T16:00:01"
