"""The room of stations and of the people who work there."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def _ensure_calendar(**_kwargs: Any) -> None:
    from jishi.stations import actions, queries

    queries.forget()
    actions.ensure_calendar()


class StationsConfig(AppConfig):
    """Gives each fresh database its first working calendar."""

    name = "jishi.stations"
    label = "stations"
    verbose_name = _("Stations and people")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the room says and where its pages are."""
        from jishi.base.sentences import register
        from jishi.stations import navigation  # noqa: F401 - registers what is its
        from jishi.stations.sentences import SENTENCES

        register(SENTENCES)
        post_migrate.connect(_ensure_calendar, sender=self)
