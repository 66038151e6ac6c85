"""公告 for the public: the list, one notice, and the feed of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jishi.base.listing import page_of
from jishi.base.qr import whole_address
from jishi.stations.models import Station
from jishi.window.public import at_station, show
from jishi.window.queries.notices import shown_at

PAGE = 20
#: So many of the newest stand in the feed.
IN_FEED = 30


@at_station
@require_safe
def notices(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/notices/``: what is told now, what stands first on top."""
    rows = shown_at(station.pk, timezone.now())
    page = page_of(rows.filter(pinned=False), order="-starts", query=request.GET, size=PAGE, counted=False)
    pinned = [] if page.prev_url else list(rows.filter(pinned=True))
    return show(request, "window/notices.html", {"rows": [*pinned, *page.rows], "page": page})


@at_station
@require_safe
def notice(request: HttpRequest, station: Station, pk: int) -> HttpResponse:
    """``window/<code>/notices/<notice>/``: one notice."""
    found = shown_at(station.pk, timezone.now()).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return show(request, "window/notice.html", {"it": found})


@at_station
@require_safe
def feed(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/notices/feed/``: the newest notices as Atom."""
    here = whole_address(request, reverse("window:notices_feed", args=[station.code]))
    atom = Atom1Feed(
        title=_("Notices of %(station)s") % {"station": station.name},
        link=whole_address(request, reverse("window:notices", args=[station.code])), description="", feed_url=here,
        language=get_language(), author_name=station.name,
    )  # fmt: skip
    for each in shown_at(station.pk, timezone.now()).order_by("-starts", "-pk")[:IN_FEED]:
        address = whole_address(request, reverse("window:notice", args=[station.code, each.pk]))
        atom.add_item(
            each.title, address, each.text, pubdate=each.starts, updateddate=max(each.starts, each.written_at)
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
