from importlib import import_module

from django.apps import AppConfig

#: What registers doors, places on the rail, jobs and sentences, simply by being there.
PARTS = ("sentences", "navigation", "home_doors", "desk_pages", "label_panel", "notices", "jobs", "purging")


class WindowConfig(AppConfig):
    name = "jishi.window"
    label = "window"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what other rooms look up."""
        for part in PARTS:
            import_module(f"jishi.window.{part}")
