"""How somebody wants to be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time

from django.db import transaction

from jishi.notify import ways
from jishi.notify.channels import sms
from jishi.notify.models import Preference
from jishi.privacy import seal
from jishi.stations.models import Staff


def choose(
    staff: Staff, channels: Mapping[str, Iterable[str]], quiet_from: time | None, quiet_until: time | None
) -> Preference:
    """Keep the channels by group of notices, and the quiet hours; the application is always told."""
    with transaction.atomic():
        chosen = {group: sorted(names) for group, names in channels.items()}
        made, _created = Preference.objects.update_or_create(
            staff=staff, defaults={"channels": chosen, "quiet_from": quiet_from, "quiet_until": quiet_until}
        )
        transaction.on_commit(ways.forget)
    return made


def keep_mobile(staff: Staff, number: str) -> None:
    """Keep the number at which somebody is texted, sealed; an empty one takes it away."""
    with transaction.atomic():
        sealed = seal(("staff", staff.pk), sms.SLOT, number) if number else None
        Preference.objects.update_or_create(staff=staff, defaults={"mobile_sealed": sealed})
        transaction.on_commit(ways.forget)
