from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MattersConfig(AppConfig):
    name = "jishi.matters"
    label = "matters"
    verbose_name = _("Categories and time limits")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the room's jobs, places and sentences; seed the catalogue whenever the database was migrated."""
        from jishi.matters import element_panels, jobs, map_layer, navigation, notices, sentences  # noqa: F401 - registers what is its
        from jishi.matters.agencies import panel  # noqa: F401 - registers the panel

        post_migrate.connect(_seed, sender=self)


def _seed(sender: AppConfig, **_facts: object) -> None:
    from jishi.base.sqlite.triggers import restore
    from jishi.matters.catalogue import seed_catalogue

    restore(import_module("jishi.matters.migrations.0002_search").SQLITE)
    seed_catalogue()
