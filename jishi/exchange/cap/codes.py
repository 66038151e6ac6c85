"""The codes of the Common Alerting Protocol that an alert is made of, and what they mean, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, str | Promise]


class Status(models.TextChoices):
    """Whether it is meant: a drill is never given out."""

    ACTUAL = "Actual", _("real: goes out to everybody")
    EXERCISE = "Exercise", _("a drill: stays inside")


class MsgType(models.TextChoices):
    """What a message is in its chain."""

    ALERT = "Alert", pgettext_lazy("public alert", "first alert")
    UPDATE = "Update", pgettext_lazy("public alert", "update")
    CANCEL = "Cancel", pgettext_lazy("public alert", "cancellation")


class State(models.TextChoices):
    """How far an alert has come."""

    DRAFTED = "drafted", pgettext_lazy("public alert", "waits for approval")
    APPROVED = "approved", pgettext_lazy("public alert", "drill, in force inside")
    PUBLISHED = "published", pgettext_lazy("public alert", "in force")
    SUPERSEDED = "superseded", pgettext_lazy("public alert", "replaced by an update")
    CANCELLED = "cancelled", pgettext_lazy("public alert", "cancelled")
    EXPIRED = "expired", pgettext_lazy("public alert", "ended by its time")
    DROPPED = "dropped", pgettext_lazy("public alert", "draft dropped")


#: An alert in one of these was given out, or approved as a drill, and has not been followed by another.
LIVE = (State.PUBLISHED, State.APPROVED)
#: A message in one of these never left the house.
UNSENT = (State.DRAFTED, State.DROPPED)

CATEGORIES: Words = {
    "Fire": pgettext_lazy("alert category", "Fire"),
    "Safety": pgettext_lazy("alert category", "Public safety"),
    "Rescue": pgettext_lazy("alert category", "Rescue"),
    "Security": pgettext_lazy("alert category", "Security"),
    "Met": pgettext_lazy("alert category", "Weather and floods"),
    "Geo": pgettext_lazy("alert category", "Earthquake, landslide"),
    "Health": pgettext_lazy("alert category", "Health"),
    "Env": pgettext_lazy("alert category", "Pollution"),
    "Transport": pgettext_lazy("alert category", "Traffic"),
    "Infra": pgettext_lazy("alert category", "Gas, water, power, telecom"),
    "CBRNE": pgettext_lazy("alert category", "Chemical, biological, radiation, explosives"),
    "Other": pgettext_lazy("alert category", "Other"),
}
URGENCY: Words = {
    "Immediate": _("Act at once"),
    "Expected": _("Act within the hour"),
    "Future": _("Act in the near future"),
    "Past": _("Nothing to be done any more"),
    "Unknown": pgettext_lazy("urgency", "Not known"),
}
SEVERITY: Words = {
    "Extreme": _("Extraordinary danger to life or property"),
    "Severe": _("Serious danger to life or property"),
    "Moderate": _("Possible danger to life or property"),
    "Minor": _("Little or no known danger"),
    "Unknown": pgettext_lazy("severity", "Not known"),
}
CERTAINTY: Words = {
    "Observed": _("It has happened or is going on"),
    "Likely": _("Likely, more than even odds"),
    "Possible": _("Possible, less than even odds"),
    "Unlikely": _("Hardly to be expected"),
    "Unknown": pgettext_lazy("certainty", "Not known"),
}
RESPONSES: Words = {
    "Evacuate": _("Leave the area"),
    "Shelter": _("Stay inside"),
    "Avoid": _("Keep away"),
    "Prepare": _("Get ready"),
    "Execute": _("Do what is planned for this"),
    "Monitor": _("Watch for news"),
    "AllClear": _("The danger is over"),
    "None": _("Nothing to do"),
}
#: The three by which receivers decide how loud they are: how each is called, the field, the words of its codes.
LEVELS: tuple[tuple[str | Promise, str, Words], ...] = (
    (_("Urgency"), "urgency", URGENCY),
    (_("Severity"), "severity", SEVERITY),
    (_("Certainty"), "certainty", CERTAINTY),
)
