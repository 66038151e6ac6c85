"""The base map: files of the operator, whole and in ranges, and a tile service only where it is set."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jishi.base.middleware import POLICY
from jishi.register import basemap
from jishi.register.tests.factory import Ground

ROADS = json.dumps({"type": "FeatureCollection", "features": []}).encode()
ARCHIVE = b"PMTiles\x03" + bytes(range(256)) * 4


@pytest.fixture
def sheets(settings: Any, tmp_path: Path) -> Path:
    """A folder of files, with one that is none of ours."""
    settings.BASEMAP = tmp_path
    (tmp_path / "roads.geojson").write_bytes(ROADS)
    (tmp_path / "水系.geojson.gz").write_bytes(gzip.compress(ROADS))
    (tmp_path / "notes.txt").write_text("x")
    return tmp_path


@pytest.fixture
def client(ground: Ground) -> Client:
    client = Client()
    client.force_login(ground.auditor)
    return client


def read(client: Client, name: str, **headers: str) -> Any:
    answer = client.get(reverse("register:basemap", args=[name]), headers=headers)
    answer.body = b"".join(answer)
    return answer


def test_files_by_their_names(sheets: Path) -> None:
    described = basemap.described()
    assert described["kind"] == "geojson"
    assert [each["role"] for each in described["files"]] == ["road", "water"]
    (sheets / "city.pmtiles").write_bytes(ARCHIVE)
    assert basemap.described()["kind"] == "pmtiles"
    assert basemap.faults() == []


def test_nothing_given_is_no_base_map(settings: Any, tmp_path: Path) -> None:
    settings.BASEMAP = tmp_path / "none"
    assert basemap.described() == {"kind": "none"}
    settings.BASEMAP = tmp_path / "one.txt"
    settings.BASEMAP.write_text("x")
    assert basemap.sheets() == []


def test_a_single_file(settings: Any, tmp_path: Path) -> None:
    settings.BASEMAP = tmp_path / "city.pmtiles"
    settings.BASEMAP.write_bytes(ARCHIVE)
    assert [each.name for each in basemap.sheets()] == ["city.pmtiles"]


def test_what_a_file_is_not_is_found(sheets: Path) -> None:
    (sheets / "a.pmtiles").write_bytes(b"SQLite format 3")
    (sheets / "b.geojson").write_bytes(b"{]")
    (sheets / "c.geojson").write_bytes(b"[]")
    (sheets / "d.geojson.gz").write_bytes(b"plain")
    assert basemap.faults() == ["a.pmtiles", "b.geojson", "c.geojson", "d.geojson.gz"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-6", 0, 6), ("bytes=7-7", 7, 7), ("bytes=1000-", 1000, 1031), ("bytes=-5", 1027, 1031),
     ("bytes=1020-5000", 1020, 1031)],
)  # fmt: skip
def test_ranges(client: Client, sheets: Path, asked: str, first: int, last: int) -> None:
    (sheets / "city.pmtiles").write_bytes(ARCHIVE)
    answer = read(client, "city.pmtiles", Range=asked)
    assert answer.status_code == 206
    assert answer.body == ARCHIVE[first : last + 1]
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(ARCHIVE)}"
    assert answer["Content-Length"] == str(last + 1 - first)


def test_a_range_beyond_the_file_and_one_that_is_none(client: Client, sheets: Path) -> None:
    (sheets / "city.pmtiles").write_bytes(ARCHIVE)
    beyond = read(client, "city.pmtiles", Range="bytes=9000-9001")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(ARCHIVE)}")
    for nonsense in ("bytes=-", "items=1-2", "bytes=0-1,4-5"):
        whole = read(client, "city.pmtiles", Range=nonsense)
        assert (whole.status_code, whole.body) == (200, ARCHIVE)


def test_packed_files_and_what_has_not_changed(client: Client, sheets: Path) -> None:
    packed = read(client, "水系.geojson.gz", **{"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == ROADS
    assert read(client, "水系.geojson.gz").body == ROADS
    assert read(client, "roads.geojson", **{"If-None-Match": packed["ETag"]}).status_code == 200
    assert read(client, "水系.geojson.gz", **{"If-None-Match": packed["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["notes.txt", "none.geojson", "..", "..%2Fnotes.txt"])
def test_no_other_file_is_served(client: Client, sheets: Path, name: str) -> None:
    assert client.get(f"/register/basemap/{name}").status_code == 404


def test_only_those_who_are_signed_in(sheets: Path, db: None) -> None:
    assert Client().get(reverse("register:basemap", args=["roads.geojson"])).status_code == 302


def test_the_policy_names_a_tile_service_only_where_one_is_set(client: Client, settings: Any) -> None:
    address = reverse("register:map")
    assert client.get(address)["Content-Security-Policy"] == POLICY
    settings.WMTS = ["https://t0.tiles.example/vec/{z}/{y}/{x}?tk=1", "https://t0.tiles.example/cva/{z}/{y}/{x}"]
    answer = client.get(address)
    assert "connect-src 'self' https://t0.tiles.example;" in answer["Content-Security-Policy"]
    assert "script-src 'self';" in answer["Content-Security-Policy"]
    assert '"kind": "wmts"' in answer.content.decode()
    assert client.get("/")["Content-Security-Policy"] == POLICY
