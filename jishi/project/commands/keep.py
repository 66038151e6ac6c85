"""``jishi purge``."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from jishi.project.cli import write_json


def purge() -> click.Command:
    """The command that destroys what has had its time, or says what would go."""

    def run(dry_run: bool, json: bool) -> int:
        from django.utils import timezone

        from jishi.privacy.purge import Counts, count_held, label_of, run_purge
        from jishi.stations.models import Station

        now = timezone.now()
        codes = dict(Station.objects.values_list("pk", "code"))

        def by_code(counts: Counts) -> dict[str, dict[str, int]]:
            return {
                kind: {codes.get(pk, str(pk)): many for pk, many in sorted(at.items())} for kind, at in counts.items()
            }  # fmt: skip

        told = by_code(run_purge(now, dry_run))
        held = by_code(count_held(now))
        if json:
            write_json({"dry_run": dry_run, "kinds": told, "held": held})
            return 0
        for kind, at in told.items():
            for code, many in at.items():
                click.echo(f"{code}  {many:>8,}  {label_of(kind)}")
        for kind, at in held.items():
            for code, many in at.items():
                click.echo(f"{code}  {many:>8,}  " + _("kept by a legal hold: %(what)s") % {"what": label_of(kind)})
        if not any(told.values()):
            click.echo(_("There is nothing to delete."))
        elif dry_run:
            click.echo(_("Nothing was changed. Run it without --dry-run to delete this for good."))
        else:
            click.echo(
                _("Deleted for good. What is left are stubs without words; `jishi verify` still proves the ledger.")
            )
        return 0

    return click.Command(
        "purge",
        callback=run,
        help=_(
            "Delete what has had its time: words, photos, parties and exact points of matters that were finally closed long enough ago, unless a legal hold keeps them. The worker does it once a day; after a restore, run it before serving."  # noqa: E501
        ),
        params=[
            click.Option(["--dry-run"], is_flag=True, help=_("Only count by station and kind; change nothing.")),
            click.Option(["--json"], is_flag=True, help=_("Answer in JSON.")),
        ],
    )
