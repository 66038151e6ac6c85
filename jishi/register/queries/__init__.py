"""Every read of the register; all start from :func:`visible_elements`."""

from jishi.register.queries.filters import Filters, count_elements, page_of_elements, read_filters, rows_of
from jishi.register.queries.nearby import nearby_elements
from jishi.register.queries.overview import overview_of, scores_of, shares_over_time
from jishi.register.queries.page import history_of, page_facts
from jishi.register.queries.pairs import open_pairs
from jishi.register.queries.scope import elements_at, get_element, visible_elements
from jishi.register.queries.worklist import worklist_of

__all__ = [
    "Filters",
    "count_elements",
    "elements_at",
    "get_element",
    "history_of",
    "nearby_elements",
    "open_pairs",
    "overview_of",
    "page_facts",
    "page_of_elements",
    "read_filters",
    "rows_of",
    "scores_of",
    "shares_over_time",
    "visible_elements",
    "worklist_of",
]
