"""The accounts of the demo: one for each role, told on the sign-in page and by ``jishi serve --with-demo``."""

from __future__ import annotations

from dataclasses import dataclass

from jishi.stations.models import Role, Staff

PASSWORD = "pingan-2026-demo"  # noqa: S105 - the demo's, told to everybody

#: Account → role, in the order in which a matter meets them.
ACCOUNTS = {
    "desk": Role.DESK,
    "officer": Role.OFFICER,
    "checker": Role.CHECKER,
    "deputy": Role.DEPUTY,
    "chief": Role.CHIEF,
    "auxiliary": Role.AUXILIARY,
    "analyst": Role.ANALYST,
    "auditor": Role.AUDITOR,
    "admin": Role.ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True)
class Account:
    """An account that anybody may try."""

    username: str
    password: str
    role: str
    name: str


def demo_accounts() -> list[Account]:
    """The accounts of the demo that are there, with their password; none where no demo was made."""
    names = dict(Staff.objects.filter(username__in=ACCOUNTS, is_active=True).values_list("username", "name"))
    return [
        Account(username, PASSWORD, str(role.label), names[username])
        for username, role in ACCOUNTS.items()
        if username in names
    ]
