"""The administrator's screens of this room."""

from jishi.exchange.open311 import admin  # noqa: F401 - registers its screen
