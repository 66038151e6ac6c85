"""``jishi``: the one command line.

Exit codes: 0 done, 1 refused or something is wrong, 2 called wrongly.  Help and messages come in the language of
``JISHI_LANGUAGE``; where a script would read the answer, ``--json`` gives it.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from jishi.base.errors import Refused


def main() -> NoReturn:
    """Run the command line and end the process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jishi.project.settings")
    from jishi.project import environment

    language = environment.read().language
    import django

    django.setup()
    from django.utils import translation

    translation.activate(language)
    from jishi.project.commands import build
    from jishi.project.helpwords import speak

    speak(language)
    group = build()
    gc.freeze()  # what the start made stays to the end, and need not be looked through again
    sys.exit(run(group))


def run(group: click.Group, args: list[str] | None = None) -> int:
    """Run one command and give its exit code; a refusal is told as a sentence, never as a traceback.

    At its end no connection is open: the embedded database, used by nobody else, is then its one file again.
    """
    from django.db import DatabaseError, connections

    from jishi.base.errors import Refused
    from jishi.base.sentences import sentence

    try:
        result = group.main(args, prog_name="jishi", standalone_mode=False)
    except click.exceptions.Abort:
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Refused as refused:
        click.echo(sentence(refused), err=True)
        return 1
    except DatabaseError as error:
        known = _known(error)
        if known is None:
            raise
        click.echo(sentence(known), err=True)
        return 1
    finally:
        connections.close_all()
    return result if isinstance(result, int) else 0


def _known(error: Exception) -> Refused | None:
    """A database that cannot be reached, or lacks migrations, as a refusal; None for anything else."""
    from django.db import DatabaseError, connection

    from jishi.base.errors import Refused
    from jishi.project.commands.service import behind

    try:
        connection.close()
        connection.ensure_connection()
        return Refused("not_migrated") if behind() else None
    except DatabaseError:
        return Refused("no_database", detail=str(error).splitlines()[0].strip())


class Progress:
    """A line on the error stream that says how far long work has come; nothing for work under two seconds."""

    def __init__(self, words: Callable[[int, float], str]) -> None:
        from time import monotonic

        self._now = monotonic
        self._words = words
        self._began = self._told = monotonic()

    def __call__(self, done: int, total: int | None = None) -> None:
        """Tell that ``done`` steps of ``total`` are done."""
        now = self._now()
        if now - self._began < 2 or now - self._told < 1:
            return
        self._told = now
        share = f"{done:,} / {total:,}" if total else f"{done:,}"
        click.echo(self._words(done, done / (now - self._began)).replace("{share}", share), err=True)


def write_json(values: Any) -> None:
    """Print ``values`` as JSON on the standard output."""
    import json

    click.echo(json.dumps(values, ensure_ascii=False, indent=2, default=str))


def existing_file() -> click.Path:
    """The type of an argument that names a file that is there."""
    return click.Path(exists=True, dir_okay=False, path_type=Path)
