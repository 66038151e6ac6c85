"""The installation's key for Web Push: made on first use, sealed."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.db import transaction
from py_vapid import Vapid02

from jishi.notify.models import VapidKey
from jishi.privacy import open_sealed, seal
from jishi.stations.remember import Remembered

_SUBJECT = ("vapid", 1)
_SLOT = "private"


def public_key() -> str:
    """The key as browsers take it, made where there is none."""
    return _vapid.get(None)[1]


def known_key() -> str:
    """The key as browsers take it, "" before it was made: for what only reads."""
    return VapidKey.objects.filter(pk=1).values_list("public", flat=True).first() or ""


def signer() -> Vapid02:
    """What signs the tokens for push services."""
    return _vapid.get(None)[0]


def forget() -> None:
    """Read the key again next time."""
    _vapid.forget()


def _load(_key: None) -> tuple[Vapid02, str]:
    row = VapidKey.objects.filter(pk=1).first() or _make()
    pem = open_sealed(_SUBJECT, _SLOT, bytes(row.private_sealed))
    return Vapid02(load_pem_private_key(pem.encode(), None)), row.public


@transaction.atomic
def _make() -> VapidKey:
    """Make the installation's key; where two processes do so at once, the first one counts."""
    vapid = Vapid02()
    vapid.generate_keys()
    pem = vapid.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    point = vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    public = base64.urlsafe_b64encode(point).rstrip(b"=").decode()
    row = VapidKey(pk=1, private_sealed=seal(_SUBJECT, _SLOT, pem), public=public)
    VapidKey.objects.bulk_create([row], ignore_conflicts=True)
    return VapidKey.objects.get(pk=1)


_vapid: Remembered[None, tuple[Vapid02, str]] = Remembered(_load)
