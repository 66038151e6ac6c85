"""See that this machine has what the tests need besides Python: PostgreSQL, Chromium and Chinese fonts.

What is missing is installed from Debian's packages, as root or through sudo.  What cannot be had is said in one line
each, and ends the run, unless it was left out by name: ``make test WITHOUT="postgresql browser"``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from postgres import server_programs


def _has_postgresql() -> bool:
    return server_programs() is not None


def _has_chromium() -> bool:
    return shutil.which("chromium") is not None


def _has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


@dataclass(frozen=True)
class Need:
    """One Debian package, the part of the tests that asks for it, and how to see that it is there."""

    package: str
    part: str
    is_there: Callable[[], bool]


NEEDS = [
    Need("postgresql", "postgresql", _has_postgresql),
    Need("chromium", "browser", _has_chromium),
    Need("fonts-noto-cjk", "browser", _has_chinese_font),
]


def _apt_get() -> list[str] | None:
    """The command that installs packages here, or nothing where this user may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n", "apt-get"] if allowed else None


def _install(apt_get: list[str], packages: list[str]) -> None:
    print(f"Installing {', '.join(packages)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = [["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *packages]]
    for step in steps:
        done = subprocess.run(
            [*apt_get, *step], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode != 0:
            print("\n".join(done.stderr.splitlines()[-5:]), file=sys.stderr)


def main() -> int:
    """Install what is missing; exit status 1 when something is missing still and was not left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", default="", help="parts to leave out: postgresql, browser")
    left_out = set(parser.parse_args().without.split())
    wanted = [need for need in NEEDS if need.part not in left_out]
    missing = [need for need in wanted if not need.is_there()]
    if missing and (apt_get := _apt_get()):
        _install(apt_get, [need.package for need in missing])
        missing = [need for need in missing if not need.is_there()]
    for part in sorted(left_out):
        print(f"Left out, as asked: {part}.")
    for need in missing:
        print(
            f"{need.package} cannot be had here, and the {need.part} tests need it. Install it, "
            f'or leave them out: make test WITHOUT="{need.part}".',
            file=sys.stderr,
        )
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
