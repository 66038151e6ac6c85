"""Hashes: salted ones, which events hold of words that stay purgeable, and keyed ones, which the database alone cannot
guess."""

from __future__ import annotations

import hmac
import secrets

from jishi.privacy.master import derived


def salted_hash(text: str) -> tuple[str, str]:
    """A new salt (32 hexadecimal digits) and the hash of ``text`` under it (64).  Without the salt nobody can guess."""
    salt = secrets.token_hex(16)
    return salt, salted_digest(salt, text)


def salted_digest(salt: str, text: str) -> str:
    """The hash of ``text`` under a salt that was kept: HMAC-SHA-256, in hexadecimal digits."""
    return hmac.digest(salt.encode(), text.encode(), "sha256").hex()


def keyed_hash(purpose: str, text: str) -> str:
    """The hash of ``text`` under the master key, for one purpose; in 64 hexadecimal digits.

    For what has little chance in it, such as a short secret: whoever has only the database can try nothing.
    """
    return hmac.digest(derived(purpose), text.encode("utf-8", "replace"), "sha256").hex()


def keyed_number(purpose: str, text: str, bits: int) -> int:
    """A number of at most 256 bits that follows from ``text`` under the master key, for one purpose."""
    return int(keyed_hash(purpose, text), 16) >> (256 - bits)
