"""The window's place on the rail."""

from django.utils.translation import pgettext_lazy

from jishi.base.navigation import NavItem, register
from jishi.matters.loop import LEADERS

#: Whoever works behind the window.
WINDOW_ROLES = frozenset({"desk"}) | LEADERS

register(NavItem("window", pgettext_lazy("rail", "Window"), "users", "window:desk", 35, WINDOW_ROLES))
