"""The API of this room."""

from jishi.matters.api.reading import router as reading
from jishi.matters.api.writing import router as writing

__all__ = ["reading", "writing"]
