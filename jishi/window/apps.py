from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate

#: What registers doors, places on the rail, jobs and sentences, simply by being there.
PARTS = (
    *("sentences", "navigation", "home_doors", "desk_pages", "label_panel", "notices", "jobs", "track", "purging"),
    *("station_sentences", "station_doors", "station_pages", "station_jobs"),
)


class WindowConfig(AppConfig):
    name = "jishi.window"
    label = "window"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what other rooms look up; seed the services whenever the database was migrated."""
        for part in PARTS:
            import_module(f"jishi.window.{part}")
        post_migrate.connect(_seed, sender=self)


def _seed(sender: AppConfig, **_facts: object) -> None:
    from jishi.window.actions.services import seed_services

    seed_services()
