from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import pgettext_lazy


class RegisterConfig(AppConfig):
    name = "jishi.register"
    label = "register"
    verbose_name = pgettext_lazy("rail", "Register")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is the room's; seed the catalogue whenever the database was migrated."""
        from jishi.register import element_layer, jobs, navigation, sentences  # noqa: F401 - registers what is its

        post_migrate.connect(_seed, sender=self)


def _seed(sender: AppConfig, **_facts: object) -> None:
    from jishi.base.sqlite.triggers import restore
    from jishi.register.catalogue import seed_catalogue

    restore(import_module("jishi.register.migrations.0002_search_and_history").SQLITE)
    seed_catalogue()
