"""Every write of the register; one verb each."""

from jishi.register.actions.bulk import Entry, Lister, Outcome
from jishi.register.actions.contacts import purge_contacts, reveal_contact, set_contact
from jishi.register.actions.counts import record_counts, record_help, record_visit
from jishi.register.actions.elements import (
    Point,
    change_element,
    close_element,
    create_element,
    reopen_element,
)
from jishi.register.actions.links import add_part, drop_part, link_elements, unlink_elements
from jishi.register.actions.pairs import decide_different, merge_elements, unmerge_element
from jishi.register.actions.targets import set_target
from jishi.register.actions.verify import verify_element, verify_part
from jishi.register.actions.write import Source

__all__ = [
    "Entry",
    "Lister",
    "Outcome",
    "Point",
    "Source",
    "add_part",
    "change_element",
    "close_element",
    "create_element",
    "decide_different",
    "drop_part",
    "link_elements",
    "merge_elements",
    "purge_contacts",
    "record_counts",
    "record_help",
    "record_visit",
    "reopen_element",
    "reveal_contact",
    "set_contact",
    "set_target",
    "unlink_elements",
    "unmerge_element",
    "verify_element",
    "verify_part",
]
