"""公告: what a station tells everybody on its ground."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jishi.stations.models import Staff, Station


class Notice(models.Model):
    """One notice, in Chinese and where somebody wrote it in English too; shown from one moment until another, or on.

    Withdrawn ones stay, so that the station knows what it once told.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", db_index=False)
    title_zh = models.CharField(_("title"), max_length=80)
    text_zh = models.TextField(_("text"), max_length=4000)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    text_en = models.TextField(_("text in English"), max_length=6000, blank=True)
    starts = models.DateTimeField(pgettext_lazy("notice", "shown from"))
    ends = models.DateTimeField(pgettext_lazy("notice", "shown until"), null=True, blank=True)
    pinned = models.BooleanField(_("stands first"), default=False)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="notice_ends_later"),
            models.CheckConstraint(
                condition=(Q(title_en="") & Q(text_en="")) | (~Q(title_en="") & ~Q(text_en="")),
                name="notice_english_whole",
            ),
        ]
        indexes = [models.Index(fields=["station", "-starts", "-id"], name="notice_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def in_english(self) -> bool:
        """Whether the reader is given the English words."""
        return bool(self.title_en) and (get_language() or "").startswith("en")

    @property
    def title(self) -> str:
        """The title in the reader's language, else in Chinese."""
        return self.title_en if self.in_english else self.title_zh

    @property
    def text(self) -> str:
        """The text in the reader's language, else in Chinese."""
        return self.text_en if self.in_english else self.text_zh

    def state_at(self, now: datetime) -> str:
        """``withdrawn``, ``ahead``, ``over`` or ``shown``."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if now < self.starts:
            return "ahead"
        return "over" if self.ends is not None and now >= self.ends else "shown"
