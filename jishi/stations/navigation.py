"""This room's places in the shell."""

from django.utils.translation import pgettext_lazy

from jishi.base.navigation import NavItem, register, register_link
from jishi.stations.models import Role

register_link("switch", "stations:switch")
register_link("profile", "stations:account")
register_link("language", "stations:language")
register(NavItem("admin", pgettext_lazy("rail", "Manage"), "admin", "admin:index", 90, frozenset({Role.ADMINISTRATOR})))
