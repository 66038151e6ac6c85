"""The API of this room."""

from jishi.matters.api import writing  # noqa: F401 - adds the commands to the router
from jishi.matters.api.reading import router

__all__ = ["router"]
