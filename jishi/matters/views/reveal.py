"""Opening one sealed value of one party: with a reason, logged, shown once."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.matters.actions import reveal_party
from jishi.matters.queries.parties import role_in
from jishi.matters.queries.scope import get_matter
from jishi.privacy.models import Reveal
from jishi.stations.models import Staff


class RevealForm(forms.Form):
    """Why it is opened: a code, never words."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("reveal", "What for"), widget=forms.RadioSelect, choices=Reveal.Reason.choices
    )


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, number: str, party_id: int, field: str) -> HttpResponse:
    """``matters/<number>/reveal/<party>/<field>/``: GET asks what for, POST opens the value and shows it once."""
    user = request.user
    assert isinstance(user, Staff)
    matter = get_matter(user, number)
    role = role_in(matter.pk, party_id)
    if role is None:
        raise Http404(party_id)
    form = RevealForm(request.POST or None)
    value, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                value = reveal_party(matter, party_id, field, reason=form.cleaned_data["reason"], by=user)
                status = 200
            except Refused as refused:
                form.add_error(None, sentence(refused))
                status = refused.status
    context = {
        "nav_here": "matters", "matter": matter, "form": form, "value": value, "field": field,
        "role": role,
    }  # fmt: skip
    response = render(request, "matters/reveal.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response
