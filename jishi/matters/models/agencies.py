"""The links by which an outside agency without an account answers: each for one matter."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jishi.matters.models.matter import Matter
from jishi.stations.models import Agency, Staff


class AgencyLink(models.Model):
    """A link to one matter for one agency: to read and to answer, until it expires.  Only a hash of it is kept.

    ``version`` is the matter's version when it was made: whatever takes the matter from the agency after that makes
    the link void, and the journal says which.  Who uses it, and when, stands in the journal too.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="agency_links")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    cycle = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="agency_link_expires_later"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="agency_link_revoked_by_somebody",
            ),
        ]
