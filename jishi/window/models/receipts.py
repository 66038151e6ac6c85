"""Receipts: what opens one matter to whoever reported or follows it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jishi.matters.models import Matter, Party
from jishi.window.models.held import Held


class Receipt(models.Model):
    """One receipt: the secret of it as a keyed hash, and how its holder wants to be told, sealed.

    It stands for a matter, and for a report in quarantine until that one is released into the loop.  ``reach_sealed``
    is the address or number of a holder who is no party of the matter, with the ``consent`` to use it; staff never open
    it.  ``answered_at`` is when the answer of this round came; ``muted_at`` when its holder wanted to be told no more.
    """

    class Kind(models.TextChoices):
        """What its holder is to the matter."""

        REPORTER = "reporter", _("reporter")
        FOLLOWER = "follower", _("follower")

    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="receipts")
    held = models.OneToOneField(Held, models.PROTECT, null=True, related_name="receipt")
    party = models.ForeignKey(Party, models.SET_NULL, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    secret_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()
    reach_sealed = models.BinaryField(null=True)
    consent = models.CharField(max_length=40, blank=True, default="", db_default="")
    muted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(matter__isnull=False) | Q(held__isnull=False), name="receipt_stands_for_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
