"""Every write of the register; one verb each."""

from jishi.register.actions.attachments import attach_files, drop_attachment
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
from jishi.register.actions.past import Past, PastStep, write_elements, write_steps
from jishi.register.actions.releases import publish_counts
from jishi.register.actions.searches import ask_for_pairs
from jishi.register.actions.targets import clear_target, set_target
from jishi.register.actions.verify import verify_element, verify_part
from jishi.register.actions.write import Source

__all__ = [
    "Entry",
    "Lister",
    "Outcome",
    "Past",
    "PastStep",
    "Point",
    "Source",
    "add_part",
    "ask_for_pairs",
    "attach_files",
    "change_element",
    "clear_target",
    "close_element",
    "create_element",
    "decide_different",
    "drop_attachment",
    "drop_part",
    "link_elements",
    "merge_elements",
    "publish_counts",
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
    "write_elements",
    "write_steps",
]
