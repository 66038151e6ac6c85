"""安全感: the anonymous survey for everybody, and what the station sees of it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jishi.base.errors import Refused
from jishi.base.qr import qr_of, whole_address
from jishi.base.sentences import sentence
from jishi.base.tries import DAY
from jishi.stations.models import Station
from jishi.window import doors
from jishi.window.actions.survey import count_answers
from jishi.window.desk import desk_place
from jishi.window.forms.station import SurveyForm
from jishi.window.guard import guarded, stamp_for
from jishi.window.limits import Limit
from jishi.window.public import at_station, show
from jishi.window.quarters import Quarter
from jishi.window.queries.survey import answered_so_far, areas_asked, survey_of
from jishi.window.surveying import edition

PURPOSE = "survey"
#: Many live behind one address; nobody fills the survey a hundred times a day.
ANSWERS = Limit("survey", most=60, seconds=DAY)
#: Says that an answer came today, and nothing else: the same for everybody, gone after a day.
TODAY_COOKIE = "jishi_answered"


@at_station
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/survey/``: five questions, and thanks."""
    areas, now = areas_asked(station.pk), timezone.now()
    if not areas:
        return show(request, "window/survey.html", {"form": None, "today": False})
    today = TODAY_COOKIE in request.COOKIES
    if request.method != "POST":
        return _form(request, SurveyForm(areas), today=today)
    form = SurveyForm(areas, request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        if today:
            raise Refused("survey_today")
        guarded(request, PURPOSE, ANSWERS, now)
        count_answers(station, form.cleaned_data["area"], form.answers(), now)
    except Refused as refused:
        form.add_error(None, sentence(refused))
        return _form(request, form, status=429 if refused.code == "too_often" else refused.status)
    response = show(request, "window/survey_thanks.html", {"least": edition().least})
    response.set_cookie(
        TODAY_COOKIE, "1", max_age=DAY, path="/window/", samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return response


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """``desk/window/survey/``: how many have answered so far, the results of the last quarter, the code to hang up."""
    _user, station = desk_place(request)
    now = timezone.now()
    quarter = Quarter.of(timezone.localdate(now))
    address = whole_address(request, reverse("window:survey", args=[station.code]))
    context = {
        "nav_here": "window", "tabs": doors.desk_tabs(request, "survey"), "station": station, "quarter": quarter,
        "so_far": answered_so_far(station, now), "least": edition().least, "questions": edition().questions,
        "before": quarter.before, "results": survey_of(station, quarter.before, now), "qr": qr_of(address),
        "address": address,
    }  # fmt: skip
    return render(request, "window/desk_survey.html", context)


def _form(request: HttpRequest, form: SurveyForm, *, today: bool = False, status: int = 200) -> HttpResponse:
    context = {"form": form, "today": today, "least": edition().least}
    return show(request, "window/survey.html", {**context, **stamp_for(request, PURPOSE, timezone.now())}, status)
