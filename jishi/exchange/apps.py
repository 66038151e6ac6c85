from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Registers the room's jobs, sentences, notices, panel and places on the rail."""

    name = "jishi.exchange"
    label = "exchange"
    verbose_name = _("Exchange with other systems")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what other rooms look up."""
        from django.utils.translation import pgettext_lazy

        from jishi.base.navigation import NavItem, register, register_link
        from jishi.base.sentences import register as register_sentences
        from jishi.exchange import (
            exports,
            jobs,  # noqa: F401  (importing registers the jobs)
        )
        from jishi.exchange.cap import notices, panel, roles  # noqa: F401  (importing registers what is theirs)
        from jishi.exchange.open311 import jobs as errands  # noqa: F401
        from jishi.exchange.open311 import notices as of_errands  # noqa: F401
        from jishi.exchange.open311 import panel as of_agencies  # noqa: F401
        from jishi.exchange.open311 import places, purging, sentences  # noqa: F401
        from jishi.exchange.queries import IMPORTERS
        from jishi.exchange.sentences import SENTENCES
        from jishi.register.slots import Tool, register_tool

        register_sentences(SENTENCES)
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
        post_migrate.connect(_seed, sender=self)


def _seed(sender: AppConfig, **_facts: object) -> None:
    from jishi.exchange.open311.actions.seed import seed_services

    seed_services()
