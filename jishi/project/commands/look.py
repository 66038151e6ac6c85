"""``jishi verify``, ``jishi head``, ``jishi doctor``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from jishi.base.sentences import register
from jishi.project.cli import existing_file, write_json

register(
    {
        "bad_head_file": lazy("This file is not what `jishi head` wrote. Give the file that you kept."),
        "station_unknown": lazy(
            "There is no station with this code. Import its areas first, or make it in the administration."
        ),
        "bureau_unknown": lazy("There is no bureau with this code."),
        "verify_event_missing": lazy("an event is missing here"),
        "verify_event_changed": lazy("this event (%(kind)s) is not as it was written"),
        "verify_chain_broken": lazy("this event does not follow the one before it"),
        "verify_tail_cut": lazy("the chain ends too early: events were cut off from here on"),
        "verify_head_differs": lazy("this event is not the one whose hash was kept"),
        "verify_station_missing": lazy("the kept heads name this station, and it is gone"),
        "verify_matter_missing": lazy("there are events of a matter whose row is gone, the first at %(event)s"),
        "verify_matter_without_events": lazy("this matter has no events"),
        "verify_versions_broken": lazy("an event of this matter is missing or stands twice"),
        "verify_row_differs": lazy("%(field)s is %(row)s, and the journal says %(journal)s"),
        "verify_clock_differs": lazy("the clock %(clock)s is not as the journal says"),
        "verify_due_differs": lazy("the deadline of the clock %(clock)s does not follow from its calendar"),
        "verify_deadline_differs": lazy("the next deadline is %(row)s, and its clock says %(clock)s"),
        "verify_owner_differs": lazy("the responsible unit is not the one that the loop gives"),
        "verify_assignment_differs": lazy("the open assignment is not as the journal says"),
        "verify_suspension_differs": lazy("the open suspension is not as the journal says"),
        "verify_text_missing": lazy("words are gone without a purge: %(text)s"),
        "verify_text_changed": lazy("words are not as they were written: %(text)s"),
    }
)


def verify() -> click.Command:
    """The command that proves the ledger."""

    def run(head_file: Path | None, json: bool) -> int:
        from jishi.base.errors import Refused
        from jishi.base.sentences import sentence
        from jishi.matters import verify as ledger

        kept = ledger.read_heads(head_file.read_text(encoding="utf-8")) if head_file else None
        report = ledger.verify(kept)
        if json:
            write_json({"ok": report.ok, **asdict(report)})
        else:
            click.echo(
                _("{events} events of {matters} matters in {stations} chains.").format(
                    events=report.events, matters=report.matters, stations=report.stations
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
        help=_("Walk every chain, build every matter again from its events and compare; exit code 1 when anything is wrong."),  # noqa: E501
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
