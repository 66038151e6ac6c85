"""What this room tells: its kinds of notices and their groups, why each is sent, and the words of the messages.

A message names the number, the category, the place without a room, the clock: nothing else of a matter may leave the
house, and no member of staff is named in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from jishi.base.words import left, moment
from jishi.matters import catalogue, labels
from jishi.matters.loop import CLOCK_OF
from jishi.matters.models import Grade
from jishi.matters.outside import place_outside
from jishi.matters.telling import IN_UNIT, ON_DUTY, UNIT_EMPTY
from jishi.notify import kinds
from jishi.notify.kinds import Group, Kind, Message
from jishi.notify.models import Notice
from jishi.stations.models import Agency

GROUPS = (
    Group("mine", gettext_lazy("Something waits for me"), frozenset({"push"}), 10),
    Group("late", gettext_lazy("A clock runs out or has run out"), frozenset({"push", "email"}), 20),
    Group("plans", gettext_lazy("Emergencies and their plans"), frozenset({"push", "email", "sms"}), 30),
    Group("follow", gettext_lazy("What became of what I handed on"), frozenset(), 40),
    Group("digest", gettext_lazy("The morning's overview"), frozenset({"email"}), 50),
)

#: For each kind its group, and what the screen of preferences calls it.
KINDS: Mapping[str, tuple[str, Any]] = {
    "matter.reported": ("mine", gettext_lazy("A new matter stands at the desk")),
    "matter.offered": ("mine", gettext_lazy("A matter is pushed or assigned to me or my unit")),
    "matter.back": ("mine", gettext_lazy("A matter came back")),
    "matter.to_check": ("mine", gettext_lazy("A result waits to be checked")),
    "matter.to_answer": ("mine", gettext_lazy("A reporter waits for an answer")),
    "matter.asked": ("mine", gettext_lazy("More time or a pause is asked for")),
    "matter.task": ("mine", gettext_lazy("A task of a plan is mine")),
    "matter.agency": ("mine", gettext_lazy("An outside agency acted")),
    "matter.urgent": ("mine", gettext_lazy("A reporter asks for the mark of an urgent need")),
    "matter.added": ("mine", gettext_lazy("The public added something")),
    "matter.appealed": ("mine", gettext_lazy("A reporter turns to the chief")),
    "matter.small": ("mine", gettext_lazy("Small things that may grow")),
    "matter.reported_red": ("late", gettext_lazy("A red or orange matter")),
    "matter.warned": ("late", gettext_lazy("A clock runs out soon")),
    "matter.late": ("late", gettext_lazy("A clock has run out")),
    "matter.plan": ("plans", gettext_lazy("A plan starts, changes or ends")),
    "matter.changed": ("follow", gettext_lazy("A matter of mine moved on")),
    "matter.decided": ("follow", gettext_lazy("A leader decided on the time")),
    "matter.digest": ("digest", gettext_lazy("What the day brings")),
}

#: Why somebody is told; each also in the form for those who are told because they are on duty.
_WHY: Mapping[str, Any] = {
    "desk_new": gettext_lazy("You work at the desk, where a new matter came in."),
    "desk_answer": gettext_lazy("You work at the desk, which owes the reporter an answer."),
    "desk_returned": gettext_lazy("You work at the desk, to which the unit returned the matter."),
    "desk_recalled": gettext_lazy("You work at the desk, to which the matter was recalled."),
    "desk_transferred": gettext_lazy("You work at the desk, to which another station transferred the matter."),
    "desk_rated": gettext_lazy("You work at the desk, and the reporter says that it is not mended."),
    "desk_reopened": gettext_lazy("You work at the desk, where the matter was opened again."),
    "desk_urgent": gettext_lazy("You work at the desk, which confirms urgent needs or does not."),
    "desk_added": gettext_lazy("You work at the desk, which has the matter now."),
    "desk_disputed": gettext_lazy("You work at the desk, and the reporter says that it is not mended."),
    "chief_disputed": gettext_lazy("You lead the station, and a reporter says that something is not mended."),
    "chief_appealed": gettext_lazy("You lead the station, and a reporter asks for your decision."),
    "grave": gettext_lazy("You lead the station, and the matter is red or orange."),
    "pushed_unit": gettext_lazy("The matter was pushed to the unit in which you work."),
    "pushed_person": gettext_lazy("The matter was pushed to you by name."),
    "assigned_you": gettext_lazy("The matter was assigned to you."),
    "you_pushed": gettext_lazy("You pushed the matter to the unit that took it."),
    "you_handled": gettext_lazy("You submitted the result of the matter."),
    "you_decide": gettext_lazy("You lead the station and decide on more time and pauses."),
    "checking": gettext_lazy("You check results, and you did not handle this one."),
    "handled_before": gettext_lazy("Your unit handled the matter before it was opened again."),
    "leads_unit": gettext_lazy("You lead the unit, or stand in for whoever does, and small things there may grow."),
    "your_day": gettext_lazy("You work at this station and get its overview each morning."),
}
#: Why those are told who have a matter in hand, or whose unit has it.
_WHY_HOLDER: Mapping[str, tuple[Any, Any]] = {
    "yours": (
        gettext_lazy("You have the matter in hand."),
        gettext_lazy("Your unit has the matter in hand."),
    ),
    "was_yours": (
        gettext_lazy("You had the matter in hand until now."),
        gettext_lazy("Your unit had the matter in hand until now."),
    ),
    "yours_again": (
        gettext_lazy("You had the matter in hand before the pause, which is over."),
        gettext_lazy("Your unit had the matter in hand before the pause, which is over."),
    ),
    "referred": (
        gettext_lazy("An agency is asked to act, and you stay responsible."),
        gettext_lazy("An agency is asked to act, and your unit stays responsible."),
    ),
    "rework": (
        gettext_lazy("You handled the matter, and its check sent it back."),
        gettext_lazy("Your unit handled the matter, and its check sent it back."),
    ),
}


def _all_rules() -> dict[str, Any]:
    duty, both = gettext_lazy("You are on duty."), gettext_lazy("{why} {duty}")
    units = {code + IN_UNIT: unit for code, (_own, unit) in _WHY_HOLDER.items()}
    plain = {**_WHY, **{code: own for code, (own, _unit) in _WHY_HOLDER.items()}, **units}
    on_duty = {code + ON_DUTY: format_lazy(both, why=sentence, duty=duty) for code, sentence in plain.items()}
    empty = gettext_lazy("The unit has nobody to tell, so the leaders of the station are told.")
    return {**plain, **on_duty, UNIT_EMPTY: empty}


RULES: Mapping[str, Any] = _all_rules()

#: What happened, by the kind of notice and the event; "" where the event says nothing more.
TITLES: Mapping[tuple[str, str], Any] = {
    ("matter.reported", ""): gettext_lazy("A new matter at the desk"),
    ("matter.reported", "transferred"): gettext_lazy("Transferred here by another station"),
    ("matter.reported", "unmerged"): gettext_lazy("No duplicate after all: back at the desk"),
    ("matter.offered", ""): gettext_lazy("Pushed to your unit"),
    ("matter.offered", "named"): gettext_lazy("Pushed to you"),
    ("matter.offered", "assigned"): gettext_lazy("Assigned to you"),
    ("matter.offered", "referred"): gettext_lazy("Referred to an agency; your unit stays responsible"),
    ("matter.back", ""): gettext_lazy("Came back"),
    ("matter.back", "returned"): gettext_lazy("Returned by the unit"),
    ("matter.back", "recalled"): gettext_lazy("Recalled to the desk"),
    ("matter.back", "resumed"): gettext_lazy("The pause is over: yours again"),
    ("matter.back", "checked"): gettext_lazy("The check sent it back for rework"),
    ("matter.back", "rated"): gettext_lazy("The reporter says that it is not mended"),
    ("matter.back", "reopened"): gettext_lazy("Opened again"),
    ("matter.back", "disputed"): gettext_lazy("The reporter says that it is not mended: opened again"),
    ("matter.urgent", ""): gettext_lazy("Marked as an urgent need: confirm it or not"),
    ("matter.added", ""): gettext_lazy("The public added something"),
    ("matter.appealed", ""): gettext_lazy("Not mended, says the reporter, and turns to you"),
    ("matter.to_check", ""): gettext_lazy("Submitted: waits to be checked"),
    ("matter.to_answer", ""): gettext_lazy("Checked: the reporter waits for an answer"),
    ("matter.to_answer", "declined"): gettext_lazy("Declined: the reporter waits for an answer"),
    ("matter.to_answer", "withdrawn"): gettext_lazy("Withdrawn: the reporter waits for a confirmation"),
    ("matter.reported_red", ""): gettext_lazy("A grave matter"),
    ("matter.reported_red", "reassessed"): gettext_lazy("Now %(grade)s, graver than it was"),
    ("matter.asked", ""): gettext_lazy("A decision of yours is asked for"),
    ("matter.decided", ""): gettext_lazy("A leader decided"),
    ("matter.decided", "extended"): gettext_lazy("More time was given"),
    ("matter.decided", "suspended"): gettext_lazy("A pause was approved"),
    ("matter.decided", "refused"): gettext_lazy("The request was refused"),
    ("matter.changed", ""): gettext_lazy("Moved on"),
    ("matter.changed", "accepted"): gettext_lazy("Accepted by the unit"),
    ("matter.changed", "reassessed"): gettext_lazy("Category or grade was changed"),
    ("matter.changed", "withdrawn"): gettext_lazy("The report was withdrawn"),
    ("matter.changed", "merged"): gettext_lazy("Merged as a duplicate"),
    ("matter.changed", "recalled"): gettext_lazy("Recalled: no longer yours"),
    ("matter.changed", "assigned"): gettext_lazy("Assigned to somebody else"),
    ("matter.changed", "answered"): gettext_lazy("The reporter has an answer"),
    ("matter.changed", "urgent_marked"): gettext_lazy("Confirmed as an urgent need: shorter clocks"),
    ("matter.changed", "urgent_unmarked"): gettext_lazy("No urgent need: the ordinary clocks"),
    ("matter.changed", "closed"): pgettext_lazy("notice", "Closed"),
    ("matter.agency", ""): gettext_lazy("The agency acted"),
    ("matter.agency", "agency_accepted"): gettext_lazy("The agency accepted it"),
    ("matter.agency", "agency_returned"): gettext_lazy("The agency returned it"),
    ("matter.agency", "agency_reported"): gettext_lazy("The agency reports it done"),
    ("matter.plan", ""): gettext_lazy("News of the plan"),
    ("matter.task", ""): gettext_lazy("A task of the plan is yours"),
}

_ROW = (
    "id", "number", "station_id", "category_id", "place_name", "area_id", "state", "next_due", "responsible_unit_id",
)  # fmt: skip


def write(notices: list[Notice]) -> dict[int, Message]:
    """The messages of notices, many at once: one query for their matters, and one for agencies where one is named."""
    ids = {notice.subject_id for notice in notices if notice.thread.startswith("matter:")}
    rows = _rows(ids) if ids else {}
    wanted = {notice.facts["agency"] for notice in notices if notice.facts.get("agency")}
    agencies = dict(Agency.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    return {notice.pk: _message(notice, rows.get(notice.subject_id), agencies) for notice in notices}


def _rows(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What is read of matters; in plain SQL, since every message that goes out passes here."""
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(_ROW)} FROM matters_matter WHERE id IN ({marks})", list(ids))
        rows = [dict(zip(_ROW, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        due = row["next_due"]
        row["next_due"] = due.replace(tzinfo=UTC) if due and due.tzinfo is None else due
    return {row["id"]: row for row in rows}


def title_of(kind: str, facts: Mapping[str, Any]) -> str:
    """What happened, by the kind of notice and its event."""
    return str(TITLES.get((kind, facts.get("event", ""))) or TITLES[kind, ""])


def _message(notice: Notice, row: Mapping[str, Any] | None, agencies: Mapping[int, str]) -> Message:
    if notice.kind == "matter.digest":
        return Message(_digest(notice.facts), reverse("matters:desk"))
    if notice.kind == "matter.small" and row is None:
        title = _("%(count)s matters are worth a look") % {"count": notice.facts.get("count", 0)}
        return Message(title, reverse("matters:small"))
    if row is None or not notice.thread.startswith("matter:"):
        return Message(title_of(notice.kind, notice.facts), reverse("matters:desk"))
    title, lines = _TOLD_BY.get(notice.kind, _plain)(notice, row, agencies)
    category = catalogue.categories().get(row["category_id"] or "")
    area = catalogue.ground(row["station_id"]).area_names.get(row["area_id"] or 0, "")
    return Message(
        title=title,
        path=reverse("matters:page", args=[row["number"]]),
        number=row["number"],
        category=category.name if category else "",
        place=place_outside(row["place_name"]) or area,
        due=row["next_due"],
        owed=_owed("resume" if row["state"] == "suspended" else CLOCK_OF.get(row["state"], "")),
        lines=tuple(lines),
    )


def _owed(kind: str) -> str:
    return str(labels.CLOCKS.get(kind, ""))


def _joined(parts: Iterable[str]) -> str:
    return pgettext("between parts", ", ").join(parts)


Told = tuple[str, Iterable[str]]


def _plain(notice: Notice, row: Mapping[str, Any], agencies: Mapping[int, str]) -> Told:
    title = title_of(notice.kind, notice.facts)
    agency = agencies.get(notice.facts.get("agency") or 0)
    return (f"{title} · {agency}" if agency else title), ()


def _grave(notice: Notice, row: Mapping[str, Any], agencies: Mapping[int, str]) -> Told:
    return title_of(notice.kind, notice.facts) % {"grade": Grade(notice.grade).label}, ()


def _small(notice: Notice, row: Mapping[str, Any], agencies: Mapping[int, str]) -> Told:
    reasons = [str(labels.SMALL[code]) for code in notice.facts.get("reasons", ()) if code in labels.SMALL]
    return _("Worth a look: %(reasons)s") % {"reasons": _joined(reasons)}, ()


def _clocked(notice: Notice, row: Mapping[str, Any], agencies: Mapping[int, str]) -> Told:
    """Who is late with what and for how long, or how long is left; and what was missed while nothing ran."""
    facts, at = notice.facts, notice.created_at
    clocks = [(each, datetime.fromisoformat(each["due"])) for each in facts.get("clocks", ())]
    if not clocks:
        return str(KINDS[notice.kind][1]), ()
    clocks.sort(key=lambda each: each[1])
    missed = _missed(clocks) if facts.get("missed") else ()
    first, due = clocks[0]
    unit_id = facts.get("unit") or row["responsible_unit_id"] or 0
    unit = catalogue.ground(row["station_id"]).unit_names.get(unit_id, "")
    said = {"left": left(due, at), "owed": _owed(first["kind"])}
    title = _("%(left)s: %(owed)s") % said
    return (f"{title} · {unit}" if unit else title), missed


def _missed(clocks: list[tuple[Mapping[str, Any], datetime]]) -> Iterable[str]:
    """One line for each clock of which a step was missed."""
    yield _("Nothing could be told while Jishi was off. Missed meanwhile:")
    for each, due in clocks:
        steps = _joined(f"{percent} %" for percent in each["percent"])
        yield _("%(owed)s, due %(moment)s: %(steps)s") % {
            "owed": _owed(each["kind"]), "moment": moment(due), "steps": steps
        }  # fmt: skip


def _digest(facts: Mapping[str, Any]) -> str:
    """What the day brings, the nought parts left out."""
    said = {
        "overdue": _("%(n)s overdue"),
        "today": _("%(n)s due today"),
        "unit": _("%(n)s wait in my unit"),
        "red": _("%(n)s red open"),
    }
    parts = [words % {"n": facts[name]} for name, words in said.items() if facts.get(name)]
    return _("Good morning: %(parts)s") % {"parts": _joined(parts)}


_TOLD_BY: Mapping[str, Callable[[Notice, Mapping[str, Any], Mapping[int, str]], Told]] = {
    "matter.reported_red": _grave,
    "matter.small": _small,
    "matter.warned": _clocked,
    "matter.late": _clocked,
}

kinds.register_group(*GROUPS)
kinds.register(
    *(Kind(code, label, group, write, personal=code == "matter.digest") for code, (group, label) in KINDS.items())
)
kinds.register_rules(RULES)
