"""How accounts are made and opened: by an administrator only, with an account name."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class NoSignUp(DefaultAccountAdapter):  # type: ignore[misc]  # ships no types
    """Nobody makes an account for themselves."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "After five failed attempts this account is locked for five minutes. "
            "Wait, or ask your administrator for a new password."
        ),
        "username_password_mismatch": _("The account and the password do not match. Check both and try again."),
        "account_inactive": _("This account is closed. Ask your administrator."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_user_search_fields(self) -> list[str]:
        """The fields by which an account is found."""
        return ["username"]

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Leave the account name as the administrator chose it."""
