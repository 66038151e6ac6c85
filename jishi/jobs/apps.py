"""The room of work that is done later, and by the worker."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers the upkeep jobs and the readiness checks."""

    name = "jishi.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what other rooms look up."""
        from jishi.jobs import metrics, readiness, upkeep  # noqa: F401  (importing registers the jobs)

        readiness.register_checks()
