"""The commands of ``jishi``, built anew for each run so that their help is in the reader's language."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from jishi.project import sentences  # noqa: F401 - registers its sentences
from jishi.project.commands import data, keep, look, people, service


def build() -> click.Group:
    """All commands."""
    group = click.Group(help=_("Jishi, the closed-loop safety ledger of a local station."))
    for make in (service.serve, service.worker, service.stream, service.migrate, data.demo, people.admin, data.imports,
                 look.verify, look.head, keep.purge, look.doctor):  # fmt: skip
        group.add_command(make())
    return group
