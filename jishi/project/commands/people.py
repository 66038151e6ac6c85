"""``jishi admin create``."""

from __future__ import annotations

import os

import click
from django.utils.translation import gettext as _

from jishi.project.cli import write_json


def admin() -> click.Group:
    """The commands about administrators."""
    group = click.Group("admin", help=_("Administrators of this installation."))
    group.add_command(_create())
    return group


def _create() -> click.Command:
    def run(
        username: str,
        name: str | None,
        station: str | None,
        bureau: str | None,
        password_variable: str | None,
        json: bool,
    ) -> int:
        from jishi.stations.actions import create_administrator

        if password_variable:
            password = os.environ.get(password_variable, "")
        else:
            password = click.prompt(_("Password"), hide_input=True, confirmation_prompt=_("Repeat for confirmation"))
        made = create_administrator(
            username=username, name=name or username, password=password, station_code=station, bureau_code=bureau
        )
        if json:
            write_json({"username": made.username, "name": made.name, "station": station, "bureau": bureau})
            return 0
        click.echo(_("{name} can sign in as administrator.").format(name=made.username))
        return 0

    return click.Command(
        "create",
        callback=run,
        help=_("Make an account that manages stations, units and staff."),
        params=[
            click.Argument(["username"]),
            click.Option(["--name"], help=_("Name on the badge.")),
            click.Option(["--station"], help=_("Code of the one station to manage.")),
            click.Option(["--bureau"], help=_("Code of the bureau to manage; made where it is missing.")),
            click.Option(["--password-variable"], help=_("Environment variable that holds the password, for scripts.")),
            click.Option(["--json"], is_flag=True, help=_("Answer in JSON.")),
        ],
    )
