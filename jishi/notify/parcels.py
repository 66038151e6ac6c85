"""What a delivery carries: the message in its reader's language and zone, written when it goes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jishi.base.words import short_moment
from jishi.notify import kinds, ways
from jishi.notify.channels import Failed, Parcel
from jishi.notify.kinds import Message
from jishi.notify.models import Notice
from jishi.notify.queue import Waiting

#: So many of the messages that were missed are named in the one that stands for them.
MOST_NAMED = 5


def parcel_of(waiting: Waiting, missed: Sequence[Waiting] = ()) -> Parcel:
    """What goes out for a delivery; ``missed`` are earlier ones to the same recipient that it stands for.

    Raises ``Failed`` where there is nothing to say any more.
    """
    if waiting.parcel is not None and not missed:
        return waiting.parcel
    with translation.override(waiting.language), timezone.override(ways.house_of(waiting.notice.station_id).zone):
        if not kinds.knows(waiting.notice.kind):
            raise Failed("unknown_kind", retry=False)
        notices = [each.notice for each in missed]
        written = messages_of([*notices, waiting.notice])
        message = written.get(waiting.notice.pk)
        if message is None:
            raise Failed("nothing_to_say", gone=True)
        return _parcel(waiting, _with_missed(message, [each for each in notices if each.pk in written], written))


def make_ahead(some: Iterable[Waiting]) -> None:
    """Make the parcels of many deliveries together; one that cannot be made is left to fail by itself."""
    together: dict[tuple[str, str], list[Waiting]] = {}
    for each in some:
        together.setdefault((each.language, ways.house_of(each.notice.station_id).zone), []).append(each)
    for (language, zone), alike in together.items():
        with translation.override(language), timezone.override(zone):
            written = messages_of({each.notice.pk: each.notice for each in alike}.values())
            for each in alike:
                message = written.get(each.notice.pk)
                each.parcel = _parcel(each, message) if message is not None else None


def messages_of(notices: Iterable[Notice]) -> dict[int, Message]:
    """The messages of many notices, in the active language; what is gone is left out."""
    by_kind: dict[str, list[Notice]] = {}
    for notice in notices:
        by_kind.setdefault(notice.kind, []).append(notice)
    found: dict[int, Message] = {}
    for code, some in by_kind.items():
        if kinds.knows(code):
            found.update(kinds.kind_of(code).write(some))
    return found


def _parcel(waiting: Waiting, message: Message) -> Parcel:
    delivery, notice = waiting.delivery, waiting.notice
    return Parcel(
        key=str(delivery.key),
        thread=delivery.thread,
        kind=notice.kind,
        grade=notice.grade,
        message=message,
        link=settings.ENV.url + message.path,
        language=waiting.language,
        why=kinds.why(delivery.rule),
        station=ways.house_of(notice.station_id).code,
        at=notice.created_at,
    )


def _with_missed(message: Message, earlier: Sequence[Notice], written: Mapping[int, Message]) -> Message:
    """The message, with the titles of what was missed before it."""
    if not earlier:
        return message
    lines = [_("You missed before this:")]
    lines += [f"{short_moment(each.created_at)} {written[each.pk].title}" for each in earlier[-MOST_NAMED:]]
    if len(earlier) > MOST_NAMED:
        lines.append(_("and %(number)s more") % {"number": len(earlier) - MOST_NAMED})
    return replace(message, lines=(*message.lines, *lines))
