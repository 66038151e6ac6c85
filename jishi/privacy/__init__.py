"""Privacy: the doors that other rooms use.  Sealing, revealing, hashing, and the refusal of personal words."""

from jishi.privacy.columns import looks_personal_column
from jishi.privacy.detect import Finding, find_personal, mask_personal, refuse_personal
from jishi.privacy.hashes import keyed_hash, keyed_number, salted_digest, salted_hash
from jishi.privacy.keys import Subject, Unreadable, destroy_keys, open_sealed, seal, seal_all
from jishi.privacy.law import outside_law
from jishi.privacy.names import is_person_name
from jishi.privacy.reveals import reveal

__all__ = [
    "Finding",
    "Subject",
    "Unreadable",
    "destroy_keys",
    "find_personal",
    "is_person_name",
    "keyed_hash",
    "keyed_number",
    "looks_personal_column",
    "mask_personal",
    "open_sealed",
    "outside_law",
    "refuse_personal",
    "reveal",
    "salted_digest",
    "salted_hash",
    "seal",
    "seal_all",
]
