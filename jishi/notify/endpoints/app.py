"""The installed app: its manifest, its service worker, the page without a network, and the devices of a member of staff."""  # noqa: E501

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from jishi.base.agents import browser
from jishi.base.errors import Refused
from jishi.base.navigation import link
from jishi.base.toasts import toast
from jishi.base.words import language
from jishi.notify import slots
from jishi.notify.channels import vapid
from jishi.notify.endpoints import devices
from jishi.stations.models import Staff

#: The background of the mark, in the light theme.
_PAPER, _INK = "#ffffff", "#0b6468"
_SIZES = (192, 512)


@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """``manifest.webmanifest``: what makes the page an app that can be installed."""
    icons: list[dict[str, str]] = [{"src": static("base/mark.svg"), "sizes": "any", "type": "image/svg+xml"}]
    for size in _SIZES:
        icons.append({"src": static(f"base/app-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"})
        icons.append(
            {"src": static(f"base/app-maskable-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png",
             "purpose": "maskable"}
        )  # fmt: skip
    said = {
        "id": "/", "name": _("Jishi, the station's ledger"), "short_name": _("Jishi"), "lang": language(),
        "dir": "ltr", "start_url": "/", "scope": "/", "display": "standalone", "background_color": _PAPER,
        "theme_color": _INK, "icons": icons,
    }  # fmt: skip
    return HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """``sw.js``: the service worker, from the root so that it may serve every page."""
    path = finders.find("notify/worker.js")
    assert isinstance(path, str)
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """``offline/``: what the installed app shows without a network."""
    return render(request, "notify/offline.html")


@never_cache
@login_required
@require_POST
def device_key(request: HttpRequest) -> JsonResponse:
    """``notices/devices/key/``: the key that a browser subscribes with; the first who asks has it made (JSON)."""
    return JsonResponse({"key": vapid.public_key()})


@never_cache
@login_required
@require_POST
def subscribe(request: HttpRequest) -> JsonResponse:
    """``notices/devices/``: take notices on this device, with what its browser says (JSON)."""
    said = _json(request)
    keys = said.get("keys")
    if not isinstance(keys, dict):
        raise Refused("bad_subscription")
    devices.subscribe(
        cast(Staff, request.user),
        endpoint=str(said.get("endpoint", "")), p256dh=str(keys.get("p256dh", "")), auth=str(keys.get("auth", "")),
        device=browser(request.headers.get("User-Agent", "")),
    )  # fmt: skip
    return JsonResponse({"ok": True}, status=201)


@never_cache
@login_required
@require_POST
def unsubscribe(request: HttpRequest) -> JsonResponse:
    """``notices/devices/leave/``: no more notices on this device (JSON)."""
    devices.unsubscribe(cast(Staff, request.user), str(_json(request).get("endpoint", "")))
    return JsonResponse({"ok": True})


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """``notices/devices/<device>/remove/``: no more notices on one of my devices."""
    device = get_object_or_404(devices.devices_of(cast(Staff, request.user)), pk=pk)
    devices.drop(device)
    toast(request, _("“%(device)s” gets no more notices.") % {"device": device.device or _("Device")})
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
        after = link("profile") or "/"
    return HttpResponseRedirect(after)


def draw_devices(request: HttpRequest) -> Mapping[str, Any]:
    """The panel of devices on the page where people say how they are told."""
    return {"devices": devices.devices_of(cast(Staff, request.user)), "key": vapid.known_key()}


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body)
    except ValueError as error:
        raise Refused("bad_subscription") from error
    if not isinstance(said, dict):
        raise Refused("bad_subscription")
    return said


slots.register(slots.Panel("devices", "notify/_devices.html", draw_devices))
