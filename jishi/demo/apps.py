from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "jishi.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the sign-in page where the demo's accounts come from."""
        from jishi.base import signin_notes
        from jishi.demo.accounts import demo_accounts

        signin_notes.register(demo_accounts)
