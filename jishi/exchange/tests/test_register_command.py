"""``jishi import register``: exit codes, JSON, the rejects file; killed half-way and run again it ends the same."""

import json
import signal
import sys

import pytest

from jishi.exchange.tests import lists, tables
from jishi.exchange.tests.test_command import COMMANDS, SETUP

KILLED = """
import os, signal, sys
from pathlib import Path
from jishi.exchange import register_import
from jishi.register.actions import bulk
from jishi.stations.models import Station
register_import.BATCH = 20
append, left = bulk.journal.append, [3]
def append_or_die(*args, **more):
    left[0] -= 1
    done = append(*args, **more)
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
bulk.journal.append = append_or_die
station = Station.objects.get(code="XH")
register_import.import_register(Path(sys.argv[1]), Path(sys.argv[2]), station, by=None)
"""
STATE = """
import json
import django
django.setup()
from jishi.register.models import Change, Element, Rollup, Verification
elements = Element.objects.order_by("number").values_list(
    "number", "external_id", "name", "address", "attributes", "content_digest", "verified_at", "version", "created_at"
)
steps = Change.objects.order_by("element__number", "version").values_list("element__number", "version", "kind", "at")
seen = Verification.objects.order_by("element__number", "at").values_list("element__number", "at", "result")
sums = Rollup.objects.order_by("level", "quad", "area", "category", "grade", "freshness").values_list(
    "level", "quad", "category", "grade", "freshness", "count", "x", "y"
)
print(json.dumps([list(elements), list(steps), list(seen), list(sums)], default=str))
"""


def rows(many):
    """Two rows for each number, not in the order of their days."""
    return [
        (f"{n % 50}", "Restaurant", f"和平里{n}号", f"2026-0{2 - n // 50}-1{n % 9}", lists.LAT, lists.LON, "")
        for n in range(many)
    ]


@pytest.fixture
def map_path(tmp_path):
    path = tmp_path / "map.toml"
    empty = dict.fromkeys(("top", "coordinates", "fields", "gas", "values"), "")
    path.write_text(lists.MAP.format(**empty), "utf-8")
    return path


def import_line(file, map_path, *more, station="XH"):
    return ["import", "register", str(file), "--map", str(map_path), "--station", station, *more]


def test_json_words_rejects_and_exit_codes(fresh_installation, tmp_path, map_path):
    bad = ("9", "Restaurant", "", "不详", "", "", "")
    file = tables.a_file(tmp_path, tables.as_text([*lists.ROWS, bad], header=lists.HEADER))
    rejects, wrong_map = tmp_path / "rejects.csv", tmp_path / "wrong.toml"
    wrong_map.write_text("source = ", "utf-8")
    lines = [
        import_line(file, map_path, "--json", "--dry-run"),
        import_line(file, map_path, "--json", "--rejects", str(rejects)),
        import_line(file, map_path),
        import_line(file, map_path, station="NO"),
        import_line(file, wrong_map),
        import_line(tmp_path / "none.csv", map_path),
    ]
    told = json.loads(fresh_installation.python(SETUP + COMMANDS, json.dumps(lines)).stdout)
    assert [code for code, _, _ in told] == [0, 0, 0, 1, 1, 2]
    dry, done = (json.loads(out) for _, out, _ in told[:2])
    names = ("read", "created", "updated", "unchanged", "rejected", "rejected_by")
    assert {name: done[name] for name in names} == {
        "read": 7,
        "created": 3,
        "updated": 3,
        "unchanged": 0,
        "rejected": 1,
        "rejected_by": {"bad_date": 1},
    }
    assert {**dry, "dry_run": False} == done
    assert rejects.read_text("utf-8-sig").splitlines()[1].startswith("8,检查日期,bad_date,")
    assert "0 created, 0 updated, 6 unchanged, 1 rejected" in told[2][1]
    assert "no station with this code" in told[3][2]
    assert "TOML" in told[4][2]


def test_killed_half_way_and_run_again_it_ends_the_same(new_installation, tmp_path, map_path):
    file = tables.a_file(tmp_path, tables.as_text(rows(100), header=lists.HEADER))
    once, killed = new_installation(), new_installation()
    lines = json.dumps([import_line(file, map_path, "--json")])
    process = killed.start(sys.executable, "-c", SETUP + KILLED, str(file), str(map_path))
    expected = once.python(SETUP + COMMANDS + STATE, lines).stdout.splitlines()
    assert process.wait(timeout=60) == -signal.SIGKILL
    process.stdout.close()
    told, state = killed.python(COMMANDS + STATE, lines).stdout.splitlines()
    [(_, report, _)] = json.loads(told)
    report = json.loads(report)
    assert (report["read"], report["created"], report["updated"], report["unchanged"]) == (100, 30, 30, 40)
    assert state == expected[1]
