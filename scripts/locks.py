"""Write the lock files anew: ``python scripts/locks.py``.

What is locked keeps its version unless ``pyproject.toml`` or ``web/package.json`` asks for another; delete a lock file
first to take the newest of everything.  The lock files name packages, versions and hashes, and no host.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
COMPILE = ["pip", "compile", "--universal", "--generate-hashes", "--no-header", "--quiet"]
#: What each file locks: the groups, and the file whose versions it follows.
LOCKS = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-build.txt": ["pyproject.toml", "--group", "build", "--constraint", "requirements.txt"],
    "requirements-dev.txt": ["pyproject.toml", "--group", "dev", "--constraint", "requirements.txt"],
    "requirements-schemas.txt": ["--group", "schemas", "--no-deps"],
}


def lock_python() -> None:
    """Lock the Python packages with uv, which is installed into a folder that goes away again."""
    with tempfile.TemporaryDirectory(prefix="jishi-locks-") as folder:
        venv.create(folder, with_pip=True)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", "uv"], check=True)
        for name, more in LOCKS.items():
            command = [f"{folder}/bin/uv", *COMPILE, *more, "--python-version", "3.11", "--output-file", name]
            subprocess.run(command, cwd=HOUSE, check=True, stdout=subprocess.DEVNULL)
            print(f"{name}: {(HOUSE / name).read_text().count('==')} packages")


def lock_web() -> None:
    """Lock the web packages with the npm of the environment; pages that ask for funding are left out of the file."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["npm", "install", "--package-lock-only", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(command, cwd=HOUSE / "web", check=True, env={**os.environ, "PATH": path})
    lock = HOUSE / "web" / "package-lock.json"
    data = json.loads(lock.read_text(encoding="utf-8"))
    for package in data["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    lock.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"web/package-lock.json: {len(data['packages']) - 1} packages")


if __name__ == "__main__":
    lock_python()
    lock_web()
