"""What kinds of elements there are: versioned catalogue data."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The three kinds of elements.  There is no fourth for people."""

    PLACE = "place", pgettext_lazy("kind", "place")
    ORGANISATION = "organisation", _("organisation")
    THING = "thing", _("thing")


class Category(models.Model):
    """What an element is.  Its attributes and cadences stand in its versions."""

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("parent"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60)
    family = models.CharField(
        _("family"), max_length=40, blank=True, help_text=_("Categories of one family may be the same place twice.")
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("category of elements")
        verbose_name_plural = _("categories of elements")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class CategoryVersion(models.Model):
    """One version of a category's attributes (JSON Schema 2020-12) and cadences (grade → days); never changed."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="versions", verbose_name=_("category"))
    version = models.PositiveIntegerField(_("version"))
    schema = models.JSONField(_("attributes"))
    cadence = models.JSONField(_("cadence"))
    needs_photo = models.BooleanField(_("photo needed to verify"), default=False)
    needs_position = models.BooleanField(_("position needed to verify"), default=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("attributes and cadence")
        verbose_name_plural = _("attributes and cadences")
        ordering = ["category", "-version"]
        constraints = [models.UniqueConstraint(fields=["category", "version"], name="category_version_once")]

    def __str__(self) -> str:
        return f"{self.category_id} v{self.version}"
