from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

#: What registers jobs, places, panels, kinds of notices and sentences, simply by being there.
PARTS = (
    *("element_panels", "jobs", "map_layer", "metrics", "navigation", "notices", "sentences", "agencies.panel"),
    *("lateness", "timing_panels", "public_panels", "plans.panel", "plans.timers", "plans.notices", "plans.sentences"),
    *("handover.notices", "handover.words"),
)


class MattersConfig(AppConfig):
    name = "jishi.matters"
    label = "matters"
    verbose_name = _("Categories and time limits")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the room's jobs, places and sentences; seed the catalogue whenever the database was migrated."""
        for part in PARTS:
            import_module(f"jishi.matters.{part}")
        post_migrate.connect(_seed, sender=self)


def _seed(sender: AppConfig, **_facts: object) -> None:
    from jishi.base.sqlite.triggers import restore
    from jishi.matters.catalogue import seed_catalogue
    from jishi.matters.plans.catalogue import seed_plans

    restore(import_module("jishi.matters.migrations.0002_search").SQLITE)
    seed_catalogue()
    seed_plans()
