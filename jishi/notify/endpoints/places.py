"""The places of endpoints in the shell."""

from django.utils.translation import pgettext_lazy

from jishi.base.navigation import NavItem, register, register_link
from jishi.stations.models import Role

register_link("channels", "notify:channels")
register_link("manifest", "notify:manifest")
register(
    NavItem(
        "channels", pgettext_lazy("rail", "Channels"), "send", "notify:channels", 88, frozenset({Role.ADMINISTRATOR})
    )
)
