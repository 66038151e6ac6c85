from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers the room's jobs, sentences, notices, panel and places on the rail."""

    name = "jishi.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what other rooms look up."""
        from django.utils.translation import gettext_lazy as _
        from django.utils.translation import pgettext_lazy

        from jishi.base import sentences
        from jishi.base.navigation import NavItem, register, register_link
        from jishi.exchange import (
            exports,
            jobs,  # noqa: F401  (importing registers the jobs)
        )
        from jishi.exchange.cap import notices, panel, roles  # noqa: F401  (importing registers what is theirs)
        from jishi.exchange.queries import IMPORTERS
        from jishi.exchange.sentences import SENTENCES
        from jishi.register.slots import Tool, register_tool

        sentences.register(SENTENCES)
        register_tool(
            Tool("export", _("Export"), "export", "exchange:export_register", exports.FORMATS, saves=True, order=20)
        )
        register_tool(
            Tool("reconcile", _("Reconcile with a list"), "check", "exchange:reconcile", (), verb="reconcile")
        )
        register(NavItem("import", pgettext_lazy("rail", "Import"), "import", "exchange:imports", 45, IMPORTERS))
        register(
            NavItem(
                "alerts", pgettext_lazy("rail", "Public alerts"), "broadcast", "exchange:alerts", 46,
                roles.ROLES["draft"],
            )
        )  # fmt: skip
        register_link("import", "exchange:imports")
