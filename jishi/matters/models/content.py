"""What is said and shown about a matter, apart from its events and purgeable; and what a member of staff keeps."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jishi.files.models import Attachment
from jishi.matters.models.matter import Matter
from jishi.stations.models import Staff


class Text(models.Model):
    """Words about one matter: purgeable.  The event holds ``digest``; with ``salt`` gone nobody can guess the words."""

    class Kind(models.TextChoices):
        """What the words are."""

        TITLE = "title", _("title")
        DESCRIPTION = "description", _("description")
        REASON = "reason", _("reason")
        NOTE = "text", _("note")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="texts")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    body = models.TextField(blank=True)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "version", "kind"], name="text_once")]


class Evidence(models.Model):
    """A file that came with a command."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="evidence")
    version = models.PositiveIntegerField()
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)


class Party(models.Model):
    """A person of the public in one matter: sealed values only, opened one at a time with a reason that is logged.

    ``consent`` are the codes of what they agreed to, such as ``contact.1``, with blanks between;
    ``erase_asked_at`` is when they asked to have it deleted.
    """

    class Role(models.TextChoices):
        """What the person is in this matter."""

        REPORTER = "reporter", _("reporter")
        CONCERNED = "concerned", _("person concerned")
        WITNESS = "witness", _("witness")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="parties")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.REPORTER)
    name_sealed = models.BinaryField(null=True)
    contact_sealed = models.BinaryField(null=True)
    consent = models.CharField(max_length=120, blank=True, default="", db_default="")
    erase_asked_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)


class Link(models.Model):
    """Two matters that have to do with each other; a duplicate's link is its :attr:`Matter.root`."""

    from_matter = models.ForeignKey(Matter, models.CASCADE, related_name="links_out")
    to_matter = models.ForeignKey(Matter, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=10, choices=[("related", _("related"))], default="related")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_matter", "to_matter", "kind"], name="link_once"),
            models.CheckConstraint(condition=~Q(from_matter=F("to_matter")), name="no_self_link"),
        ]


class SavedView(models.Model):
    """A filter of the list that a member of staff keeps for themself."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "name"], name="saved_view_once")]
