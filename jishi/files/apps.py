from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "jishi.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the room's sentences and its upkeep."""
        from jishi.files import sentences, upkeep  # noqa: F401 - registers what is its
