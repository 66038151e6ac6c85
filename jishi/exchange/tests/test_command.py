"""``jishi import matters``: exit codes, JSON, the rejects file; killed half-way and run again it ends the same."""

import json
import signal
import sys

import pytest

from jishi.exchange.tests import tables

SETUP = """
import django
django.setup()
from jishi.stations.actions import create_station, ensure_bureau
create_station(bureau=ensure_bureau(), code="XH", name="新华派出所", time_zone="Asia/Shanghai")
"""
#: Runs the command lines of its first argument in one process; prints code, output and errors of each.
COMMANDS = """
import contextlib, io, json, sys
import django
django.setup()
from django.utils import translation
translation.activate("en")
from jishi.project.cli import run
from jishi.project.commands import build
told = []
for arguments in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(build(), arguments)
    told.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from jishi.exchange import matters_import, writer
from jishi.stations.models import Station
matters_import.BATCH = 20
append, left = writer.journal.append, [3]
def append_or_die(*args, **more):
    left[0] -= 1
    done = append(*args, **more)
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
writer.journal.append = append_or_die
station = Station.objects.get(code="XH")
matters_import.import_matters(Path(sys.argv[1]), Path(sys.argv[2]), station, by=None)
"""
STATE = """
import json
import django
django.setup()
from jishi.matters.models import Clock, Matter, Text
rows = Matter.objects.order_by("number").values_list(
    "number", "external_id", "title", "state", "content_digest", "original_due", "flags"
)
print(json.dumps([list(rows), Text.objects.count(), Clock.objects.count()], default=str))
"""


def rows(many):
    return [
        (
            f"K-{n}",
            f"2026-03-{n % 28 + 1:02d} 08:00",
            "2026-04-01 09:00" if n % 3 else "",
            "路灯",
            f"和平里{n}号",
            "",
            "",
        )
        for n in range(many)
    ]


@pytest.fixture
def map_path(tmp_path):
    path = tmp_path / "map.toml"
    empty = dict.fromkeys(("top", "file", "time", "coordinates", "category", "values", "more"), "")
    path.write_text(tables.MAP.format(**empty, fields=tables.POINT), "utf-8")
    return path


def import_line(file, map_path, *more, station="XH"):
    return ["import", "matters", str(file), "--map", str(map_path), "--station", station, *more]


def test_json_words_rejects_and_exit_codes(fresh_installation, tmp_path, map_path):
    file = tables.a_file(tmp_path, tables.as_text([*rows(3), ("K-9", "不详", "", "路灯", "", "", "")]))
    rejects, wrong_map = tmp_path / "rejects.csv", tmp_path / "wrong.toml"
    wrong_map.write_text("source = ", "utf-8")
    lines = [
        import_line(file, map_path, "--json", "--dry-run"),
        import_line(file, map_path, "--json", "--rejects", str(rejects)),
        import_line(file, map_path),
        import_line(file, map_path, station="NO"),
        import_line(file, wrong_map),
        import_line(tmp_path / "none.csv", map_path),
        ["import", "matters", str(file)],
    ]
    told = json.loads(fresh_installation.python(SETUP + COMMANDS, json.dumps(lines)).stdout)
    assert [code for code, _, _ in told] == [0, 0, 0, 1, 1, 2, 2]
    dry, done = (json.loads(out) for _, out, _ in told[:2])
    assert {name: done[name] for name in ("read", "imported", "already_there", "rejected", "rejected_by")} == {
        "read": 4,
        "imported": 3,
        "already_there": 0,
        "rejected": 1,
        "rejected_by": {"bad_date": 1},
    }
    assert {**dry, "dry_run": False} == done
    assert rejects.read_text("utf-8-sig").splitlines()[1].startswith("5,上报时间,bad_date,")
    assert "0 imported, 3 already there, 1 rejected" in told[2][1]
    assert "no station with this code" in told[3][2]
    assert "TOML" in told[4][2]


def test_killed_half_way_and_run_again_it_ends_the_same(new_installation, tmp_path, map_path):
    file = tables.a_file(tmp_path, tables.as_text(rows(100)))
    once, killed = new_installation(), new_installation()
    lines = json.dumps([import_line(file, map_path, "--json"), ["verify", "--json"]])
    process = killed.start(sys.executable, "-c", SETUP + KILLED, str(file), str(map_path))
    expected = once.python(SETUP + COMMANDS + STATE, lines).stdout.splitlines()
    assert process.wait(timeout=60) == -signal.SIGKILL
    process.stdout.close()
    told, state = killed.python(COMMANDS + STATE, lines).stdout.splitlines()
    (_, report, _), (verified, _, _) = json.loads(told)
    report = json.loads(report)
    assert (report["read"], report["imported"], report["already_there"]) == (100, 60, 40)
    assert (state, verified) == (expected[1], 0)
