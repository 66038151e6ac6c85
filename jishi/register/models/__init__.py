"""The register's data and its constraints, by what they are about."""

from jishi.register.models.catalogue import Category, CategoryVersion, Kind
from jishi.register.models.counts import BuildingVisit, CountRelease, HelpCount, PopulationCount
from jishi.register.models.elements import Change, Contact, Element, Freshness, Link, Numbering, Part, Status
from jishi.register.models.freshness import FreshnessDay, Rollup, Target, Verification
from jishi.register.models.pairs import DuplicatePair, PairSearch

__all__ = [
    "BuildingVisit",
    "Category",
    "CategoryVersion",
    "Change",
    "Contact",
    "CountRelease",
    "DuplicatePair",
    "Element",
    "Freshness",
    "FreshnessDay",
    "HelpCount",
    "Kind",
    "Link",
    "Numbering",
    "PairSearch",
    "Part",
    "PopulationCount",
    "Rollup",
    "Status",
    "Target",
    "Verification",
]
