"""What becomes of a report that was sent from a form: into the loop, or into quarantine where a machine seems to stand behind it."""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from jishi.base.sql import run
from jishi.files.actions import Prepared
from jishi.journal.actions import scoped_key
from jishi.journal.queries import done_with_key
from jishi.matters.actions import PublicDoor
from jishi.stations.models import Station
from jishi.window.actions.held import hold_report
from jishi.window.actions.receipts import Issued
from jishi.window.actions.reporting import Report, prepare_all, report

MOST_PHOTOS = 5
#: So many addresses of web pages are more than anybody needs to say what is broken.
MOST_LINKS = 2
_LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)


def take_photos(uploads: Sequence[Any]) -> tuple[Sequence[Prepared], tuple[tuple[str, str], ...]]:
    """The files of a report that can be taken, clean on the disk, before its transaction; the others each with why."""
    prepared, left_out = prepare_all(uploads[:MOST_PHOTOS])
    return prepared, left_out + tuple(
        (str(each.name), _("Only five photos can be taken.")) for each in uploads[MOST_PHOTOS:]
    )


def send_report(
    station: Station, said: Report, *, uploads: Sequence[Any], doubts: Sequence[str], key: str, now: datetime
) -> Issued:
    """Take in a report from a form.  ``doubts`` are what its form and its connection gave rise to, ``uploads``
    its files, of which some may have been prepared before.

    The same ``key`` again gives the same receipt, whatever the doubts are by then.  Raises ``Refused`` as
    ``report_at_window`` does.
    """
    found = (*doubts, *(["links"] if len(_LINK.findall(said.words)) > MOST_LINKS else []))
    if found and was_reported(key):
        found = ()
    prepared, left_out = take_photos(uploads)
    if found or was_held(key):
        issued = hold_report(station, said, prepared, doubts=found, key=key, now=now)
    else:
        issued = report(station, said, prepared, key=key, now=now)
    return replace(issued, left_out=left_out) if left_out else issued


def was_sent(key: str) -> bool:
    """Whether a report with this key has come before, into the loop or into quarantine."""
    return was_reported(key) or was_held(key)


def was_held(key: str) -> bool:
    """Whether a report with this key came into quarantine: plain SQL, as every report asks it."""
    return bool(run("SELECT 1 FROM window_held WHERE key = %s", [key]))


def was_reported(key: str) -> bool:
    """Whether a report with this key is in the loop."""
    return done_with_key(scoped_key(PublicDoor().scope, key) or "") is not None
