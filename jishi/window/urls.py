"""The addresses of this room; each part brings its own list in ``routes``."""

from importlib import import_module

#: The parts that bring addresses, in the order in which they are looked through; each is a module of ``routes`` with a
#: list ``URLS``.
ROUTES = ("report", "track", "privacy", "home", "labels", "held", "station", "absent")

app_name = "window"
urlpatterns = [url for part in ROUTES for url in import_module(f"jishi.window.routes.{part}").URLS]
