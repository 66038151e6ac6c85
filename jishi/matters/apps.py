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
        from jishi.matters import element_panels, jobs, map_layer, navigation, sentences  # noqa: F401 - registers what is its
        from jishi.matters.plans import panel, timers  # noqa: F401 - the same
        from jishi.matters.plans import notices as plan_notices  # noqa: F401 - the same
        from jishi.matters.plans import sentences as plan_sentences  # noqa: F401 - the same

        post_migrate.connect(_seed, sender=self)


def _seed(sender: AppConfig, **_facts: object) -> None:
    from jishi.matters.catalogue import seed_catalogue

    from jishi.matters.plans.catalogue import seed_plans

    seed_catalogue()
    seed_plans()
