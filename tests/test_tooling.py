"""The scripts and the fixtures that the other tests and the gates stand on."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.house import HOUSE
from tests.support.installations import Installation


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"script_{name}", HOUSE / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def translations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, looking at a house of one room with one sentence in each language that it reads."""
    module = _script("translations")
    monkeypatch.setattr(module, "HOUSE", tmp_path)
    room = tmp_path / "jishi" / "window"
    for folder in ("templates/window", "signin"):
        (room / folder).mkdir(parents=True)
    (room / "__init__.py").write_text('from django.utils.translation import gettext as _\nsaid = _("{n} left")\n')
    (room / "templates/window/page.html").write_text("{% trans n=n %}\n  One matter\n  of {{ n }}\n{% endtrans %}")
    (room / "signin/login.html").write_text('{% load i18n %}{% translate "Sign in" %}')
    return module


def _write(translations: ModuleType, chinese: dict[str, str]) -> Path:
    (room,) = translations.rooms([])
    translations.update(room)
    path: Path = translations.catalogue_of(room)
    text = path.read_text()
    for english, said in chinese.items():
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{said}"')
    path.write_text(text)
    return path


CHINESE = {"{n} left": "还剩 {n}", "One matter of %(n)s": "%(n)s 件之一", "Sign in": "登录"}


def test_every_kind_of_file_is_read_and_a_complete_catalogue_passes(translations: ModuleType) -> None:
    path = _write(translations, CHINESE)
    assert translations.check(translations.rooms([])) == 0
    before = path.read_text()
    translations.update(path.parents[3])
    assert path.read_text() == before


@pytest.mark.parametrize(
    ("english", "said", "fault"),
    [
        ("Sign in", "", "window: not translated: 'Sign in'"),
        ("{n} left", "还剩", "window: other placeholders in the translation: '{n} left'"),
    ],
)
def test_a_fault_is_named(
    translations: ModuleType, capsys: pytest.CaptureFixture[str], english: str, said: str, fault: str
) -> None:
    _write(translations, CHINESE | {english: said})
    assert translations.check(translations.rooms([])) == 1
    assert fault in capsys.readouterr().err


def test_what_the_code_no_longer_says_is_named(translations: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    path = _write(translations, CHINESE)
    path.write_text(path.read_text() + '\nmsgid "Gone"\nmsgstr "没了"\n')
    assert translations.check(translations.rooms([])) == 1
    assert "window: no longer used: 'Gone'" in capsys.readouterr().err


def test_a_name_by_which_no_message_is_found_is_named(
    translations: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _write(translations, CHINESE)
    alone = "from django.utils.translation import gettext as now_said\n"
    (path.parents[3] / "views.py").write_text(alone + 'said = now_said("never read")\n')
    assert translations.check(translations.rooms([])) == 1
    assert "window: views.py calls gettext 'now_said', by which no message is found" in capsys.readouterr().err


def test_two_rooms_must_agree_on_one_text(translations: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    path = _write(translations, CHINESE)
    shutil.copytree(path.parents[3], path.parents[4] / "team")
    other = translations.catalogue_of(path.parents[4] / "team")
    other.write_text(other.read_text().replace("登录", "进入"))
    assert translations.check(translations.rooms([])) == 1
    assert "'Sign in' is '进入' in team and '登录' in window" in capsys.readouterr().err


def test_the_cluster_script_says_how_it_is_called() -> None:
    done = subprocess.run([sys.executable, HOUSE / "scripts/postgres.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "scripts/postgres.py -- COMMAND" in done.stderr


def test_installations_are_apart(new_installation: Callable[..., Installation]) -> None:
    one, other = new_installation(), new_installation()
    one.jishi("admin", "create", "--help")
    count = "import django; django.setup(); from jishi.stations.models import Bureau; "
    one.python(count + "Bureau.objects.create(code='B1', name='平安')")
    assert one.python(count + "print(Bureau.objects.count())").stdout.strip() == "1"
    assert other.python(count + "print(Bureau.objects.count())").stdout.strip() == "0"


def test_an_empty_installation_fails_its_checkup_until_it_is_migrated(empty_installation: Installation) -> None:
    assert empty_installation.jishi("doctor", check=False).returncode == 1
    empty_installation.jishi("migrate")
    found = empty_installation.jishi("verify", "--json")
    assert json.loads(found.stdout)["ok"]
