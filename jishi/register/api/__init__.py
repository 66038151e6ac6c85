"""The API of this room."""

from jishi.register.api import writing  # noqa: F401 - adds the commands to the router
from jishi.register.api.reading import router

__all__ = ["router"]
