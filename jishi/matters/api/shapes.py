"""What the API takes and gives: one shape per command, and the shapes of the answers.

No shape holds a party, and a list holds no person at all: who works on a matter stands in that matter only.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from jishi.base.rest import Body, Code, Day, Moment, Whole, line, words
from jishi.matters.commands import EXTEND_MINUTES

State = Literal[
    "inherited", "reported", "assessed", "pushed", "handling", "suspended", "submitted", "checked", "answered", "closed"
]
Stage = Literal["discover", "assess", "push", "handle", "feedback"]
Outcome = Literal["", "fixed", "no_action", "referred", "unverifiable", "duplicate", "withdrawn", "out_of_scope"]
AgencyState = Literal["", "asked", "accepted", "returned", "done"]
Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Grade = Annotated[Whole, Field(ge=1, le=4)]
Category = Annotated[str, line(40)]
Area = Annotated[str, line(40)]
Reason = Annotated[str, words(1000)]
Stars = Annotated[Whole, Field(ge=1, le=5)]
Limit = Annotated[int, Field(ge=1, le=200)]


# What a client sends


class Place(Body):
    """Where: words, an area of the station, a point in degrees of ``datum``.  The area follows from the point."""

    model_config = ConfigDict(json_schema_extra={"dependentRequired": {"lon": ["lat"], "lat": ["lon"]}})

    name: Annotated[str, line(120, 0)] = ""
    area: Area | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    datum: Literal["wgs84", "gcj02", "bd09", "cgcs2000"] = "wgs84"

    @model_validator(mode="after")
    def _whole(self) -> Place:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("give both lon and lat, or neither")
        return self


class Party(Body):
    """A person of the public in this one matter: sealed when written, and never given back by the API."""

    role: Literal["reporter", "concerned", "witness"] = "reporter"
    name: Annotated[str, line(80, 0)] = ""
    contact: Annotated[str, line(120, 0)] = ""


class Report(Body):
    """A new matter.  Without ``station`` it is reported at your home station."""

    station: Code | None = None
    title: Annotated[str, line(120)]
    category: Category | None = None
    grade: Annotated[Whole, Field(ge=0, le=4)] = 0
    place: Place | None = None
    description: Annotated[str, words(10_000, 0)] = ""
    parties: Annotated[list[Party], Field(max_length=5)] = []
    occurred_at: Moment | None = None


class Triage(Body):
    """Take an inherited matter into the loop; with a unit it is pushed there at once."""

    category: Category | None = None
    grade: Grade
    unit: Code | None = None


class Assess(Body):
    """Say what it is about and how grave it is."""

    category: Category
    grade: Grade
    area: Area | None = None
    title: Annotated[str, line(120)] | None = None


class Reassess(Body):
    """Say anew what it is about and how grave it is."""

    category: Category
    grade: Grade
    reason: Reason


class Decline(Body):
    """Not to be handled; the answer is still owed."""

    outcome: Literal["no_action", "unverifiable", "out_of_scope"]
    reason: Reason


class Why(Body):
    """The reason."""

    reason: Reason


class Merge(Body):
    """Close as a duplicate of the matter ``root``, which takes over the duty to answer."""

    root: Number


class Push(Body):
    """Offer to one unit, and to one person of it."""

    unit: Code
    person: Code | None = None


class Refer(Body):
    """Hand to an outside agency; ``unit``, or the desk, stays responsible."""

    agency: Code
    unit: Code | None = None
    reason: Reason


class Assign(Body):
    """Give to one person of the responsible unit."""

    person: Code


class Transfer(Body):
    """Hand to another station of the bureau."""

    station: Code
    reason: Reason


class Note(Body):
    """What was done, or the answer that was given."""

    text: Annotated[str, words(5000)]


class Locate(Body):
    """Link to the element of this number in the register; without one the link is taken away."""

    element: Number | None = None


class Suspend(Body):
    """Pause until a time, in all at most 90 days in a round; ``person`` has it in hand again afterwards."""

    until: Moment
    person: Code | None = None
    reason: Reason


class Extend(Body):
    """Add minutes to the handling time; working minutes where it runs in working hours."""

    minutes: Annotated[Whole, Field(ge=1, le=EXTEND_MINUTES)]
    reason: Reason


class Request(Body):
    """Ask the leaders for more time (``minutes``) or for a pause (``until``)."""

    what: Literal["extend", "suspend"]
    minutes: Annotated[Whole, Field(ge=1, le=EXTEND_MINUTES)] | None = None
    until: Moment | None = None
    reason: Reason


class Submit(Body):
    """Hand in for checking.  Categories that need a photo are handed in on the page of the matter."""

    outcome: Literal["fixed", "no_action", "referred", "unverifiable"]
    text: Annotated[str, words(5000)]


class Check(Body):
    """Pass, or send back for rework with a reason."""

    result: Literal["pass", "rework"]
    reason: Reason | None = None


class Rate(Body):
    """What the reporter says of it: mended or not, stars, and words."""

    mended: Literal["yes", "no"]
    result: Stars | None = None
    manner: Stars | None = None
    text: Annotated[str, words(5000)] | None = None


class StartPlan(Body):
    """Start a plan in force at the station, by its code; its tasks go to their units."""

    plan: Annotated[str, line(40)]


class EndPlan(Body):
    """End the plan that runs.  What is still open is skipped, for the reason given."""

    reason: Reason | None = None


class OfTask(Body):
    """A task of the plan that runs, by its code."""

    task: Annotated[str, line(40)]


class FinishTask(OfTask):
    """A task of the plan is done; what was done, if there is something to say."""

    text: Annotated[str, words(5000)] | None = None


class SkipTask(OfTask):
    """A task of the plan is not needed, and why."""

    reason: Reason


class HandTask(OfTask):
    """Hand a task to another unit, or to a person of the unit."""

    unit: Code | None = None
    person: Code | None = None


#: The shape of each command's body; None where the verb says it all.
BODIES: dict[str, type[Body] | None] = {
    "triage": Triage, "assess": Assess, "reassess": Reassess, "decline": Decline, "withdraw": Why, "merge": Merge,
    "unmerge": Why, "push": Push, "refer": Refer, "accept": None, "return": Why, "recall": Why, "assign": Assign,
    "transfer": Transfer, "log": Note, "locate": Locate, "suspend": Suspend, "resume": None, "extend": Extend,
    "submit": Submit, "check": Check, "answer": Note, "rate": Rate, "close": None, "reopen": Why,
    "start_plan": StartPlan, "end_plan": EndPlan, "take_task": OfTask, "finish_task": FinishTask,
    "request": Request, "refuse": Why, "skip_task": SkipTask, "hand_task": HandTask, "reopen_task": OfTask,
    "mark_urgent": None, "unmark_urgent": Why,
}  # fmt: skip


# What a client asks for


class Asked(BaseModel):
    """The filters of the list.  There is none by person."""

    station: Code | None = None
    state: list[State] = []
    stage: list[Stage] = []
    grade: list[Annotated[int, Field(ge=0, le=4)]] = []
    category: Category | None = None
    unit: Code | None = None
    area: Area | None = None
    open: bool = False
    overdue: bool = False
    reported_since: Day | None = None
    reported_until: Day | None = None
    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")] | None = None
    limit: Limit = 50


class AskedEvents(BaseModel):
    """Which part of one matter's history."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    limit: Limit = 50


class AskedFeed(BaseModel):
    """Which part of a station's journal: events with a number above ``after``."""

    station: Code | None = None
    after: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    limit: Limit = 50


# What a client is given


class MatterRow(BaseModel):
    """A matter, as lists give it.  Codes and numbers, no person."""

    number: str
    version: int
    station: str
    title: str
    place: str
    area: str | None
    category: str | None
    grade: Annotated[int, Field(ge=0, le=4)]
    state: State
    stage: Stage
    outcome: Outcome
    cycle: int
    responsible_unit: str | None
    unit: str | None
    agency: str | None
    next_due: AwareDatetime | None
    reported_at: AwareDatetime
    occurred_at: AwareDatetime
    closed_at: AwareDatetime | None
    returned: int
    reworked: int
    reopened: int
    agency_state: AgencyState
    urgent: Literal["", "asked", "confirmed"]
    followers: int


class MatterDetail(MatterRow):
    """One matter, for those who see it.  ``description`` are the reporter's words."""

    channel: str
    source: str
    external_id: str | None
    duplicate_of: str | None
    assignee: str | None
    suspended_until: AwareDatetime | None
    asked: Literal["", "extend", "suspend"]
    asked_minutes: int | None
    asked_until: AwareDatetime | None
    extended: int
    original_due: AwareDatetime | None
    original_unit: str
    lon: float | None
    lat: float | None
    description: str


class Matters(BaseModel):
    """One page of matters, the last reported first; ``next`` is the cursor of the page after it."""

    items: list[MatterRow]
    next: str | None


class Given(BaseModel):
    """What a command led to."""

    number: str
    version: int
    event: str


class EventRow(BaseModel):
    """Something that happened: codes and times, no words, and no name of who did it.

    ``seq`` is its number in the station's chain and ``hash`` seals it; ``set`` holds the fields that changed.
    """

    matter: str
    version: int
    station: str
    seq: int
    event: str
    by: Literal["staff", "system", "agency", "public"]
    occurred_at: AwareDatetime
    recorded_at: AwareDatetime
    set: dict[str, Any]
    facts: dict[str, Any]
    hash: str


class Events(BaseModel):
    """Events, oldest first; ``next`` is the ``after`` of the page that follows, null where there is none yet."""

    items: list[EventRow]
    next: int | None


class CategoryRow(BaseModel):
    """What a matter may be about.  An inactive one is given to no new matter."""

    code: str
    parent: str | None
    name_zh: str
    name_en: str
    hazard: bool
    needs_photo: bool
    usual_grade: int
    active: bool


class Categories(BaseModel):
    """All categories, in the order of the catalogue."""

    items: list[CategoryRow]
