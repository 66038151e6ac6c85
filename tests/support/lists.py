"""What other systems are given of the register, and their lists, in the permission table."""

from __future__ import annotations

from datetime import date

from jishi.exchange.models import ListState, ReconcileList, ReconcileRow, RowKind
from jishi.stations.models import Staff, Station

#: The addresses of exports, reconciliation and OGC API - Features, as the table of all addresses.
ADDRESSES = """
exchange:export_register    GET    200   200   200   200   200   200   200   200   200   200   302
exchange:export_register    POST   405   405   405   405   405   405   405   405   405   405   302
exchange:reconcile          GET    200   200   200   200   403   403   403   403   403   200   302
exchange:reconcile          POST   422   422   422   422   403   403   403   403   403   422   302
exchange:reconcile_list     GET    200   200   200   200   404   404   404   404   404   200   302
exchange:reconcile_list     POST   405   405   405   405   405   405   405   405   405   405   302
exchange:decide_rows        GET    405   405   405   405   405   405   405   405   405   405   302
exchange:decide_rows        POST   303   303   303   303   404   404   404   404   404   303   302
exchange:undo_reconciled    GET    405   405   405   405   405   405   405   405   405   405   302
exchange:undo_reconciled    POST   303   303   303   303   404   404   404   404   404   303   302
exchange:put_away_list      GET    405   405   405   405   405   405   405   405   405   405   302
exchange:put_away_list      POST   303   303   303   303   404   404   404   404   404   303   302
exchange:ogc                GET    200   200   200   200   200   200   200   200   200   200   200
exchange:ogc                POST   405   405   405   405   405   405   405   405   405   405   405
exchange:ogc_conformance    GET    200   200   200   200   200   200   200   200   200   200   200
exchange:ogc_conformance    POST   405   405   405   405   405   405   405   405   405   405   405
exchange:ogc_api            GET    200   200   200   200   200   200   200   200   200   200   200
exchange:ogc_api            POST   405   405   405   405   405   405   405   405   405   405   405
exchange:ogc_collections    GET    200   200   200   200   200   200   200   200   200   200   401
exchange:ogc_collections    POST   405   405   405   405   405   405   405   405   405   405   405
exchange:ogc_collection     GET    200   200   200   200   200   200   200   200   200   200   401
exchange:ogc_collection     POST   405   405   405   405   405   405   405   405   405   405   405
exchange:ogc_items          GET    200   200   200   200   200   200   200   200   200   200   401
exchange:ogc_items          POST   405   405   405   405   405   405   405   405   405   405   405
exchange:ogc_item           GET    200   200   200   200   200   200   200   200   200   200   401
exchange:ogc_item           POST   405   405   405   405   405   405   405   405   405   405   405
exchange:ogc_nothing        GET    404   404   404   404   404   404   404   404   404   404   404
exchange:ogc_nothing        POST   405   405   405   405   405   405   405   405   405   405   405
"""


def a_list(station: Station, by: Staff) -> ReconcileList:
    """A list of an authority with one row that the register does not have."""
    made = ReconcileList.objects.create(
        station=station, by=by, authority="消防救援大队", date=date(2026, 2, 1), name="a.csv", map_name="a.toml",
        source="xiaofang", state=ListState.OPEN, read=1,
        figures={"read": 1, "gone": 0, "rejected": 0, "rejected_by": {}},
    )  # fmt: skip
    said = {"usual": {"category": "thing.hydrant"}, "values": {"name": "北门消火栓"}, "attributes": {}}
    ReconcileRow.objects.create(of_list=made, kind=RowKind.THEIRS, key="1", said=said)
    return made
