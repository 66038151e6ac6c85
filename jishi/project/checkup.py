"""``jishi doctor``: is this installation well, and if not, what to do."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: a stable ``code``, its name, whether it is well, and what to do if not."""

    code: str
    name: str
    ok: bool
    words: str


def examine() -> list[Finding]:
    """Look at everything; a check that fails to run is itself a finding."""
    findings: list[Finding] = []
    for code, name, check in _CHECKS:
        if code in _NEED_TABLES and any(item.code == "database" and not item.ok for item in findings):
            findings.append(Finding(code, name(), False, _("Not looked at: it needs the database.")))
            continue
        try:
            ok, words = check()
        except Exception as error:  # noqa: BLE001 - a broken installation breaks in any way, and the doctor must say so
            ok, words = False, f"{type(error).__name__}: {error}"
        findings.append(Finding(code, name(), ok, words))
    return findings


def _settings() -> tuple[bool, str]:
    if settings.DEBUG:
        return False, _("Debug pages are on. Unset JISHI_DEBUG.")
    loose = [path.name for path in (settings.DATA_DIR / "secret_key",) if path.exists() and path.stat().st_mode & 0o077]
    if loose:
        return False, _("Others can read {files}. Run: chmod 600 {files}").format(files=", ".join(loose))
    return True, _("data folder {path}, language {language}, zone {zone}").format(
        path=settings.DATA_DIR, language=settings.LANGUAGE_CODE, zone=settings.TIME_ZONE
    )


def _database() -> tuple[bool, str]:
    from jishi.project.commands.service import behind

    connection.ensure_connection()
    if behind():
        return False, _("The database is not up to date. Run: jishi migrate")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            sync = cursor.execute("PRAGMA synchronous").fetchone()[0]
        if (mode, sync) != ("wal", 2):
            return False, _("SQLite does not run with WAL and synchronous FULL.")
        return True, _("SQLite, WAL, synchronous FULL")
    return True, "PostgreSQL"


def _clock() -> tuple[bool, str]:
    from jishi.journal.models import Event

    now = timezone.now()
    newest = Event.objects.order_by("-id").values_list("recorded_at", flat=True).first()
    if newest and newest > now + timedelta(minutes=5):
        return False, _("The newest event lies in the future. Set this machine's clock.")
    return True, now.astimezone().isoformat(timespec="seconds")


def _calendar() -> tuple[bool, str]:
    from jishi.stations.queries import calendar_version, newest_version

    calendar = calendar_version(newest_version())
    year = timezone.localtime().year
    if year not in calendar.known_years:
        return False, _("The holidays of {year} are not in the calendar; the weekly pattern holds. Add a calendar version.").format(year=year)  # fmt: skip  # noqa: E501
    if timezone.localtime().month == 12 and year + 1 not in calendar.known_years:
        return True, _("The holidays of {year} are not published yet; until they are, the weekly pattern holds.").format(year=year + 1)  # fmt: skip  # noqa: E501
    return True, _("version {version}, years to {year}").format(
        version=calendar.version, year=max(calendar.known_years)
    )


def _disk() -> tuple[bool, str]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if not settings.DATA_DIR.stat().st_mode & stat.S_IWUSR:
        return False, _("The data folder cannot be written.")
    if free < GIB:
        return False, _("Less than 1 GiB is free beside the data folder. Make room.")
    return True, _("{free} GiB free").format(free=f"{free / GIB:.0f}")


def _assets() -> tuple[bool, str]:
    missing = [name for name in ("build/app.js", "build/app.css") if finders.find(name) is None]
    if missing:
        return False, _("Missing: {files}. Run: make setup").format(files=", ".join(missing))
    return True, _("built")


def _basemap() -> tuple[bool, str]:
    from jishi.register.basemap import faults, sheets

    if settings.WMTS:
        return True, _("a tile service; its pictures are asked for by each reader's browser")
    wrong = faults()
    if wrong:
        return False, _("These are not what their names say: {files}. Give other files.").format(files=", ".join(wrong))
    names = [each.name for each in sheets()]
    return True, ", ".join(names) if names else _("none; put .pmtiles or .geojson files into {path}").format(
        path=settings.BASEMAP
    )


def _worker() -> tuple[bool, str]:
    from jishi.jobs.queries import backlog

    dead = backlog().dead
    if dead:
        return False, _("{count} jobs gave up. See the log, then run them again.").format(count=dead)
    return True, _("no job gave up")


_CHECKS: list[tuple[str, Callable[[], str], Callable[[], tuple[bool, str]]]] = [
    ("settings", lambda: _("Settings"), _settings),
    ("database", lambda: _("Database"), _database),
    ("clock", lambda: _("Clock"), _clock),
    ("calendar", lambda: _("Calendar"), _calendar),
    ("disk", lambda: _("Disk"), _disk),
    ("assets", lambda: _("Web assets"), _assets),
    ("basemap", lambda: _("Base map"), _basemap),
    ("jobs", lambda: _("Background work"), _worker),
]

_NEED_TABLES = frozenset({"clock", "calendar", "jobs"})
