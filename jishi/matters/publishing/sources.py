"""Where a photo came from, and whether those who sent it agreed that it is published."""

from __future__ import annotations

import json
from typing import Any

from jishi.journal import queries as journal
from jishi.matters.events import SUBJECT
from jishi.matters.loop.public import ROLE
from jishi.matters.models import Evidence
from jishi.privacy.consent import covers

PURPOSE = "publish_photo"


def by_the_public(evidence: Evidence) -> bool:
    """Whether the public sent this photo: with a report, or with a word added to it."""
    return bool(_facts(evidence).get(ROLE))


def may_be_published(evidence: Evidence) -> bool:
    """Whether this photo may be published: the station's own may, the public's where it agreed as it sent it."""
    facts = _facts(evidence)
    return not facts.get(ROLE) or covers(facts.get("consents", ()), PURPOSE)


def _facts(evidence: Evidence) -> dict[str, Any]:
    """What the event says by which the photo came."""
    event = journal.events_of(SUBJECT, evidence.matter_id).filter(subject_version=evidence.version).get()
    facts: dict[str, Any] = json.loads(event.payload).get("facts", {})
    return facts
