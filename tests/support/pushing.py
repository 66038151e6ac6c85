"""A push service that speaks the real protocol: it holds the token against the key, and the browser's side decrypts."""

from __future__ import annotations

import base64
import json
import os
import re
import time
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.receivers import Act, Asked, Receiver

DAY = 86_400
_AUTHORIZATION = re.compile(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)")


def encoded(data: bytes) -> str:
    """URL-safe Base64 without padding, as browsers write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of it."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """An installed app: its keys, and what it can read."""

    path: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    def keys(self) -> dict[str, str]:
        """What the browser tells the application."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": encoded(point), "auth": encoded(self.secret)}

    def read(self, body: bytes) -> Any:
        """What the service worker gets of an encrypted body (RFC 8291)."""
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"))


class PushService(Receiver):
    """A receiver that refuses what a push service refuses.  ``known`` is the application's key that subscribed."""

    def __init__(self, known: str) -> None:
        super().__init__(usual=(201, {"Location": "/message/1"}, b""))
        self.known = known
        self.claims: list[dict[str, Any]] = []
        self.judge = self._judge

    def _judge(self, asked: Asked) -> Act | None:
        """401 and 403 for a token that does not hold, 400 and 413 for a message that is none."""
        found = _AUTHORIZATION.fullmatch(asked.headers.get("authorization", ""))
        if found is None:
            return 401, {}, b"no vapid token"
        head, body, signature, key = found.groups()
        if json.loads(decoded(head)) != {"typ": "JWT", "alg": "ES256"} or key != self.known:
            return 403, {}, b"not the key that subscribed"
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
        raw = decoded(signature)
        both = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        try:
            point.verify(both, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return 403, {}, b"bad signature"
        claims = json.loads(decoded(body))
        self.claims.append(claims)
        if claims.get("aud") != self.address or not time.time() < claims.get("exp", 0) <= time.time() + DAY:
            return 403, {}, b"token for another service or time"
        if not str(claims.get("sub", "")).startswith(("mailto:", "https:")):
            return 403, {}, b"nobody to ask"
        return self._message(asked)

    def _message(self, asked: Asked) -> Act | None:
        headers = asked.headers
        if headers.get("content-encoding") != "aes128gcm" or not headers.get("ttl", "").isdigit():
            return 400, {}, b"no encoding or no ttl"
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers.get("topic", "x")):
            return 400, {}, b"bad topic"
        return (413, {}, b"too long") if len(asked.body) > 4096 else None
