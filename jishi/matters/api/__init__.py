"""The API of this room."""

from jishi.matters.api import writing  # noqa: F401 - adds the commands to the router
from jishi.matters.api.agency import router as agency_router
from jishi.matters.api.reading import router

__all__ = ["agency_router", "router"]
