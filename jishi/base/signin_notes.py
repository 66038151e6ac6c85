"""What the sign-in page may show besides its form: the accounts of the demo, by registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.conf import settings


class DemoAccount(NamedTuple):
    """An account of the demo; its password may be shown because the demo holds made-up data only."""

    username: str
    password: str
    name: str
    role: str


_accounts: list[Callable[[], Sequence[DemoAccount]]] = []


def register(accounts_of_demo: Callable[[], Sequence[DemoAccount]]) -> None:
    """Say where the demo accounts come from."""
    _accounts[:] = [accounts_of_demo]


def accounts() -> Sequence[DemoAccount]:
    """The demo accounts; none outside a demo."""
    return _accounts[0]() if settings.ENV.demo and _accounts else ()
