"""Who is told of an alert: the chief that one waits, whoever drafted it what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext

from jishi.exchange.cap.codes import MsgType, State, Status
from jishi.exchange.cap.models import Alert
from jishi.notify.actions import To, tell
from jishi.notify.kinds import Group, Kind, Message, moment_of, register, register_group, register_rules
from jishi.notify.models import Notice
from jishi.stations.crew import crew_of
from jishi.stations.models import Role, Staff

GROUP = "alerts"
TO_APPROVE, DECIDED = "alert.to_approve", "alert.decided"
RULES = {
    "alert.chief": _l("You are the chief of the station: an alert to the public needs you beside whoever wrote it."),
    "alert.bureau": _l("The station has no chief but whoever wrote this alert, so the bureau is told."),
    "alert.drafter": _l("You wrote this alert to the public."),
}


def to_approve(alert: Alert, now: datetime) -> None:
    """Tell the chief that a draft waits; the bureau where the only chief wrote it."""
    crew = crew_of(alert.station_id)
    chiefs = [staff for staff in crew.with_role(Role.CHIEF) if staff != alert.drafted_by_id]
    to = [To(staff, "alert.chief") for staff in chiefs]
    if not to:
        to = [To(staff, "alert.bureau") for staff in crew.bureau_duty(now) if staff != alert.drafted_by_id]
    _tell(TO_APPROVE, alert, to, now, {"due": alert.expires.isoformat()})


def decided(alert: Alert, word: str, by: Staff, now: datetime) -> None:
    """Tell whoever drafted an alert what somebody else decided on it."""
    if alert.drafted_by_id != by.pk:
        _tell(DECIDED, alert, [To(alert.drafted_by_id, "alert.drafter")], now, {"state": word})


def write_to_approve(notices: list[Notice]) -> Mapping[int, Message]:
    """What the chief reads."""
    titles = {
        MsgType.ALERT: _("A public alert waits for your approval"),
        MsgType.UPDATE: _("An update of a public alert waits for your approval"),
        MsgType.CANCEL: _("The cancellation of a public alert waits for your approval"),
    }
    return {
        notice.pk: _message(notice, alert, titles[MsgType(alert.msg_type)]) for notice, alert in _with_alerts(notices)
    }


def write_decided(notices: list[Notice]) -> Mapping[int, Message]:
    """What the drafter reads."""
    titles = {
        State.PUBLISHED: _("The public alert that you wrote was given out"),
        State.APPROVED: _("The drill alert that you wrote was approved; it stays inside"),
        State.DROPPED: _("The public alert that you wrote was dropped"),
    }
    return {
        notice.pk: _message(notice, alert, titles[State(notice.facts["state"])])
        for notice, alert in _with_alerts(notices)
    }


def _with_alerts(notices: list[Notice]) -> list[tuple[Notice, Alert]]:
    rows = Alert.objects.in_bulk([notice.subject_id for notice in notices])
    return [(notice, rows[notice.subject_id]) for notice in notices]


def _message(notice: Notice, alert: Alert, title: str) -> Message:
    due = moment_of(notice.facts, "due")
    return Message(
        title, reverse("exchange:alert", args=[alert.pk]), number=alert.identifier, due=due,
        owed=pgettext("public alert", "to approve") if due else "",
    )  # fmt: skip


def _tell(kind: str, alert: Alert, to: list[To], now: datetime, facts: Mapping[str, str]) -> None:
    grade = alert.matter.grade if alert.matter is not None else 0
    tell(
        kind, station=alert.station_id, subject=("alert", alert.pk), to=to, now=now, grade=grade, facts=facts,
        inside_only=alert.status == Status.EXERCISE,
    )  # fmt: skip


register_group(Group(GROUP, _l("Alerts to the public"), frozenset({"app", "push", "email"}), order=45))
register(
    Kind(TO_APPROVE, _l("An alert to the public waits for approval"), GROUP, write_to_approve, urgent=True),
    Kind(DECIDED, _l("An alert to the public was decided on"), GROUP, write_decided),
)
register_rules(RULES)
