"""What the operator may set: every ``JISHI_*`` variable, its meaning and its check, in one class."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import sys
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from jishi.project.wrongwords import Wrong, told
from jishi.project.wrongwords import gettext_noop as _

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
CHECKOUT = Path(__file__).resolve().parents[2]
#: From how many times on a statement that is asked again is planned once for all, on each connection to PostgreSQL.
PREPARED_FROM = 5


class Environment(BaseSettings):
    """The settings of one installation, read from ``JISHI_*`` variables only."""

    model_config = SettingsConfigDict(env_prefix="JISHI_", extra="ignore")

    data_dir: Path = Field(
        default_factory=lambda: (CHECKOUT if (CHECKOUT / "Makefile").exists() else Path.cwd()) / "var",
        validate_default=True,
        description="Folder of the embedded database, the keys and the attachments.",
    )
    database_url: str = Field(
        "", description="postgres://USER:PASSWORD@HOST:PORT/NAME; empty: SQLite in the data folder."
    )
    secret_key: str = Field(
        "", description="Signing key, 50 characters or more; empty: made and kept in the data folder."
    )
    master_key_file: Path | None = Field(
        None, description="File of the 32 bytes that wrap every key; empty: made and kept in the data folder."
    )
    language: Literal["zh-hans", "en"] = Field("zh-hans", description="First language of the interface.")
    time_zone: str = Field("Asia/Shanghai", description="Zone of a station that names none.")
    hosts: str = Field("127.0.0.1,localhost,[::1]", description="Host names served, with commas between.")
    url: str = Field(
        "http://127.0.0.1:8000", description="Address of the installation, for links in mails and messages."
    )
    stream_url: str = Field(
        "", description="Address of the live stream behind a proxy; empty: the host of the page, at the stream's port."
    )
    stream_port: int = Field(
        0, ge=0, le=65_535, description="Port of the live stream; set by `jishi serve`. 0: pages ask now and then."
    )
    secure: bool = Field(False, description="True behind HTTPS: secure cookies and HSTS.")
    debug: bool = Field(False, description="Django's debug pages. Never on a station's machine.")
    basemap: Path | None = Field(
        None,
        description="Base map: a .pmtiles or .geojson(.gz) file, or a folder of them; empty: `basemap` in the data.",
    )
    wmts: str = Field(
        "", description="Base map of a tile service instead: https addresses with {z}, {x}, {y}, with blanks between."
    )
    wmts_credit: str = Field("", description="What the tile service wants to be named by, on the map.")
    webhook_private: str = Field(
        "",
        description="Networks of one's own that webhooks and gateways may reach: 10.1.0.0/16, with commas between, or"
        " `all`. Empty: none, not even this machine.",
    )
    demo: bool = Field(False, description="True where the accounts of the demo may be shown on the sign-in page.")
    metrics_token: str = Field(
        "", description="Token of a reader of /metrics from another machine, 20 characters or more; empty: none may."
    )
    session_hours: int = Field(12, ge=1, le=168, description="Hours after which a session ends.")
    test_fast_passwords: bool = Field(False, description="For tests alone: a cheap password hash.")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Wrong(_("is not a time zone, give a name such as Asia/Shanghai")) from error
        return value

    @field_validator("master_key_file")
    @classmethod
    def _key_file_is_there(cls, value: Path | None) -> Path | None:
        if value and not value.is_file():
            raise Wrong(_("is not a file, make one with: head -c 32 /dev/urandom > FILE"))
        return value

    @field_validator("basemap")
    @classmethod
    def _base_map_is_there(cls, value: Path | None) -> Path | None:
        if value and not value.exists():
            raise Wrong(_("is not there, give a .pmtiles or .geojson file or a folder of them"))
        return value

    @field_validator("wmts")
    @classmethod
    def _tile_addresses(cls, value: str) -> str:
        for address in value.split():
            host = urlsplit(address).hostname or ""
            if (
                not address.startswith("https://")
                or not host
                or not all(part in address for part in ("{z}", "{x}", "{y}"))
            ):
                raise Wrong(_("must be https addresses that hold {z}, {x} and {y}"))
            if not re.fullmatch(r"[A-Za-z0-9.-]+", host):
                raise Wrong(_("must name its host without a placeholder"))
        return value

    @field_validator("url", "stream_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
            raise Wrong(_("must be an address that begins with http:// or https://"))
        return value.rstrip("/")

    @field_validator("webhook_private")
    @classmethod
    def _networks(cls, value: str) -> str:
        try:
            _networks(value)
        except ValueError as error:
            raise Wrong(_("must be networks such as 10.1.0.0/16, with commas between, or all")) from error
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_key(cls, value: str) -> str:
        if value and len(value) < 50:
            raise Wrong(_("must have 50 characters or more"))
        return value

    @field_validator("metrics_token")
    @classmethod
    def _long_token(cls, value: str) -> str:
        if value and (len(value) < 20 or not value.isascii() or not value.isprintable() or " " in value):
            raise Wrong(_("must have 20 characters or more, without blanks"))
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("postgres", "postgresql", "sqlite"):
            raise Wrong(_("must begin with postgres:// or sqlite:///, or be empty"))
        try:
            urlsplit(value).port  # noqa: B018 (reading it checks it)
        except ValueError as error:
            raise Wrong(_("has a port that is no number from 0 to 65535")) from error
        if not re.fullmatch(r"none|\d{0,6}", _asked_of(value).get("prepare_threshold", "")):
            raise Wrong(_("has a prepare_threshold that is neither none nor a number"))
        return value

    @field_validator("data_dir")
    @classmethod
    def _folder_can_be_written(cls, value: Path) -> Path:
        try:
            value.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Wrong(_("cannot be made: %(why)s"), why=error.strerror) from error
        if not os.access(value, os.W_OK | os.X_OK):
            raise Wrong(_("cannot be written, choose another folder or give this user the right to it"))
        return value

    def database(self) -> dict[str, object]:
        """Django's ``DATABASES["default"]`` for the URL, or for the embedded SQLite file where there is none."""
        parts = urlsplit(self.database_url)
        if parts.scheme in ("", "sqlite"):
            name = unquote(parts.path.removeprefix("/")) or str(self.data_dir / "jishi.sqlite3")
            return {
                "ENGINE": "jishi.base.sqlite",
                "NAME": name,
                "TEST": {"NAME": ":memory:"},
                "CONN_MAX_AGE": 600,
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; "
                    "PRAGMA secure_delete=FAST;",
                },
            }
        query = _asked_of(self.database_url)
        asked = query.pop("prepare_threshold", str(PREPARED_FROM))
        prepared = None if asked == "none" else int(asked)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": str(parts.port or query.pop("port", "")),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            # values are sent beside the statement, and what is asked often is planned once for each connection
            "OPTIONS": {**query, "server_side_binding": True, "prepare_threshold": prepared},
        }

    def private_networks(self) -> list[Network]:
        """The networks of one's own that webhooks and gateways may reach."""
        return _networks(self.webhook_private)

    def secret(self) -> str:
        """The signing key; made on first use and kept in the data folder, readable by its owner only."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret_key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            try:
                with open(path, "x", opener=_owner_only) as file:
                    file.write(secrets.token_urlsafe(64))
            except FileExistsError:
                pass
        return path.read_text().strip()


def _asked_of(database_url: str) -> dict[str, str]:
    """What the address of a database asks of its driver, behind the question mark."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(database_url).query).items()}


def _networks(value: str) -> list[Network]:
    if value.strip() == "all":
        value = "0.0.0.0/0, ::/0"
    return [ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip()]


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def read() -> Environment:
    """Read the environment, or end the process with a sentence for each bad value (exit code 2)."""
    try:
        return Environment()
    except ValidationError as error:
        for line in told(error, os.environ.get("JISHI_LANGUAGE", "")):
            print(line, file=sys.stderr)
        sys.exit(2)
