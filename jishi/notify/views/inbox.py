"""What somebody was told: the list, marking as read, and what the bell asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jishi.base.toasts import toast
from jishi.notify import actions, kinds, queries
from jishi.notify.kinds import Message
from jishi.notify.models import Delivery
from jishi.notify.navigation import stream_of
from jishi.notify.parcels import messages_of
from jishi.stations.models import Staff

#: So many new ones are said at once; the bell counts the others.
MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One notice, ready to draw; without a message where what it was about is gone."""

    pk: int
    at: datetime
    grade: int
    unread: bool
    message: Message | None
    why: str


@never_cache
@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """``notices/``: one's own notices by day, all or the unread ones."""
    reader, only_unread = _reader(request), request.GET.get("unread") == "1"
    page = queries.inbox_page(reader, request.GET, unread=only_unread)
    found = queries.unread_of(reader)
    keeps = queries.keeps_failed(reader, request.station)  # type: ignore[attr-defined]
    context = {
        "page": page,
        "days": _days(_items(page.rows)),
        "unread": found,
        "newest": max([found.newest, *(row.pk for row in page.rows)]),
        "only_unread": only_unread,
        "at": timezone.now(),
        "failed": queries.failed(reader, request.station).count() if keeps else 0,  # type: ignore[attr-defined]
    }
    return render(request, "notify/inbox.html", context)


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """``notices/<notice>/read/``: mark one as read, and go where it leads if ``next`` says so."""
    if actions.mark_read(_reader(request), pk, timezone.now()) is None:
        raise Http404
    return _on(request)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """``notices/read/``: mark all that were on the screen as read; what came after it stays unread."""
    newest = request.POST.get("newest", "")
    count = actions.mark_all_read(_reader(request), int(newest) if newest.isdecimal() else 0, timezone.now())
    said = ngettext("%(num)s notice is marked as read.", "%(num)s notices are marked as read.", count)
    toast(request, said % {"num": count})
    return _on(request)


@never_cache
@login_required
@require_safe
def unread(request: HttpRequest) -> JsonResponse:
    """``notices/unread/``: how many are unread, those that came ``after`` a given one, and where to hear of more."""
    reader, after = _reader(request), request.GET.get("after", "")
    found = queries.unread_of(reader)
    new: list[Delivery] = []
    if after.isdecimal() and found.newest > int(after):
        new = queries.newest_unread(reader, int(after), MOST_SAID)
    return JsonResponse(
        {
            "unread": found.number,
            "newest": found.newest,
            "items": [_said(item) for item in _items(new) if item.message],
            "stream": stream_of(request),
        }
    )


def _reader(request: HttpRequest) -> Staff:
    return cast(Staff, request.user)


def _items(rows: Iterable[Delivery]) -> list[Item]:
    rows = list(rows)
    written = messages_of([row.notice for row in rows])
    return [
        Item(
            row.pk, row.created_at, row.notice.grade, row.read_at is None, written.get(row.notice_id),
            kinds.why(row.rule),
        )
        for row in rows
    ]  # fmt: skip


def _said(item: Item) -> dict[str, Any]:
    """What the page says of a new notice: no more than the notice itself."""
    message = cast(Message, item.message)
    about = [part for part in (message.category, message.place, message.number) if part]
    return {
        "id": item.pk, "title": message.title, "about": " · ".join(about), "url": message.path, "grade": item.grade,
        "read": reverse("notify:read", args=[item.pk]),
    }  # fmt: skip


def _days(items: list[Item]) -> list[tuple[str, list[Item]]]:
    """The items by day, each day with what it is called."""
    today = timezone.localdate()
    return [(_day(day, today), list(some)) for day, some in groupby(items, lambda item: timezone.localdate(item.at))]


def _day(day: date, today: date) -> str:
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return f"{day.month:02}-{day.day:02}" if day.year == today.year else day.isoformat()


def _on(request: HttpRequest) -> HttpResponse:
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
        after = reverse("notify:inbox")
    return HttpResponseRedirect(after)
