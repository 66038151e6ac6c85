"""``jishi verify``, ``jishi head``, ``jishi doctor``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from django.utils.translation import gettext as _

from jishi.project.cli import existing_file, write_json


def verify() -> click.Command:
    """The command that proves the ledger."""

    def run(head_file: Path | None, json: bool) -> int:
        from jishi.base.errors import Refused
        from jishi.base.sentences import sentence
        from jishi.exchange.cap import verify as alerts
        from jishi.matters import verify as ledger

        kept = ledger.read_heads(head_file.read_text(encoding="utf-8")) if head_file else None
        report = ledger.verify(kept)
        report.problems += alerts.problems()
        if json:
            write_json({"ok": report.ok, **asdict(report)})
        else:
            click.echo(
                _("{events} events of {matters} matters in {stations} chains, and {elements} elements.").format(
                    events=report.events, matters=report.matters, stations=report.stations, elements=report.elements
                )
            )
            for problem in report.problems:
                words = sentence(Refused(f"verify_{problem.code}", **problem.facts))
                click.echo(f"{problem.where}: {words}", err=True)
            click.echo(
                _("Everything is as it was written.") if report.ok else _("The ledger is not as it was written.")
            )
        return 0 if report.ok else 1

    return click.Command(
        "verify",
        callback=run,
        help=_("Walk every chain, build every matter and every element again and compare; exit code 1 when anything is wrong."),  # noqa: E501
        params=[
            click.Option(["--head", "head_file"], type=existing_file(), help=_("Heads kept earlier with `jishi head`; finds a tail that was cut.")),  # noqa: E501
            click.Option(["--json"], is_flag=True, help=_("Answer in JSON.")),
        ],
    )  # fmt: skip


def head() -> click.Command:
    """The command that writes down where the chains stand."""

    def run(json: bool) -> int:
        from jishi.matters import verify as ledger

        text = ledger.write_heads()
        if json:
            write_json([{"station": code, "seq": seq, "hash": digest} for code, (seq, digest) in (ledger.read_heads(text) if text else {}).items()])  # fmt: skip  # noqa: E501
        else:
            click.echo(text, nl=False)
        return 0

    return click.Command(
        "head",
        callback=run,
        help=_("Print where every chain stands; keep it elsewhere: jishi head > FILE."),
        params=[click.Option(["--json"], is_flag=True, help=_("Answer in JSON."))],
    )


def doctor() -> click.Command:
    """The command that says whether this installation is well."""

    def run(json: bool) -> int:
        from jishi.project import checkup

        findings = checkup.examine()
        if json:
            write_json({"ok": all(item.ok for item in findings), "checks": [asdict(item) for item in findings]})
        else:
            for item in findings:
                mark = "✓" if item.ok else "✗"
                click.echo(f"{mark} {item.name}: {item.words}")
        return 0 if all(item.ok for item in findings) else 1

    return click.Command(
        "doctor",
        callback=run,
        help=_("Check settings, database, clock, disk and assets, and say what to do."),
        params=[click.Option(["--json"], is_flag=True, help=_("Answer in JSON."))],
    )
