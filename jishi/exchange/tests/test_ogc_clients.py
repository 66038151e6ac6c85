"""OGC API - Features read by others' programs: GDAL's OAPIF driver and OWSLib, over HTTP, page by page."""

from __future__ import annotations

import pyogrio
import pytest
from owslib.ogcapi.features import Features
from owslib.util import Authentication

COUNT, PAGE = 23, 5
FILLED = f"""
import django
django.setup()
from jishi.register.actions import Point
from jishi.register.tests import factory
from jishi.stations.actions import make_token
ground = factory.a_ground()
for place in range({COUNT}):
    factory.a_hydrant(ground, f"消火栓{{place}}", point=Point(factory.WEST + place * 0.0005, factory.SOUTH + 0.002))
factory.a_building(ground)
factory.a_hydrant(factory.a_ground("YH"), "别处消火栓")
print(make_token(ground.officer, label="gis", scopes=["read"], days=1)[1])
"""
#: Of the hydrants, the first seven lie in it.
BOX = (117.2999, 37.1, 117.3031, 37.11)
IN_BOX = 7


@pytest.fixture
def service(fresh_installation):
    """The address of a served register with its token."""
    token = fresh_installation.python(FILLED).stdout.split()[-1]
    with fresh_installation.served() as address:
        yield f"{address}/ogc/v1", token


def read_by_gdal(address, token, layer, **more):
    """The fields and points of a layer, as GDAL reads them."""
    options = {"USERPWD": f"gdal:{token}", "PAGE_SIZE": str(PAGE)}
    meta, _fids, points, fields = pyogrio.raw.read(f"OAPIF:{address}", layer=layer, **more, **options)
    return dict(zip(meta["fields"], fields, strict=True)), points, meta


@pytest.mark.sqlite_is_enough
def test_gdal_reads_all_features_over_several_pages(service):
    assert "OAPIF" in pyogrio.list_drivers(), "this GDAL lacks the OAPIF driver"
    address, token = service
    fields, points, meta = read_by_gdal(address, token, "things")
    assert len(points) == COUNT
    assert sorted(fields["name"]) == sorted(f"消火栓{place}" for place in range(COUNT))
    assert set(fields["attributes.state"]) == {"good"}
    assert meta["crs"] in ("OGC:CRS84", "EPSG:4326")
    fields, points, _meta = read_by_gdal(address, token, "things", bbox=BOX)
    assert sorted(fields["name"]) == sorted(f"消火栓{place}" for place in range(IN_BOX))
    _fields, outlines, meta = read_by_gdal(address, token, "areas")
    assert (len(outlines), meta["geometry_type"]) == (2, "Polygon")


@pytest.mark.sqlite_is_enough
def test_owslib_reads_all_features_over_several_pages(service):
    address, token = service
    api = Features(f"{address}/", auth=Authentication(username="owslib", password=token))
    assert {"things", "places", "organisations", "areas"} == set(api.feature_collections())
    assert api.conformance()["conformsTo"]
    seen, asked = [], {"limit": PAGE}
    while True:
        page = api.collection_items("things", **asked)
        seen += [each["id"] for each in page["features"]]
        assert page["numberMatched"] == COUNT
        following = [each["href"] for each in page["links"] if each["rel"] == "next"]
        if not following:
            break
        asked["cursor"] = following[0].rpartition("cursor=")[2]
    assert len(seen) == len(set(seen)) == COUNT
    inside = api.collection_items("things", bbox=list(BOX), limit=100)
    assert (inside["numberMatched"], len(inside["features"])) == (IN_BOX, IN_BOX)
    one = api.collection_item("things", seen[0])
    assert one["properties"]["name"] == "消火栓0"
