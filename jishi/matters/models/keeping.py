"""How long a matter's content is kept, and what of it the public may see."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from jishi.files.models import Attachment
from jishi.matters.models.content import Evidence
from jishi.matters.models.matter import Matter
from jishi.stations.models import Staff


class Hold(models.Model):
    """That a leader keeps the content of a matter although its time is over, and why; one stands at a time.

    The reason is purgeable: the journal holds its salted hash.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=1000, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    set_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    lifted_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(lifted_at__isnull=True), name="one_standing_hold"),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True, lifted_at__isnull=True)
                | Q(lifted_by__isnull=False, lifted_at__isnull=False),
                name="hold_lifted_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True) | Q(lifted_at__isnull=False), name="standing_hold_says_why"
            ),
        ]


class Publication(models.Model):
    """What the desk tells the public of a matter, in its own words; one stands at a time, a new one replaces it."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="publications")
    body = models.CharField(max_length=1000, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    published_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    published_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_publication_stands"
            )
        ]


class PublishedPhoto(models.Model):
    """A copy of a photo for the public: somebody covered by hand what identifies anybody, and said that nothing is left.

    ``token`` is its public address, which no number leads to; ``boxes`` counts the covered places.
    """  # noqa: E501

    class When(models.TextChoices):
        """What the photo shows."""

        BEFORE = "before", pgettext_lazy("photo", "before")
        AFTER = "after", pgettext_lazy("photo", "after")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="published_photos")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="published")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    when = models.CharField(max_length=6, choices=When.choices)
    boxes = models.PositiveSmallIntegerField()
    published_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    published_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence"], condition=Q(ended_at__isnull=True), name="one_copy_stands")
        ]
