"""Matters and all that hangs on them: the data and its constraints.

A matter's row is a projection of its events (``jishi verify`` rebuilds and compares it), plus words that stand in
purgeable rows.  Nothing here is indexed, searched or joined by a person.
"""

from jishi.matters.models.agencies import AgencyLink
from jishi.matters.models.catalogue import Category, Numbering, PolicyVersion
from jishi.matters.models.content import Evidence, Link, Party, SavedView, Text
from jishi.matters.models.handover import Handover, HandoverState
from jishi.matters.models.loop import Assignment, Clock, Escalation, Extension, Rating, Suspension
from jishi.matters.models.matter import Flag, Grade, Matter, MatterState, Outcome
from jishi.matters.models.plans import Plan, PlanItem, PlanRun, PlanTask, PlanVersion, TaskState
from jishi.matters.models.small import MorningSent, Raised

__all__ = [
    "AgencyLink",
    "Assignment",
    "Category",
    "Clock",
    "Escalation",
    "Evidence",
    "Extension",
    "Flag",
    "Grade",
    "Handover",
    "HandoverState",
    "Link",
    "Matter",
    "MatterState",
    "MorningSent",
    "Numbering",
    "Outcome",
    "Party",
    "Plan",
    "PlanItem",
    "PlanRun",
    "PlanTask",
    "PlanVersion",
    "PolicyVersion",
    "Raised",
    "Rating",
    "SavedView",
    "Suspension",
    "TaskState",
    "Text",
]
