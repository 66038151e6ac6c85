"""Every read of this room.  All of them start from :func:`visible_matters`."""

from jishi.matters.queries.filters import Filters, read_filters, rows_of
from jishi.matters.queries.scope import get_matter, matters_at, visible_matters

__all__ = ["Filters", "get_matter", "matters_at", "read_filters", "rows_of", "visible_matters"]
