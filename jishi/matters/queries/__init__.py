"""Every read of this room.  All of them start from :func:`visible_matters`."""

from jishi.matters.queries.scope import get_matter, matters_at, visible_matters

__all__ = ["get_matter", "matters_at", "visible_matters"]
