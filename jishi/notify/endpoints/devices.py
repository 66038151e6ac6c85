"""The apps that members of staff installed and that take Web Push."""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.db.models import QuerySet

from jishi.base.errors import Refused
from jishi.notify import ways
from jishi.notify.channels.config import sealed
from jishi.notify.channels.guard import check_url
from jishi.notify.channels.parcel import Failed
from jishi.notify.models import PushSubscription
from jishi.privacy import destroy_keys
from jishi.stations.models import Staff

SUBJECT = "subscription"
#: So many apps of one member of staff; the oldest goes when one more comes.
MOST = 10
_POINT, _AUTH = 65, 16


def devices_of(staff: Staff) -> QuerySet[PushSubscription]:
    """The apps of one member of staff, the newest first."""
    return PushSubscription.objects.filter(staff=staff).order_by("-created_at", "-pk")


def digest_of(endpoint: str) -> str:
    """By which an app is known without its address."""
    return sha256(endpoint.encode()).hexdigest()


@transaction.atomic
def subscribe(staff: Staff, *, endpoint: str, p256dh: str, auth: str, device: str = "") -> PushSubscription:
    """Push to this app from now on; an app that another member of staff used is theirs no more."""
    _check(endpoint, p256dh, auth)
    digest = digest_of(endpoint)
    found, made = PushSubscription.objects.select_for_update().get_or_create(
        digest=digest, defaults={"staff": staff, "device": device[:60]}
    )
    config = {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}}
    found.staff, found.device = staff, device[:60]
    found.config_sealed = sealed(SUBJECT, found.pk, config)
    found.save(update_fields=["staff", "device", "config_sealed"])
    transaction.on_commit(ways.forget)
    if made:
        for old in devices_of(staff)[MOST:]:
            drop(old)
    return found


def unsubscribe(staff: Staff, endpoint: str) -> bool:
    """Push to this app no more.  Returns whether it was one of theirs."""
    found = PushSubscription.objects.filter(staff=staff, digest=digest_of(endpoint)).first()
    if found is not None:
        drop(found)
    return found is not None


@transaction.atomic
def drop(subscription: PushSubscription) -> None:
    """Forget an app; its address can be read no more."""
    pk = subscription.pk
    PushSubscription.objects.filter(pk=pk).delete()
    destroy_keys([(SUBJECT, pk)])
    transaction.on_commit(ways.forget)


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    """Hold that it is what a browser gives.  Raises ``Refused``."""
    try:
        check_url(endpoint)
        point, secret = _bytes(p256dh), _bytes(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (Failed, ValueError, binascii.Error) as error:
        raise Refused("bad_subscription") from error
    if len(endpoint) > 2000 or len(point) != _POINT or len(secret) != _AUTH:
        raise Refused("bad_subscription")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
