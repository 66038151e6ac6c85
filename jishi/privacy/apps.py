"""The room that keeps persons out of the records, and their few data sealed."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Registers the sentences, the daily purge and the check of the master key."""

    name = "jishi.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what other rooms look up."""
        from jishi.base import sentences
        from jishi.privacy import purge  # noqa: F401  (importing registers the daily job)
        from jishi.privacy.sentences import SENTENCES

        sentences.register(SENTENCES)
