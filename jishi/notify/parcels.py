"""What a delivery carries: the message in its reader's language and zone, written when it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jishi.base.words import short_moment
from jishi.notify import kinds
from jishi.notify.channels import Failed, Parcel
from jishi.notify.kinds import Message
from jishi.notify.models import Delivery
from jishi.stations.queries import zone_of

#: So many of the messages that were missed are named in the one that stands for them.
MOST_NAMED = 5


def parcel_of(delivery: Delivery, missed: Sequence[Delivery] = ()) -> Parcel:
    """What goes out for a delivery; ``missed`` are earlier ones to the same recipient that it stands for.

    Raises ``Failed`` where there is nothing to say any more.
    """
    notice = delivery.notice
    language = (delivery.staff.language if delivery.staff else "") or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone_of(notice.station)):
        message = _written(delivery, missed)
        return Parcel(
            key=str(delivery.key),
            thread=delivery.thread,
            kind=notice.kind,
            grade=notice.grade,
            message=message,
            link=settings.ENV.url + message.path,
            language=language,
            why=kinds.why(delivery.rule),
            station=notice.station.code,
            at=notice.created_at,
        )


def messages_of(deliveries: Sequence[Delivery]) -> dict[int, Message]:
    """The messages of many deliveries by notice, in the active language; what is gone is left out."""
    by_kind: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        by_kind.setdefault(delivery.notice.kind, []).append(delivery)
    found: dict[int, Message] = {}
    for code, some in by_kind.items():
        if kinds.knows(code):
            found.update(kinds.kind_of(code).write([delivery.notice for delivery in some]))
    return found


def _written(delivery: Delivery, missed: Sequence[Delivery]) -> Message:
    if not kinds.knows(delivery.notice.kind):
        raise Failed("unknown_kind", retry=False)
    written = messages_of([*missed, delivery])
    message = written.get(delivery.notice_id)
    if message is None:
        raise Failed("nothing_to_say", gone=True)
    earlier = [each for each in missed if each.notice_id in written]
    if not earlier:
        return message
    lines = [_("You missed before this:")]
    lines += [
        f"{short_moment(each.notice.created_at)} {written[each.notice_id].title}" for each in earlier[-MOST_NAMED:]
    ]
    if len(earlier) > MOST_NAMED:
        lines.append(_("and %(number)s more") % {"number": len(earlier) - MOST_NAMED})
    return replace(message, lines=(*message.lines, *lines))
