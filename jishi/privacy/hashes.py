"""The salted hash that an event may hold of words which must stay purgeable."""

from __future__ import annotations

import hmac
import secrets


def salted_hash(text: str) -> tuple[str, str]:
    """A new salt (32 hexadecimal digits) and the hash of ``text`` under it (64).  Without the salt nobody can guess."""
    salt = secrets.token_hex(16)
    return salt, salted_digest(salt, text)


def salted_digest(salt: str, text: str) -> str:
    """The hash of ``text`` under a salt that was kept: HMAC-SHA-256, in hexadecimal digits."""
    return hmac.digest(salt.encode(), text.encode(), "sha256").hex()
