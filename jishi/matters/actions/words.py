"""Words about a matter: kept apart from events, which hold only a salted hash of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jishi.base.errors import Refused
from jishi.base.grams import grams_of
from jishi.base.sql import run
from jishi.matters.models import Matter, Text
from jishi.privacy import refuse_personal, salted_digest, salted_hash

Words = Mapping[str, str]
LONGEST = {"title": 120, "reason": 1000, "text": 5000, "description": 10_000}


def check_words(words: Words, theirs: bool = False) -> None:
    """Refuse words that are too long, or that identify a person outside a party's own fields.

    A reporter's description is theirs and may name people, as is whatever else the public says (``theirs``); it is
    searched only inside its one matter.
    """
    for kind, body in words.items():
        if len(body) > LONGEST[kind]:
            raise Refused("too_long", field=kind, most=LONGEST[kind])
        if kind != "description" and not theirs:
            refuse_personal(body, kind)


def write_words(
    matter_id: int, version: int, words: Words, now: datetime, place: str = "", theirs: bool = False
) -> dict[str, Any]:
    """Keep the words in purgeable rows and return what the event may say of them: one salted hash each.

    ``theirs`` says that the public wrote them.  ``place`` is what the row itself says of its place; it is hashed with
    the title's salt, so that it can be purged with the title.
    """
    if not words:
        return {}
    check_words(words, theirs)
    digests: dict[str, str] = {}
    extra: dict[str, Any] = {"words": digests}
    params: list[Any] = []
    for kind, body in words.items():
        salt, digest = salted_hash(body)
        digests[kind] = digest
        if place and kind == "title":
            extra["place"] = salted_digest(salt, place)
        params += [matter_id, version, kind, body, salt, digest]
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(words))
    run(f"INSERT INTO matters_text (matter_id, version, kind, body, salt, digest) VALUES {rows}", params)
    if "title" in words and version > 1:
        row = Matter.objects.only("number", "place_name").get(pk=matter_id)
        grams = grams_of(row.number, words["title"], row.place_name)
        Matter.objects.filter(pk=matter_id).update(title=words["title"], grams=grams)
    return extra


def title_of(matter_id: int) -> str:
    """The newest title in the purgeable rows; empty once it was purged."""
    body = Text.objects.filter(matter_id=matter_id, kind="title").order_by("-version").values_list("body", flat=True)
    return body.first() or ""
