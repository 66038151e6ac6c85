"""Installations of Jishi for tests that need real processes: a data folder, a database and an environment of their own.

The journal refuses ``UPDATE`` and ``DELETE``, so no test can flush the tables; one that commits uses one of these.
The migrations run once for all processes of a run, in the template; every other database is a copy of it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

HOUSE = Path(__file__).resolve().parents[2]
JISHI = Path(sys.executable).parent / "jishi"
START_SECONDS = 60
MIGRATE_SECONDS = 600
#: Where the template lies in the folder of a run, and the file there that names its database.
TEMPLATE, DATABASE_URL = "template", "database-url"
#: The fixtures by which a test comes to a database.
DATABASE = frozenset({"db", "transactional_db", "django_db_setup", "migrated_installation"})


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """One data folder and one database, and the environment that makes ``jishi`` use them."""

    data_dir: Path
    database_url: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """The whole environment for a process of this installation."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JISHI_")}
        kept |= {
            "JISHI_DATA_DIR": str(self.data_dir),
            "JISHI_TEST_FAST_PASSWORDS": "1",
            "DJANGO_SETTINGS_MODULE": "jishi.project.settings",
            "PYTHONPATH": str(HOUSE),
        }
        if self.database_url:
            kept["JISHI_DATABASE_URL"] = self.database_url
        return kept | self.extra

    def jishi(self, *arguments: str, check: bool = True, timeout: float = 100) -> subprocess.CompletedProcess[str]:
        """Run one ``jishi`` command to its end; with ``check`` a failing one fails the test with its words."""
        return self._finished([str(JISHI), *arguments], check, timeout)

    def python(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a Python program, given as text, inside this installation; it sets Django up itself."""
        return self._finished([sys.executable, "-c", program, *arguments], check, 100)

    def start(self, *command: str, **more: object) -> subprocess.Popen[str]:
        """Start a command and hand over its process, its output in ``stdout``."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True} | more
        return subprocess.Popen(command, env=self.env, cwd=self.data_dir.parent, **options)  # type: ignore[call-overload,no-any-return]

    @contextmanager
    def served(self, *arguments: str) -> Iterator[str]:
        """``jishi serve`` on a free port until the block ends; gives the address, without a slash at its end."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        log = self.data_dir.parent / f"serve-{port}.log"
        with log.open("w") as output:
            server = self.start(
                str(JISHI), "serve", "--port", str(port), *arguments, stdout=output, start_new_session=True
            )
            try:
                _wait_until_alive(server, address, log)
                yield address
            finally:
                _end(server)

    def _finished(self, command: list[str], check: bool, timeout: float) -> subprocess.CompletedProcess[str]:
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            command,
            env=self.env,
            cwd=self.data_dir.parent,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode != 0:
            words = f"{' '.join(command[-6:])} ended with {done.returncode}"
            pytest.fail(f"{words}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}", pytrace=False)
        return done


def _wait_until_alive(server: subprocess.Popen[str], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"jishi serve ended with {server.returncode}\n{log.read_text()[-4000:]}", pytrace=False)
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"jishi serve was not alive after {START_SECONDS} s\n{log.read_text()[-4000:]}", pytrace=False)


def _end(server: subprocess.Popen[str]) -> None:
    """End a server and its workers, which share its process group."""
    for signum in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, signum)
            server.wait(timeout=10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    server.wait(timeout=10)


class _Databases:
    """Databases of this run: names on the PostgreSQL cluster; nothing for SQLite, whose file is in the data folder."""

    def __init__(self, cluster_url: str) -> None:
        self.cluster_url = cluster_url
        self.made: list[str] = []

    def create(self, template: str = "") -> str:
        """Make one, empty or a copy, and give its URL; the empty text for SQLite."""
        if not self.cluster_url:
            return ""
        name = f"jishi_{uuid.uuid4().hex[:16]}"
        copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(_database_name(template))) if template else sql.SQL("")
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copied)
        self.made.append(name)
        return urlunsplit(urlsplit(self.cluster_url)._replace(path=f"/{name}"))

    def drop(self, url: str) -> None:
        """Drop one, with whoever is still connected."""
        if url:
            self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_database_name(url))))

    def _run(self, statement: sql.Composable) -> None:
        with psycopg.connect(self.cluster_url, autocommit=True) as connection:
            connection.execute(statement)


def _database_name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _cluster_url() -> str:
    url = os.environ.get("JISHI_DATABASE_URL", "")
    return url if urlsplit(url).scheme in ("postgres", "postgresql") else ""


def _run_folder(factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all processes of a run have in common."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first process of the run fills by ``make``; the others wait until it is done."""
    folder = _run_folder(factory) / name
    folder.mkdir(exist_ok=True)
    done = folder / "done"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder


def _migrate(folder: Path) -> None:
    made = Installation(folder / "data", _Databases(_cluster_url()).create())
    (folder / DATABASE_URL).write_text(made.database_url)
    made.jishi("migrate", timeout=MIGRATE_SECONDS)
    if list(made.data_dir.glob("*-wal")):
        pytest.fail("migrate left a part of the database beside its file, where copies would miss it", pytrace=False)


def template(factory: pytest.TempPathFactory) -> Installation:
    """The installation with its tables that every other one is a copy of."""
    folder = made_once(factory, TEMPLATE, _migrate)
    return Installation(folder / "data", (folder / DATABASE_URL).read_text())


def touches_database(item: pytest.Item) -> bool:
    """Whether this test comes to a database."""
    return bool(item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ())))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Make the template before the first test, whose time it is not."""
    if any(map(touches_database, session.items)) and not session.config.option.collectonly:
        template(session.config._tmp_path_factory)  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def migrated_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One installation with its tables, for nothing but copying."""
    return template(tmp_path_factory)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Drop the template's database at the very end of the run; its folder goes as all temporary folders do."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    kept = _run_folder(session.config._tmp_path_factory) / TEMPLATE / DATABASE_URL  # type: ignore[attr-defined]
    if kept.exists():
        _Databases(_cluster_url()).drop(kept.read_text())


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, migrated_installation: Installation
) -> Iterator[None]:
    """A copy of the template for the tests of this process: in memory over SQLite, a database on the cluster else."""
    databases = _Databases(_cluster_url())
    url = databases.create(migrated_installation.database_url)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = _database_name(url) if url else "file:tests?mode=memory&cache=shared"
        connection.ensure_connection()
        if not url:
            # as it stands on the disk, with no file of its own beside it: others copy the folder at this moment
            file = (migrated_installation.data_dir / "jishi.sqlite3").as_uri()
            with closing(sqlite3.connect(f"{file}?immutable=1", uri=True)) as template:
                template.backup(connection.connection)
    yield
    with django_db_blocker.unblock():
        connection.close()
        databases.drop(url)


@pytest.fixture
def new_installation(migrated_installation: Installation, tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """Make installations: ``new_installation()`` has its tables, ``new_installation(migrated=False)`` nothing yet."""
    databases = _Databases(_cluster_url())
    made: list[Installation] = []

    def make(*, migrated: bool = True, **extra: str) -> Installation:
        data_dir = tmp_path / f"installation-{len(made)}" / "data"
        data_dir.parent.mkdir(parents=True)
        if migrated:
            shutil.copytree(migrated_installation.data_dir, data_dir)
        url = databases.create(migrated_installation.database_url if migrated else "")
        installation = Installation(data_dir, url, extra)
        made.append(installation)
        return installation

    yield make
    for installation in made:
        databases.drop(installation.database_url)


@pytest.fixture
def fresh_installation(new_installation: Callable[..., Installation]) -> Installation:
    """An installation with its tables and nothing in them."""
    return new_installation()


@pytest.fixture
def empty_installation(new_installation: Callable[..., Installation]) -> Installation:
    """A data folder that does not exist yet, and an empty database: what a first start finds."""
    return new_installation(migrated=False)
