"""This room's place on the rail."""

from django.utils.translation import pgettext_lazy

from jishi.base.navigation import NavItem, register

register(NavItem("register", pgettext_lazy("rail", "Register"), "register", "register:overview", 25))
