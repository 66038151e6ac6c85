"""The register in the permission table: its addresses, the commands to elements, and the element that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jishi.files.models import Attachment
from jishi.register import actions
from jishi.register.models import Contact, Element, Link, Part
from jishi.stations.models import Staff, Station
from tests.support.photos import a_photo

#: The addresses of the register, as the table of all addresses.
ADDRESSES = """
register:overview            GET    200   200    200  200     200 200     200     200     200   200    302
register:overview            POST   405   405    405  405     405 405     405     405     405   405    302
register:freshness           GET    200   200    200  200     200 200     200     200     200   200    302
register:freshness           POST   405   405    405  405     405 405     405     405     405   405    302
register:target              GET    405   405    405  405     405 405     405     405     405   405    302
register:target              POST   303   303    403  403     403 403     403     403     303   303    302
register:worklist            GET    200   200    200  200     200 200     200     200     200   200    302
register:worklist            POST   200   200    200  200     200 200     200     200     200   200    302
register:duplicates          GET    200   200    200  200     200 200     200     200     200   200    302
register:duplicates          POST   405   405    405  405     405 405     405     405     405   405    302
register:search_pairs        GET    405   405    405  405     405 405     405     405     405   405    302
register:search_pairs        POST   303   303    303  303     403 403     403     403     403   303    302
register:decide              GET    405   405    405  405     405 405     405     405     405   405    302
register:decide              POST   303   303    303  303     403 403     403     403     403   303    302
register:population          GET    200   200    200  200     200 200     200     200     200   200    302
register:population          POST   405   405    405  405     405 405     405     405     405   405    302
register:record_counts       GET    200   200    200  200     200 200     403     403     403   200    302
register:record_counts       POST   303   303    303  303     303 303     403     403     403   303    302
register:record_help         GET    200   200    200  200     200 200     403     403     403   200    302
register:record_help         POST   303   303    303  303     303 303     403     403     403   303    302
register:publish_counts      GET    200   200    403  403     403 403     403     403     403   200    302
register:publish_counts      POST   303   303    403  403     403 403     403     403     403   303    302
register:export_counts       GET    200   200    200  200     200 200     200     200     200   200    302
register:export_counts       POST   405   405    405  405     405 405     405     405     405   405    302
register:map                 GET    200   200    200  200     200 200     200     200     200   200    302
register:map                 POST   405   405    405  405     405 405     405     405     405   405    302
register:card                GET    200   200    200  200     200 200     200     200     200   200    302
register:card                POST   405   405    405  405     405 405     405     405     405   405    302
register:tile                GET    200   200    200  200     200 200     200     200     200   200    302
register:tile                POST   405   405    405  405     405 405     405     405     405   405    302
register:layer_tile          GET    200   200    200  200     200 200     200     200     200   200    302
register:layer_tile          POST   405   405    405  405     405 405     405     405     405   405    302
register:hexagons            GET    200   200    200  200     200 200     200     200     200   200    302
register:hexagons            POST   405   405    405  405     405 405     405     405     405   405    302
register:outlines            GET    200   200    200  200     200 200     200     200     200   200    302
register:outlines            POST   405   405    405  405     405 405     405     405     405   405    302
register:basemap             GET    404   404    404  404     404 404     404     404     404   404    302
register:basemap             POST   405   405    405  405     405 405     405     405     405   405    302
register:inside              GET    405   405    405  405     405 405     405     405     405   405    302
register:inside              POST   200   200    200  200     200 200     200     200     200   200    302
register:list                GET    200   200    200  200     200 200     200     200     200   200    302
register:list                POST   405   405    405  405     405 405     405     405     405   405    302
register:columns             GET    405   405    405  405     405 405     405     405     405   405    302
register:columns             POST   302   302    302  302     302 302     302     302     302   302    302
register:create              GET    200   200    200  200     200 200     403     403     403   200    302
register:create              POST   303   303    303  303     303 303     403     403     403   303    302
register:similar             GET    405   405    405  405     405 405     405     405     405   405    302
register:similar             POST   200   200    200  200     200 200     403     403     403   200    302
register:element             GET    200   200    200  200     200 200     200     200     200   200    302
register:element             POST   405   405    405  405     405 405     405     405     405   405    302
register:unlink              GET    405   405    405  405     405 405     405     405     405   405    302
register:unlink              POST   303   303    303  303     303 303     403     403     403   303    302
register:verify_part         GET    405   405    405  405     405 405     405     405     405   405    302
register:verify_part         POST   303   303    303  303     303 303     403     403     403   303    302
register:drop_part           GET    405   405    405  405     405 405     405     405     405   405    302
register:drop_part           POST   303   303    303  303     403 403     403     403     403   303    302
register:reveal              GET    200   200    200  200     200 200     200     200     200   200    302
register:reveal              POST   200   200    200  200     200 200     403     403     403   200    302
register:attachment          GET    200   200    200  200     200 200     200     200     200   200    302
register:attachment          POST   405   405    405  405     405 405     405     405     405   405    302
register:thumbnail           GET    200   200    200  200     200 200     200     200     200   200    302
register:thumbnail           POST   405   405    405  405     405 405     405     405     405   405    302
register:drop_attachment     GET    405   405    405  405     405 405     405     405     405   405    302
register:drop_attachment     POST   303   303    303  303     403 403     403     403     403   303    302
"""

#: Who may give which command to an element; it holds for the form and for what is sent with it.
COMMANDS = """
command   chief deputy desk officer aux checker analyst auditor admin bureau anon
verify    yes   yes    yes  yes     yes yes     -       -       -     yes    -
change    yes   yes    yes  yes     yes yes     -       -       -     yes    -
attach    yes   yes    yes  yes     yes yes     -       -       -     yes    -
visit     yes   yes    yes  yes     yes yes     -       -       -     yes    -
count     yes   yes    yes  yes     yes yes     -       -       -     yes    -
link      yes   yes    yes  yes     yes yes     -       -       -     yes    -
part      yes   yes    yes  yes     -   -       -       -       -     yes    -
contact   yes   yes    yes  yes     -   -       -       -       -     yes    -
merge     yes   yes    yes  yes     -   -       -       -       -     yes    -
unmerge   yes   yes    yes  yes     -   -       -       -       -     yes    -
close     yes   yes    yes  yes     -   -       -       -       -     yes    -
reopen    yes   yes    yes  yes     -   -       -       -       -     yes    -
"""


@dataclass
class Ground:
    """A building with everything on it, a shop beside it, and one element that is closed and one that is merged."""

    building: Element
    shop: Element
    closed: Element
    merged: Element

    def asked(self, verb: str) -> Element:
        """The element that this command can be given to."""
        return {"reopen": self.closed, "unmerge": self.merged}.get(verb, self.building)

    def arguments(self, name: str) -> list[Any] | None:
        """What stands in the address of this name."""
        number = self.building.number
        of = {"element": self.building}
        return {
            "register:element": lambda: [number],
            "register:unlink": lambda: [number, Link.objects.get(b=self.building).pk],
            "register:verify_part": lambda: [number, Part.objects.get(**of).pk],
            "register:drop_part": lambda: [number, Part.objects.get(**of).pk],
            "register:reveal": lambda: [number, Contact.objects.get(**of).pk],
            **dict.fromkeys(
                ("register:attachment", "register:thumbnail", "register:drop_attachment"),
                lambda: [number, Attachment.objects.get(subject_kind="element", subject_id=self.building.pk).pk],
            ),
        }.get(name, lambda: None)()

    def command(self, verb: str) -> tuple[str, dict[str, Any]]:
        """The address of a command, and what is sent with its form."""
        element = self.asked(verb)
        fields: dict[str, Any] = {
            "verify": {"result": "correct", "stood_lon": 117.3, "stood_lat": 37.1}, "change": {"name": "和平里7号楼"},
            "attach": {"files": a_photo()}, "visit": {"doors": 9, "reached": 3},
            "count": {"date": "2026-03-01", "households": 9, "long_term": 20, "temporary": 3},
            "link": {"kind": "serves-from", "number": self.shop.number}, "part": {"name": "配电间", "cadence": 30},
            "contact": {"role": "night", "reach": "0533-2100001"},
            "merge": {"number": self.shop.number, "keep": "this"},
        }.get(verb, {})  # fmt: skip
        element.refresh_from_db()
        address = reverse("register:command", args=[element.number, verb])
        return address, {"version": element.version, "key": "k", **fields}


def a_ground(station: Station, by: Staff) -> Ground:
    """The elements of a station that the table asks for."""

    def made(category: str, name: str, **more: Any) -> Element:
        return actions.create_element(station, by=by, category=category, name=name, **more)

    building, shop = made("place.residential", "和平里6号楼"), made("place.shop", "和平里超市")
    actions.link_elements(shop, building, "inside", by=by)
    actions.add_part(building, name="水泵房", cadence=30, by=by)
    actions.set_contact(building, role="manager", reach="0533-2100000", by=by)
    actions.attach_files(building, [a_photo()], by=by)
    closed, merged = made("thing.hydrant", "拆除的消火栓"), made("thing.hydrant", "重复的消火栓")
    actions.close_element(closed, by=by)
    actions.merge_elements(made("thing.hydrant", "西门消火栓"), merged, by=by)
    return Ground(building, shop, closed, merged)


#: What a POST to an address of elements sends.
SENT: dict[str, dict[str, Any]] = {
    "register:create": {"category": "thing.lamp", "name": "北门路灯", "key": "k"},
    "register:similar": {"category": "thing.lamp", "name": "北门路灯", "key": "k"},
    "register:columns": {"column": "grade"},
    "register:reveal": {"reason": "visit"},
}
