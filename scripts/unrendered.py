"""Name every template that no test has rendered.  The suite writes what it rendered to ``.test/rendered/``."""

from __future__ import annotations

import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
RENDERED = HOUSE / ".test" / "rendered"
FOLDERS = [*sorted(HOUSE.glob("jishi/*/templates")), HOUSE / "jishi" / "base" / "signin"]


def main() -> int:
    """Exit status 1 when a template was never rendered."""
    rendered = {line for path in RENDERED.glob("*.txt") for line in path.read_text().splitlines()}
    if not rendered:
        print("No record of rendered templates: run the suite first (make test-sqlite).", file=sys.stderr)
        return 1
    unrendered = [
        path
        for folder in FOLDERS
        for path in sorted(folder.rglob("*"))
        if path.is_file() and str(path.relative_to(folder)) not in rendered
    ]
    for path in unrendered:
        print(f"{path.relative_to(HOUSE)}: no test renders this template.", file=sys.stderr)
    return 1 if unrendered else 0


if __name__ == "__main__":
    sys.exit(main())
