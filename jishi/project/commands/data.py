"""``jishi demo``, ``jishi import matters``, ``jishi import register``, ``jishi import areas``."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.project.cli import Progress, existing_file, write_json

if TYPE_CHECKING:
    from jishi.exchange.report import Report
    from jishi.stations.models import Station


def load_demo(seed: int, size: str, json: bool = False, until: datetime | None = None) -> None:
    """Make the demo's district, telling how far it has come."""
    from jishi.demo.accounts import demo_accounts
    from jishi.demo.actions import make_demo

    click.echo(_("Making the demo district ({size}) …").format(size=size), err=json)
    made = make_demo(seed=seed, size=size, until=until, progress=Progress(lambda done, rate: _("  {share} matters")))
    if json:
        write_json({**asdict(made), "accounts": [account._asdict() for account in demo_accounts()]})
        return
    words = _("Made {elements} elements of the register and {matters} matters in {stations} stations.")
    click.echo(words.format(elements=made.elements, matters=made.matters, stations=made.stations))


def demo() -> click.Command:
    """The command that makes a fictional district."""

    def run(seed: int, size: str, until: datetime | None, json: bool) -> None:
        until = timezone.make_aware(until) if until else None
        if until and until > timezone.now():
            raise click.UsageError(_("The history cannot end in the future."))
        load_demo(seed, size, json, until)

    return click.Command(
        "demo",
        callback=run,
        help=_("Make a fictional district with its history; the same seed and end give the same data."),
        params=[
            click.Option(["--seed"], default=7, show_default=True, help=_("Seed of everything that is drawn.")),
            click.Option(["--size"], default="full", show_default=True, type=click.Choice(["small", "full"]), help=_("small: one station; full: four, with a year of matters and some 20,000 elements.")),  # noqa: E501
            click.Option(["--until"], type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help=_("End of the history; the last 0, 6, 12 or 18 o'clock if left out.")),  # noqa: E501
            click.Option(["--json"], is_flag=True, help=_("Answer in JSON.")),
        ],
    )  # fmt: skip


def imports() -> click.Group:
    """The commands that bring in what a station already has."""
    group = click.Group("import", help=_("Bring in what a station already has."))
    group.add_command(_matters())
    group.add_command(_register())
    group.add_command(_areas())
    return group


def _matters() -> click.Command:
    def run(file: Path, map_file: Path, station: str, dry_run: bool, rejects: Path | None, json: bool) -> int:
        from jishi.exchange.matters_import import import_matters

        report = import_matters(
            file, map_file, _station(station), by=None, dry_run=dry_run, rejects=rejects, progress=_rows()
        )
        return _tell(report, json)

    return _table_command(
        "matters",
        run,
        _("Import matters from CSV, TSV, XLSX or GeoJSON, plain or gzipped. Every row is accounted for."),
    )


def _register() -> click.Command:
    def run(file: Path, map_file: Path, station: str, dry_run: bool, rejects: Path | None, json: bool) -> int:
        from jishi.exchange.register_import import import_register

        report = import_register(
            file, map_file, _station(station), by=None, dry_run=dry_run, rejects=rejects, progress=_rows()
        )
        return _tell(report, json)

    return _table_command(
        "register",
        run,
        _("Import a list of places, organisations and things; rows of one key become the history of one element."),
    )


def _station(code: str) -> Station:
    gc.freeze()  # what is loaded by now stays: no need to look through it again and again among a million rows
    from jishi.stations.models import Station

    found = Station.objects.filter(code=code).first()
    if found is None:
        raise Refused("station_unknown", station=code)
    return found


def _rows() -> Progress:
    return Progress(lambda done, rate: _("  {share} rows, {rate} a second").replace("{rate}", f"{rate:,.0f}"))


def _tell(report: Report, json: bool) -> int:
    if json:
        write_json(report.as_dict())
    else:
        click.echo(report.in_words())
    return 0


def _table_command(name: str, run: Callable[..., int], help_: str) -> click.Command:
    """A command that brings in a table as a map says."""
    return click.Command(
        name,
        callback=run,
        help=help_,
        params=[
            click.Argument(["file"], type=existing_file()),
            click.Option(["--map", "map_file"], required=True, type=existing_file(), help=_("The map file that names the columns.")),  # noqa: E501
            click.Option(["--station"], required=True, help=_("Code of the station.")),
            click.Option(["--dry-run"], is_flag=True, help=_("Say what would happen; write nothing.")),
            click.Option(["--rejects"], type=click.Path(dir_okay=False, path_type=Path), help=_("Where to write the rejected rows.")),  # noqa: E501
            click.Option(["--json"], is_flag=True, help=_("Answer in JSON.")),
        ],
    )  # fmt: skip


def _areas() -> click.Command:
    def run(file: Path, name_field: str, code_field: str | None, station: str, bureau: str | None, datum: str, dry_run: bool, json: bool) -> int:  # fmt: skip  # noqa: E501
        from jishi.stations.actions import import_areas

        report = import_areas(file, name_field=name_field, code_field=code_field, station_code=station, bureau=bureau, datum=datum, dry_run=dry_run)  # fmt: skip  # noqa: E501
        if json:
            write_json(asdict(report))
        else:
            click.echo(report.in_words())
        return 0

    return click.Command(
        "areas",
        callback=run,
        help=_("Import the areas of a station from GeoJSON; makes the station where it is missing."),
        params=[
            click.Argument(["file"], type=existing_file()),
            click.Option(["--name-field"], required=True, help=_("Property that holds the area's name.")),
            click.Option(
                ["--code-field"], help=_("Property that holds the area's code; made from the name if left out.")
            ),
            click.Option(["--station"], required=True, help=_("Code of the station.")),
            click.Option(
                ["--datum"],
                default="wgs84",
                show_default=True,
                type=click.Choice(["wgs84", "gcj02", "bd09", "cgcs2000"]),
                help=_("Datum of the coordinates; outlines are kept in WGS-84."),
            ),
            click.Option(["--bureau"], help=_("Code of the bureau for a new station; needed where there are several.")),
            click.Option(["--dry-run"], is_flag=True, help=_("Say what would happen; write nothing.")),
            click.Option(["--json"], is_flag=True, help=_("Answer in JSON.")),
        ],
    )
