"""Alerts for tests: what somebody writes, and an alert in any state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from jishi.exchange.cap import actions
from jishi.exchange.cap.content import Content, Words
from jishi.exchange.cap.models import Alert
from jishi.matters.tests import factory

ZH = Words("燃气泄漏", "和平里社区燃气泄漏", "建设路地下管道泄漏，正在抢修。", "关阀开窗，撤到室外。", "和平里社区")
EN = Words("Gas leak", "Gas leak in Heping", "A pipe under Jianshe Road leaks.", "Leave the building.", "Heping")
OVER = Words(headline="解除：和平里社区燃气泄漏", description="管道已修好，可以回家。")
OVER_EN = Words(headline="Over: gas leak in Heping", description="The pipe is mended.")
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[117.3, 37.1], [117.31, 37.1], [117.31, 37.11], [117.3, 37.11], [117.3, 37.1]]],
}


def a_content(now: datetime | None = None, **more: Any) -> Content:
    """What somebody writes of a gas leak."""
    now = now or timezone.now()
    usual = Content(
        ZH, ("Fire", "Infra"), "Immediate", "Severe", "Observed", now + timedelta(hours=6), EN, ("Evacuate",)
    )  # fmt: skip
    return replace(usual, **more)


def a_draft(house: factory.House, now: datetime | None = None, **more: Any) -> Alert:
    """An alert that the desk wrote and that waits."""
    return actions.draft_alert(house.station, a_content(now, **more), by=house.desk, now=now)


def an_alert(house: factory.House, now: datetime | None = None, **more: Any) -> Alert:
    """An alert that the chief gave out."""
    return actions.approve_alert(a_draft(house, now, **more), by=house.chief, now=now)


def an_update(alert: Alert, house: factory.House, now: datetime | None = None, **more: Any) -> Alert:
    """An update that the chief gave out."""
    made = actions.draft_update(alert, a_content(now, **more), by=house.desk, now=now)
    return actions.approve_alert(made, by=house.chief, now=now)


def a_cancel(alert: Alert, house: factory.House, now: datetime | None = None) -> Alert:
    """A cancellation that the chief gave out."""
    made = actions.draft_cancel(alert, OVER, OVER_EN, by=house.desk, now=now)
    return actions.approve_alert(made, by=house.chief, now=now)
