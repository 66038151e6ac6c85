"""The keys of sealed values, and the log of who opened which."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SubjectKey(models.Model):
    """The data key of one subject (one matter, one place), wrapped by the master key.

    Deleting the row makes every value that was sealed for the subject unreadable, in backups of the data too.
    """

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    wrapped = models.BinaryField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="subject_key_once")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"


class Reveal(models.Model):
    """That a member of staff opened one sealed value: which slot, when, and a coded reason; never what it said.

    Append-only: the database refuses to change or delete a row.  ``staff_id`` is a plain number: this room stands below
    the one of staff.
    """

    class Reason(models.TextChoices):
        """Why a sealed value may be opened."""

        CALL_BACK = "call_back", _("to ask about this matter")
        VISIT = "visit", _("to meet on site")
        ANSWER = "answer", _("to give the answer")
        EMERGENCY = "emergency", _("somebody is in danger")
        CORRECT = "correct", _("to correct what was entered")
        OVERSIGHT = "oversight", _("to check how this matter was handled")

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    slot = models.CharField(max_length=40)
    staff_id = models.BigIntegerField()
    reason = models.CharField(max_length=12, choices=Reason.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="reveal_subject")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.slot}"
