"""What hangs on an element, one at a time: a link, a part, a contact, a photo or paper."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.files.serving import serve
from jishi.register import actions
from jishi.register.forms import RevealForm
from jishi.register.models import Element
from jishi.register.queries import get_element
from jishi.register.queries.page import attachment_of, contact_of, link_of, part_of
from jishi.register.views.going import back_to
from jishi.register.views.place import user_of


@login_required
@require_POST
def unlink(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """``register/elements/<number>/links/<id>/drop/``: take a link away; it can be had back for ten seconds."""
    user = user_of(request)
    element = get_element(user, number)
    link = link_of(element, pk)
    outward = link.a_id == element.pk
    other = link.b if outward else link.a
    actions.unlink_elements(link, by=user)
    back = {"kind": f"{link.kind}-{'to' if outward else 'from'}", "number": other.number}
    return _back(request, element, _("No longer linked with %(name)s.") % {"name": other.name}, "link", back)


@login_required
@require_POST
def drop_part(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """``register/elements/<number>/parts/<id>/drop/``: a part is there no more; it can be had back."""
    user = user_of(request)
    element = get_element(user, number)
    part = part_of(element, pk)
    actions.drop_part(part, by=user)
    back = {"name": part.name, "cadence": part.cadence}
    return _back(request, element, _("The part “%(name)s” was dropped.") % {"name": part.name}, "part", back)


@login_required
@require_POST
def verify_part(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """``register/elements/<number>/parts/<id>/verify/``: a part was looked at and stands as it should."""
    user = user_of(request)
    element = get_element(user, number)
    part = part_of(element, pk)
    actions.verify_part(part, by=user)
    return _back(request, element, _("The part “%(name)s” is verified.") % {"name": part.name})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """``register/elements/<number>/contacts/<id>/``: GET asks what for, POST opens the contact and shows it once."""
    user = user_of(request)
    element = get_element(user, number)
    contact = contact_of(element, pk)
    form = RevealForm(request.POST or None)
    value, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                value = actions.reveal_contact(element, pk, reason=form.cleaned_data["reason"], by=user)
                status = 200
            except Refused as refused:
                form.add_error(None, sentence(refused))
                status = refused.status
    context = {"nav_here": "register", "it": element, "form": form, "value": value, "contact": contact}
    response = render(request, "register/reveal.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response


@login_required
@require_safe
def attachment(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """``register/elements/<number>/files/<id>/``: the photo or paper itself."""
    return _serve(request, number, pk, small=False)


@login_required
@require_safe
def thumbnail(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """``register/elements/<number>/files/<id>/small/``: a small picture of it."""
    return _serve(request, number, pk, small=True)


@login_required
@require_POST
def drop_attachment(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """``register/elements/<number>/files/<id>/drop/``: delete a photo or paper for good."""
    user = user_of(request)
    element = get_element(user, number)
    actions.drop_attachment(element, pk, by=user)
    return _back(request, element, _("It was deleted."))


def _serve(request: HttpRequest, number: str, pk: int, *, small: bool) -> HttpResponseBase:
    element = get_element(user_of(request), number)
    return serve(attachment_of(element, pk), f"{element.number}-{pk}", small=small)


def _back(
    request: HttpRequest, element: Element, words: str, undo: str = "", fields: dict[str, Any] | None = None
) -> HttpResponse:
    """Back to the page with a word on what was done; ``undo`` is the command that takes it back."""
    address = reverse("register:command", args=[element.number, undo]) if undo else ""
    sent = {**(fields or {}), "version": element.version, "key": uuid4().hex}
    toast(request, words, undo=address, fields=sent)
    there = back_to(request, reverse("register:element", args=[element.number]))
    return HttpResponseRedirect(there, status=303)
