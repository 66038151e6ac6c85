"""Every write of this room."""

from jishi.notify.actions.inbox import mark_all_read, mark_read
from jishi.notify.actions.letters import give_up, retry
from jishi.notify.actions.preferences import choose, keep_mobile
from jishi.notify.actions.telling import To, tell
from jishi.notify.actions.upkeep import count_about, delete_about, delete_old

__all__ = [
    "To",
    "choose",
    "count_about",
    "delete_about",
    "delete_old",
    "give_up",
    "keep_mobile",
    "mark_all_read",
    "mark_read",
    "retry",
    "tell",
]
