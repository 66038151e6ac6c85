"""Every read of the register; all start from :func:`visible_elements`."""

from jishi.register.queries.filters import (
    Filters,
    count_elements,
    page_of_elements,
    read_box,
    read_filters,
    rows_of,
    standings_of,
)
from jishi.register.queries.nearby import nearby_elements
from jishi.register.queries.overview import (
    administered_targets,
    overview_of,
    scores_of,
    shares_by,
    shares_over_time,
    targets_of,
)
from jishi.register.queries.page import history_of, numbers_of, page_facts
from jishi.register.queries.pairs import decided_pairs, get_pair, open_pairs, search_of
from jishi.register.queries.population import counts_of, help_counts_of, is_inside, published_counts
from jishi.register.queries.scope import elements_at, get_element, visible_elements
from jishi.register.queries.similar import around, similar
from jishi.register.queries.worklist import worklist_of

__all__ = [
    "Filters",
    "administered_targets",
    "around",
    "count_elements",
    "counts_of",
    "decided_pairs",
    "elements_at",
    "get_element",
    "get_pair",
    "help_counts_of",
    "history_of",
    "is_inside",
    "nearby_elements",
    "numbers_of",
    "open_pairs",
    "overview_of",
    "page_facts",
    "page_of_elements",
    "published_counts",
    "read_box",
    "read_filters",
    "rows_of",
    "scores_of",
    "search_of",
    "shares_by",
    "shares_over_time",
    "similar",
    "standings_of",
    "targets_of",
    "visible_elements",
    "worklist_of",
]
