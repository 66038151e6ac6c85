"""The gates: every rule that a machine can hold us to, two at a time, each with its time and, on failure, its words."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTHON = sys.executable

# The slow ones first, so that the quick ones fill the other core.
GATES: dict[str, list[str]] = {
    "types (mypy --strict)": [PYTHON, "-m", "mypy"],
    "templates (djlint)": [f"{BIN}/djlint", "--lint", "--quiet", *map(str, sorted(HOUSE.glob("jishi/*/templates")))],
    "house rules": [PYTHON, "-m", "pytest", "-q", "--no-header", "tests/test_house.py"],
    "migrations in step": [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "import order": [f"{BIN}/lint-imports"],
    "translations": [PYTHON, "scripts/translations.py", "check"],
    "lint (ruff)": [f"{BIN}/ruff", "check", "--quiet"],
    "layout (ruff format)": [f"{BIN}/ruff", "format", "--check", "--quiet"],
}
if any(HOUSE.glob("jishi/base/signin/**/*.html")):
    GATES["sign-in pages (djlint)"] = [f"{BIN}/djlint", "--lint", "--quiet", "--profile=django", "jishi/base/signin"]
if (HOUSE / "web" / "package.json").exists():
    GATES["web (npm run check)"] = [f"{BIN}/npm", "--prefix", "web", "run", "--silent", "--if-present", "check"]


def _run(command: list[str], environment: dict[str, str]) -> tuple[int, str, float]:
    begun = time.monotonic()
    done = subprocess.run(
        command, cwd=HOUSE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.returncode, done.stdout, time.monotonic() - begun


def main() -> int:
    """Run every gate; exit status 1 when any fails."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="jishi-check-") as data, ThreadPoolExecutor(2) as pool:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JISHI_")}
        environment["JISHI_DATA_DIR"] = data
        environment["DJANGO_SETTINGS_MODULE"] = "jishi.project.settings"
        environment["PATH"] = f"{BIN}{os.pathsep}{environment['PATH']}"
        running = {name: pool.submit(_run, command, environment) for name, command in GATES.items()}
        for name, result in running.items():
            status, output, seconds = result.result()
            print(f"{'ok    ' if status == 0 else 'FAILED'} {name}, {seconds:.1f} s", flush=True)
            if status != 0:
                failed += 1
                print(output.rstrip(), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
