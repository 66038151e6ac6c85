"""The place of Open311 on the rail."""

from django.utils.translation import pgettext_lazy

from jishi.base.navigation import NavItem, register
from jishi.stations.models import Role

register(
    NavItem(
        "open311", pgettext_lazy("rail", "Open311"), "link", "exchange:open311_keys", 89,
        frozenset({Role.ADMINISTRATOR}),
    )
)  # fmt: skip
