"""The room that tells people: kinds of notices, ways to deliver them, and how that went."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    """Registers the room's jobs and places."""

    name = "jishi.notify"
    label = "notify"
    verbose_name = _("Notices")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what other rooms look up."""
        from jishi.notify import jobs, metrics, navigation, reasons, sentences  # noqa: F401 - registers what is its
        from jishi.notify.endpoints import app, places  # noqa: F401 - registers what is its
        from jishi.notify.endpoints import sentences as of_endpoints  # noqa: F401
