"""How endpoints are shown: by kind, each kind with what it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jishi.notify.channels.words import says
from jishi.notify.models import Endpoint, EndpointKind

#: What each kind is for, for whoever has none yet.
PURPOSES = {
    EndpointKind.SMTP: gettext_lazy(
        "Staff who chose e-mail get their notices through it: number, category, place and deadline, one thread for"
        " each matter."
    ),
    EndpointKind.WECOM: gettext_lazy("A WeCom group reads what happens, as a message of its robot."),
    EndpointKind.DINGTALK: gettext_lazy("A DingTalk group reads what happens, as a signed message of its robot."),
    EndpointKind.FEISHU: gettext_lazy("A Feishu group reads what happens, as a message of its bot."),
    EndpointKind.WEBHOOK: gettext_lazy(
        "Another system, of the station or of an outside agency, is told by a signed POST and may answer through"
        " the API."
    ),
    EndpointKind.SMS: gettext_lazy(
        "Staff who gave a mobile number get text messages of at most 70 signs through your operator's gateway."
    ),
}
ICONS = {EndpointKind.SMTP: "paste", EndpointKind.WEBHOOK: "link", EndpointKind.SMS: "phone"}


@dataclass(frozen=True, slots=True)
class Row:
    """One endpoint in the list; ``mine``: whether this reader manages it."""

    endpoint: Endpoint
    mine: bool
    owner: str
    told: str
    error: str


@dataclass(frozen=True, slots=True)
class Section:
    """One kind, with its endpoints."""

    kind: EndpointKind
    icon: str
    purpose: str
    rows: list[Row]


def rows_by_kind(mine: Sequence[Endpoint], above: Sequence[Endpoint]) -> list[Section]:
    """Every kind in order, also those that there are none of."""
    rows = [_row(each, True) for each in mine] + [_row(each, False) for each in above]
    rows.sort(key=lambda row: (row.endpoint.station is None, row.owner, row.endpoint.label))
    return [
        Section(kind, ICONS.get(kind, "users"), str(purpose), [row for row in rows if row.endpoint.kind == kind])
        for kind, purpose in PURPOSES.items()
    ]


def _row(endpoint: Endpoint, mine: bool) -> Row:
    owner = endpoint.station.name if endpoint.station else endpoint.bureau.name
    error = says(endpoint.last_error) if endpoint.last_error else ""
    return Row(endpoint, mine, owner, _told(endpoint), error)


def _told(endpoint: Endpoint) -> str:
    """What is sent there: "3 kinds, red only"."""
    if endpoint.kind in (EndpointKind.SMTP, EndpointKind.SMS):
        return _("what staff chose")
    number = len(endpoint.kinds)
    what = ngettext("%(num)s kind", "%(num)s kinds", number) % {"num": number} if number else _("everything")
    grade = {3: _("yellow and above"), 2: _("orange and above"), 1: _("red only")}.get(endpoint.least_grade, "")
    return _("%(what)s, %(grade)s") % {"what": what, "grade": grade} if grade else what
