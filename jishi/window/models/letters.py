"""Letters: what the holder of a receipt is told by e-mail or text message.  No words of the matter, no address."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from jishi.window.models.receipts import Receipt


class Letter(models.Model):
    """One thing that the holder of one receipt is told in one round of the matter.

    To which address it goes is looked up as it is sent.  ``secret_sealed`` is the secret of the receipt in the first
    letter, until that one has gone out.  ``key`` is what the receiver knows it by when it comes twice.
    """

    class What(models.TextChoices):
        """What is told."""

        RECEIVED = "received", pgettext_lazy("letter", "the receipt")
        WORKING = "working", pgettext_lazy("letter", "that somebody works on it")
        PAUSED = "paused", pgettext_lazy("letter", "that it waits")
        MOVED = "moved", pgettext_lazy("letter", "that another station has it")
        JOINED = "joined", pgettext_lazy("letter", "that it was joined with another")
        AGAIN = "again", pgettext_lazy("letter", "that it was taken up again")
        ANSWERED = "answered", pgettext_lazy("letter", "that there is an answer")

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued", pgettext_lazy("letter", "waiting")
        SENT = "sent", pgettext_lazy("letter", "sent")
        DROPPED = "dropped", pgettext_lazy("letter", "not needed any more")
        DEAD = "dead", pgettext_lazy("letter", "failed")

    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="letters")
    what = models.CharField(max_length=10, choices=What.choices)
    cycle = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    channel = models.CharField(max_length=8, blank=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    secret_sealed = models.BinaryField(null=True)
    due = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "what", "cycle"], name="letter_once_a_round"),
            models.CheckConstraint(
                condition=Q(state="queued") | Q(secret_sealed__isnull=True), name="secret_gone_with_the_letter"
            ),
        ]
        indexes = [
            models.Index(fields=["due"], condition=Q(state="queued"), name="letter_waiting"),
            models.Index(fields=["created_at"], name="letter_age"),
        ]
