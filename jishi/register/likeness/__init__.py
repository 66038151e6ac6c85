"""Likely duplicates: records of one thing, told by name, address, distance and category.  Pure."""

from .addresses import address_key, street_key
from .pairs import find_pairs, pairs_of
from .score import REASONS, Pair, Record

__all__ = ["REASONS", "Pair", "Record", "address_key", "find_pairs", "pairs_of", "street_key"]
