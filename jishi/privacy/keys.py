"""Sealing values: AES-256-GCM with one data key for each subject, so that purging the key purges the values."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from jishi.privacy.master import master

#: What a value belongs to: its kind and its id, such as ``("matter", 17)``.
Subject = tuple[str, int]

VERSION = b"\x01"
NONCE_BYTES = 12
CACHED_SECONDS = 60
CACHED_KEYS = 2000


class Unreadable(Exception):
    """A sealed value cannot be opened: its key was destroyed, or it was sealed for another subject or slot."""


class _Cache:
    """Data keys for a minute, so that a page of sealed values does not fetch its key for each."""

    def __init__(self) -> None:
        self._keys: OrderedDict[Subject, tuple[float, AESGCM]] = OrderedDict()
        self._lock = Lock()

    def get(self, subject: Subject) -> AESGCM | None:
        with self._lock:
            found = self._keys.get(subject)
            if found and found[0] > time.monotonic():
                return found[1]
            return None

    def put(self, subject: Subject, key: AESGCM) -> None:
        with self._lock:
            self._keys[subject] = (time.monotonic() + CACHED_SECONDS, key)
            self._keys.move_to_end(subject)
            while len(self._keys) > CACHED_KEYS:
                self._keys.popitem(last=False)

    def drop(self, subjects: Iterable[Subject]) -> None:
        with self._lock:
            for subject in subjects:
                self._keys.pop(subject, None)

    def clear(self) -> None:
        with self._lock:
            self._keys.clear()


_cache = _Cache()


def seal(subject: Subject, slot: str, plaintext: str) -> bytes:
    """Encrypt ``plaintext`` for one slot of one subject; the same words give other bytes each time.

    Part of the caller's transaction: the subject's key is made with it when it has none.
    """
    return seal_all(subject, {slot: plaintext})[slot]


def seal_all(subject: Subject, plaintexts: Mapping[str, str], *, new: bool = False) -> dict[str, bytes]:
    """Encrypt several slots of one subject, its key fetched once.

    ``new`` says that the subject was made in this very transaction, so that its key is made without looking for one.
    """
    key = _make_key(subject) if new else _key_of(subject) or _make_key(subject)
    return {slot: _encrypt(key, _context(subject, slot), text.encode()) for slot, text in plaintexts.items()}


def open_sealed(subject: Subject, slot: str, sealed: bytes) -> str:
    """The words that were sealed for exactly this subject and slot.  Raises ``Unreadable``."""
    key = _key_of(subject)
    if key is None:
        raise Unreadable("no_key")
    return _decrypt(key, _context(subject, slot), bytes(sealed)).decode()


def destroy_keys(subjects: Iterable[Subject]) -> int:
    """Destroy the keys of these subjects: whatever was sealed for them is gone.  Returns how many had one."""
    from jishi.privacy.models import SubjectKey

    gone = 0
    by_kind: dict[str, list[int]] = {}
    for kind, subject_id in subjects:
        by_kind.setdefault(kind, []).append(subject_id)
    with transaction.atomic():
        for kind, ids in by_kind.items():
            keys = SubjectKey.objects.filter(subject_kind=kind, subject_id__in=ids)
            keys.update(wrapped=b"")
            gone += keys.delete()[0]
            _cache.drop((kind, subject_id) for subject_id in ids)
    return gone


def forget() -> None:
    """Drop the cached keys of this process."""
    _cache.clear()


def _key_of(subject: Subject) -> AESGCM | None:
    from jishi.privacy.models import SubjectKey

    known = _cache.get(subject)
    if known:
        return known
    rows = SubjectKey.objects.filter(subject_kind=subject[0], subject_id=subject[1])
    wrapped = rows.values_list("wrapped", flat=True).first()
    if not wrapped:
        return None
    key = AESGCM(_decrypt(master(), _key_context(subject), bytes(wrapped)))
    transaction.on_commit(lambda: _cache.put(subject, key))  # a key whose row is rolled back must never seal
    return key


def _make_key(subject: Subject) -> AESGCM:
    from jishi.privacy.models import SubjectKey

    raw = AESGCM.generate_key(bit_length=256)
    wrapped = _encrypt(master(), _key_context(subject), raw)
    row = SubjectKey(subject_kind=subject[0], subject_id=subject[1], wrapped=wrapped)
    with transaction.atomic():
        SubjectKey.objects.bulk_create([row], ignore_conflicts=True)
        key = _key_of(subject)
    if key is None:
        raise Unreadable("no_key")
    return key


def _context(subject: Subject, slot: str) -> bytes:
    return f"value:{subject[0]}:{subject[1]}:{slot}".encode()


def _key_context(subject: Subject) -> bytes:
    return f"key:{subject[0]}:{subject[1]}".encode()


def _encrypt(key: AESGCM, context: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + key.encrypt(nonce, plain, context)


def _decrypt(key: AESGCM, context: bytes, sealed: bytes) -> bytes:
    if sealed[:1] != VERSION:
        raise Unreadable("unknown_version")
    try:
        return key.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], context)
    except InvalidTag as error:
        raise Unreadable("wrong_key_or_place") from error
