"""``jishi serve``, ``jishi worker``, ``jishi migrate``."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.base.writes import write_back

#: Requests served at once: enough that those which wait for a photo to be written anew keep no other waiting.
THREADS = 24


def serve() -> click.Command:
    """The command that serves the pages and the API."""

    def run(
        host: str, port: int, threads: int, workers: int, no_worker: bool, with_demo: bool, stream_port: int | None
    ) -> None:
        if connection.vendor == "sqlite" and workers > 1:
            raise click.UsageError(_("The embedded database is for one process. Set JISHI_DATABASE_URL for more."))
        refuse_taken(host, port)
        prepare(with_demo)
        if with_demo:
            os.environ["JISHI_DEMO"] = "true"
            settings.ENV = settings.ENV.model_copy(update={"demo": True})
        if not no_worker:
            os.environ["JISHI_WORKER_INSIDE"] = "1"
        end_stream = _start_stream(host, port + 1 if stream_port is None else stream_port)
        connection.close()
        _tell(host, port, with_demo)
        from granian.constants import Interfaces
        from granian.log import LogLevels
        from granian.server import Server

        try:
            Server(
                "jishi.project.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
                blocking_threads=threads, log_access=False, log_level=LogLevels.error, respawn_failed_workers=True,
            ).serve()  # fmt: skip
        finally:
            try:
                end_stream()
            finally:
                write_back()

    return click.Command(
        "serve",
        callback=run,
        help=_("Serve the pages and the API, with the worker inside."),
        params=[
            click.Option(["--host"], default="127.0.0.1", show_default=True, help=_("Address to listen on.")),
            click.Option(
                ["--port"],
                default=8000,
                type=click.IntRange(1, 65_535),
                show_default=True,
                help=_("Port to listen on."),
            ),
            click.Option(
                ["--stream-port"],
                type=click.IntRange(0, 65_535),
                help=_("Port of the live stream; the next one where it is not given, 0 for none."),
            ),
            click.Option(["--threads"], default=THREADS, show_default=True, help=_("Requests served at once.")),
            click.Option(
                ["--workers"], default=1, show_default=True, help=_("Processes; more than one needs PostgreSQL.")
            ),
            click.Option(["--no-worker"], is_flag=True, help=_("Leave timers and background work to `jishi worker`.")),
            click.Option(["--with-demo"], is_flag=True, help=_("Load the small demo when the database is new.")),
        ],
    )


def worker() -> click.Command:
    """The command that runs timers and background work by itself."""

    def run() -> None:
        from jishi.jobs.worker import run_forever

        run_forever()

    return click.Command(
        "worker", callback=run, help=_("Run timers and background work; as many as you like on PostgreSQL.")
    )


def stream() -> click.Command:
    """The command that serves the live stream by itself."""

    def run(host: str, port: int) -> None:
        from jishi.project.stream.serving import run as serve_stream

        refuse_taken(host, port)
        connection.close()
        serve_stream(settings.ENV, host, port)

    return click.Command(
        "stream",
        callback=run,
        help=_("Serve the live stream alone, behind a proxy; JISHI_STREAM_URL says where pages find it."),
        params=[
            click.Option(["--host"], default="127.0.0.1", show_default=True, help=_("Address to listen on.")),
            click.Option(
                ["--port"],
                default=8001,
                type=click.IntRange(1, 65_535),
                show_default=True,
                help=_("Port to listen on."),
            ),
        ],
    )


def migrate() -> click.Command:
    """The command that brings the database up to date."""

    def run() -> None:
        call_command("migrate", verbosity=1)
        click.echo(_("The database is up to date."))

    return click.Command("migrate", callback=run, help=_("Make the database, or bring it up to date."))


def refuse_taken(host: str, port: int) -> None:
    """Raise ``Refused("cannot_listen")`` when nobody can listen there, before any work is done for it."""
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Refused("cannot_listen", address=f"{host}:{port}", detail=error.strerror or str(error)) from error


def behind() -> bool:
    """Whether the database lacks migrations."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def prepare(with_demo: bool) -> None:
    """Make the database on first use; on later starts only look whether it is up to date."""
    from jishi.stations.models import Station

    if behind():
        click.echo(_("Making the database …"))
        call_command("migrate", verbosity=0)
    if with_demo and not Station.objects.exists():
        from jishi.project.commands.data import load_demo

        load_demo(7, "small")


def _start_stream(host: str, port: int) -> Callable[[], None]:
    """Start the live stream beside the server, and let its pages know; without it they ask now and then."""
    from jishi.project.stream.serving import start_child

    _set_stream_port(0)
    if not 0 < port <= 65_535 or settings.ENV.stream_url:
        return lambda: None
    try:
        refuse_taken(host, port)
    except Refused:
        click.echo(_("Port {port} is taken: no live stream, pages ask now and then instead.").format(port=port))
        return lambda: None
    _set_stream_port(port)
    return start_child(host, port)


def _set_stream_port(port: int) -> None:
    os.environ["JISHI_STREAM_PORT"] = str(port)
    settings.ENV = settings.ENV.model_copy(update={"stream_port": port})


def _tell(host: str, port: int, with_demo: bool) -> None:
    shown = f"[{host}]" if ":" in host else host
    click.echo(_("Jishi is at {address}  (Ctrl+C ends it)").format(address=f"http://{shown}:{port}"))
    if with_demo or settings.ENV.demo:
        from jishi.demo.accounts import demo_accounts

        accounts = demo_accounts()
        if accounts:
            click.echo(_("Accounts of the demo:"))
            for account in accounts:
                click.echo(f"  {account.username:<12} {account.password:<16} {account.role}  {account.name}")
