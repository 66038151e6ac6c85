"""Reporting, quarantine and labels in the permission table: the public reports, the desk decides, whoever walks the ground prints."""  # noqa: E501

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jishi.files.actions import prepare
from jishi.matters.actions import Place
from jishi.window.actions.held import hold_report
from jishi.window.actions.labels import labels_for
from jishi.window.actions.reporting import Report
from jishi.window.contact import Contact
from jishi.window.models import Held
from jishi.window.queries.held import files_of
from jishi.window.queries.nearby import mark_of
from jishi.window.tests.public import a_stamp, fields
from tests.support.photos import a_photo

ADDRESSES = """
window:report                GET    200   200    200  200     200 200     200     200     200   200    200
window:report                POST   201   201    201  201     201 201     201     201     201   201    201
window:report_look           GET    405   405    405  405     405 405     405     405     405   405    405
window:report_look           POST   200   200    200  200     200 200     200     200     200   200    200
window:follow                GET    405   405    405  405     405 405     405     405     405   405    405
window:follow                POST   201   201    201  201     201 201     201     201     201   201    201
window:receipt_pdf           GET    405   405    405  405     405 405     405     405     405   405    405
window:receipt_pdf           POST   422   422    422  422     422 422     422     422     422   422    422
window:label                 GET    302   302    302  302     302 302     302     302     302   302    302
window:label                 POST   405   405    405  405     405 405     405     405     405   405    405
window:labels                GET    200   200    200  200     200 403     403     403     403   200    302
window:labels                POST   405   405    405  405     405 405     405     405     405   405    302
window:label_sheet           GET    405   405    405  405     405 405     405     405     405   405    302
window:label_sheet           POST   200   200    200  200     200 403     403     403     403   200    302
window:replace_label         GET    405   405    405  405     405 405     405     405     405   405    302
window:replace_label         POST   200   200    200  200     200 403     403     403     403   200    302
window:held                  GET    200   200    200  403     403 403     403     403     403   200    302
window:held                  POST   405   405    405  405     405 405     405     405     405   405    302
window:held_file             GET    200   200    200  403     403 403     403     403     403   200    302
window:held_file             POST   405   405    405  405     405 405     405     405     405   405    302
window:release_held          GET    405   405    405  405     405 405     405     405     405   405    302
window:release_held          POST   303   303    303  403     403 403     403     403     403   303    302
window:throw_held            GET    405   405    405  405     405 405     405     405     405   405    302
window:throw_held            POST   303   303    303  403     403 403     403     403     403   303    302
window:undo_held             GET    405   405    405  405     405 405     405     405     405   405    302
window:undo_held             POST   422   422    422  403     403 403     403     403     403   422    302
"""
PUBLIC = {"window:report", "window:report_look", "window:follow", "window:receipt_pdf", "window:label"}
IN_ROUTES = {"token", "file"}


def held(world: Any) -> Held:
    """A report in quarantine at the house."""
    found = Held.objects.filter(station=world.house.station).first()
    if found is None:
        said = Report("贷款请看网页", None, Place("东门"), Contact())
        photo = prepare(a_photo())
        hold_report(world.house.station, said, [photo], doubts=["links"], key="rows", now=timezone.now())
        found = Held.objects.get(key="rows")
    return found


def arguments(world: Any, name: str) -> list[Any] | None:
    """What stands in the address of a name of ours."""
    code, hydrant = [world.house.station.code], world.hydrant if "label" in name else None
    return {
        "window:report": lambda: code,
        "window:report_look": lambda: code,
        "window:follow": lambda: code,
        "window:label": lambda: [labels_for([hydrant], by=world.house.desk, now=timezone.now())[hydrant.pk]],
        "window:replace_label": lambda: [hydrant.number],
        "window:held_file": lambda: [held(world).pk, files_of([held(world)]).get().pk],
        "window:release_held": lambda: [held(world).pk],
        "window:throw_held": lambda: [held(world).pk],
        "window:undo_held": lambda: [held(world).pk],
    }.get(name, lambda: None)()


def sent(world: Any, name: str) -> dict[str, Any] | None:
    """What a POST to a name of ours sends."""
    return {
        "window:report": lambda: fields(),
        "window:report_look": lambda: {"words": "路灯不亮"},
        "window:follow": lambda: {"stamp": a_stamp(), "which": mark_of(world.matters["handling"].pk)},
        "window:receipt_pdf": lambda: {"number": "XH-2020-999999", "secret": "0000-0000-0000"},
        "window:label_sheet": lambda: {"number": world.hydrant.number},
    }.get(name, lambda: None)()
