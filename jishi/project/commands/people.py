"""``jishi admin create``."""

from __future__ import annotations

import os
from typing import TypeVar

import click
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from jishi.base.errors import Refused

M = TypeVar("M", bound=Model)


def admin() -> click.Group:
    """The commands about administrators."""
    group = click.Group("admin", help=_("Administrators of this installation."))
    group.add_command(_create())
    return group


def _create() -> click.Command:
    def run(
        username: str, name: str | None, station: str | None, bureau: str | None, password_variable: str | None
    ) -> int:
        from jishi.stations.actions import create_administrator
        from jishi.stations.models import Bureau, Station

        if password_variable:
            password = os.environ.get(password_variable, "")
        else:
            password = click.prompt(_("Password"), hide_input=True, confirmation_prompt=_("Repeat for confirmation"))
        try:
            made = create_administrator(
                username=username,
                name=name or username,
                password=password,
                station=_one(Station, station, "station_unknown"),
                bureau=_one(Bureau, bureau, "bureau_unknown"),
            )
        except ValidationError as error:
            raise click.ClickException(" ".join(error.messages)) from error
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
            click.Option(["--bureau"], help=_("Code of the bureau to manage; the only one if left out.")),
            click.Option(["--password-variable"], help=_("Environment variable that holds the password, for scripts.")),
        ],
    )


def _one(kind: type[M], code: str | None, refusal: str) -> M | None:
    """The row with this code; None where no code is given.  Raises ``Refused`` with ``refusal`` where there is none."""
    if code is None:
        return None
    found = kind._default_manager.filter(code=code).first()
    if found is None:
        raise Refused(refusal, code=code)
    return found
