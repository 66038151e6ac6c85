"""This room's places on the rail and in the shell."""

from django.utils.translation import pgettext_lazy

from jishi.base.navigation import NavItem, register, register_link
from jishi.matters.loop import COMMANDS

register(NavItem("desk", pgettext_lazy("rail", "Duty desk"), "desk", "matters:desk", 10))
register(NavItem("matters", pgettext_lazy("rail", "Matters"), "matters", "matters:list", 20))
register(NavItem("report", pgettext_lazy("rail", "Report"), "report", "matters:report", 30, COMMANDS["report"].roles))
register(NavItem("triage", pgettext_lazy("rail", "Backlog"), "triage", "matters:triage", 40, COMMANDS["triage"].roles))
register(NavItem("plans", pgettext_lazy("rail", "Plans"), "shield", "matters:plans", 45))
register_link("home", "matters:desk")
register_link("search", "matters:list")
register_link("report", "matters:report")
