"""The master key: 32 random bytes in a file of their own, which wrap every subject's key."""

from __future__ import annotations

import os
import secrets
import threading
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
_making = threading.Lock()


def master() -> AESGCM:
    """The cipher under the master key; the key is made on first use, unless the operator named a file."""
    return AESGCM(_read(_path()))


def derived(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, which follows from the master key and leads back to nothing."""
    return _derived(_path(), purpose)


def forget() -> None:
    """Read the key's file again next time."""
    _read.cache_clear()
    _derived.cache_clear()


def _path() -> Path:
    return _path_in(settings.MASTER_KEY_FILE, settings.DATA_DIR)


@cache
def _path_in(named: str | None, folder: Path) -> Path:
    return Path(named or folder / "keys" / "master")


@cache
def _derived(path: Path, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"jishi.{purpose}".encode()).derive(_read(path))


@cache
def _read(path: Path) -> bytes:
    with _making:
        if not path.exists():
            _make(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"The master key in {path} has {len(key)} bytes instead of {KEY_BYTES}.")
    return key


def _make(path: Path) -> None:
    from jishi.privacy.models import SubjectKey

    if settings.MASTER_KEY_FILE:
        raise ImproperlyConfigured(f"JISHI_MASTER_KEY_FILE names {path}, which does not exist.")
    if SubjectKey.objects.exists():
        raise ImproperlyConfigured(f"The master key is missing: put {path} back from where keys are backed up.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # whole or not at all, and never over a key that another process made just now
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
