"""Run a command against a PostgreSQL server of its own: ``python scripts/postgres.py -- COMMAND ...``.

The cluster lives in a temporary folder, listens on a free loopback port, is owned by an ordinary user, and is stopped
and removed when the command ends, whatever its end.  The command finds it in ``JISHI_DATABASE_URL``.  Durability is
off, so this is for tests alone.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
}
START_SECONDS = 60


def server_programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``: the newest of Debian's, or the one on the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ordinary_user() -> pwd.struct_passwd | None:
    """Whom the server runs as: nobody else, unless this is root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("PostgreSQL will not run as root, and this machine has neither a user 'postgres' nor 'nobody'.")


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A running server; gives its ``JISHI_DATABASE_URL``."""
    user = ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="jishi-postgres-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        password = secrets.token_hex(16)
        password_file = folder / "password"
        password_file.write_text(password)
        if user:
            for path in (folder, password_file):
                os.chown(path, user.pw_uid, user.pw_gid)
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        data = folder / "data"
        subprocess.run(
            [
                *(programs / "initdb", "-D", data, "-U", "jishi", "--pwfile", password_file),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **identity,  # type: ignore[call-overload]
        )
        port = free_port()
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, *options],
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **identity,  # type: ignore[call-overload]
        )
        _wait_until_ready(server, programs, port)
        yield f"postgres://jishi:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.send_signal(signal.SIGQUIT)
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(server: subprocess.Popen[bytes], programs: Path, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            sys.exit(f"The PostgreSQL server of the tests ended at once, with status {server.returncode}.")
        ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.1)
    sys.exit(f"The PostgreSQL server of the tests was not ready after {START_SECONDS} seconds.")


def main(arguments: list[str]) -> int:
    """Start the cluster, run the command, and give the command's exit status."""
    if len(arguments) < 2 or arguments[0] != "--":
        print(__doc__, file=sys.stderr)
        return 2
    programs = server_programs()
    if programs is None:
        print("PostgreSQL's server programs (initdb, postgres) are not installed.", file=sys.stderr)
        return 2
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, lambda number, _frame: sys.exit(128 + number))
    with cluster(programs) as url:
        command = subprocess.Popen(arguments[1:], env={**os.environ, "JISHI_DATABASE_URL": url})
        try:
            return command.wait()
        except KeyboardInterrupt:
            return command.wait()
        finally:
            if command.poll() is None:
                command.terminate()
                command.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
