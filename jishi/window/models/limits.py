"""How often an address did a thing: a number under a hash that leads nowhere the next day."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """How many came under one ``mark``, and ``until`` when they count; the row goes soon after."""

    mark = models.CharField(max_length=60, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.count)
