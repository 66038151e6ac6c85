"""Printed labels: what the QR code on a thing of the register leads to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from jishi.register.models import Element
from jishi.stations.models import Staff


class Label(models.Model):
    """The code of one element: a short random token, which a new one replaces where a label was taken or copied."""

    element = models.ForeignKey(Element, models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=16, unique=True)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["element"], condition=Q(revoked_at__isnull=True), name="one_label_in_use")
        ]

    def __str__(self) -> str:
        return self.token
