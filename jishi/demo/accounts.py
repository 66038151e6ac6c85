"""The accounts of the demo: one for each role, told on the sign-in page and by ``jishi serve --with-demo``."""

from __future__ import annotations

from jishi.base.signin_notes import DemoAccount
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


def demo_accounts() -> list[DemoAccount]:
    """The accounts of the demo that are there, with their password; none where no demo was made."""
    names = dict(Staff.objects.filter(username__in=ACCOUNTS, is_active=True).values_list("username", "name"))
    return [
        DemoAccount(username, PASSWORD, names[username], str(role.label))
        for username, role in ACCOUNTS.items()
        if username in names
    ]
