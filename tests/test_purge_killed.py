"""A purge that is killed halfway leaves nothing half gone and goes on the next time; the ledger proves it."""

from __future__ import annotations

import json
import signal
import sys

import pytest

from tests.support.installations import Installation

#: Eight matters that were closed long ago and one that was closed today, one of the eight held.
SETUP = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from jishi.matters.keeping.holds import hold_matter
from jishi.matters.tests.factory import a_matter, a_station
house = a_station()
old = timezone.now() - timedelta(days=200)
made = [a_matter(house, "closed", now=old) for _ in range(8)]
a_matter(house, "closed")
hold_matter(made[0], reason="file 7", by=house.chief)
"""

#: Three at a time; in the second batch, when everything but the matters themselves was shredded, the process is killed.
KILLED = """
import os, signal, django; django.setup()
from django.utils import timezone
from jishi.privacy import purge
batches = []
def kill(ids, now):
    batches.append(ids)
    if len(batches) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
purge.BATCH = 3
purge.register_part(purge.Part("matter", "zzz", "", lambda ids: {}, kill))
purge.run_purge(timezone.now())
"""

#: Whether the journal says the same; how many matters were purged; how many have words still, and have lost some.
STANDS = """
import json, django; django.setup()
from jishi.matters.verify import verify
from jishi.matters.models import Matter, Text
whole = set(Text.objects.filter(purged_at=None).values_list("matter", flat=True))
gone = set(Text.objects.exclude(purged_at=None).values_list("matter", flat=True))
purged = set(Matter.objects.exclude(purged_at=None).values_list("pk", flat=True))
print(json.dumps([verify().ok, len(purged), len(whole), len(gone), purged == gone]))
"""

#: A purge while somebody else has the database open, who would keep the log of what was written ahead.  How often a
#: word stands in the files of the database before it and after it.
BESIDE = """
import json, sqlite3, django; django.setup()
from datetime import timedelta
from pathlib import Path
from django.conf import settings
from django.utils import timezone
from jishi.matters.actions import report_matter
from jishi.matters import commands
from jishi.matters.actions import apply
from jishi.matters.models import Matter
from jishi.matters.tests.factory import a_station
from jishi.privacy.purge import run_purge
name = Path(settings.DATABASES["default"]["NAME"])
other = sqlite3.connect(name)
other.execute("SELECT 1 FROM django_migrations LIMIT 1").fetchall()
def times():
    return sum(each.read_bytes().count(b"unmistakable") for each in name.parent.glob(name.name + "*"))
house = a_station()
old = timezone.now() - timedelta(days=200)
done = report_matter(house.station, by=house.desk, title="unmistakable", description="unmistakable", now=old)
matter = Matter.objects.get(pk=done.matter_id)
for given in (commands.Decline(outcome="no_action", reason="unmistakable"), commands.Answer(text="unmistakable"),
              commands.Close()):
    apply(matter, given, by=house.desk, now=old)
before = times()
run_purge(timezone.now())
print(json.dumps([before > 0, times()]))
"""


def stands(installation: Installation) -> list[int | bool]:
    """How it stands, and that the journal says the same."""
    ok, *found = json.loads(installation.python(STANDS).stdout)
    assert ok
    return found


def counted(installation: Installation, *options: str) -> dict[str, dict[str, int]]:
    """What ``jishi purge`` counts, by kind and station."""
    told = json.loads(installation.jishi("purge", "--json", *options).stdout)
    assert told["dry_run"] is ("--dry-run" in options)
    return {kind: at for kind, at in told["kinds"].items() if at}


@pytest.mark.timeout(300)
def test_a_purge_killed_halfway_goes_on(fresh_installation: Installation) -> None:
    fresh_installation.python(SETUP)
    said = counted(fresh_installation, "--dry-run")
    assert said["matter"] == {"XH": 7}
    assert json.loads(fresh_installation.jishi("purge", "--json", "--dry-run").stdout)["held"] == {"matter": {"XH": 1}}
    assert "依法保全" in fresh_installation.jishi("purge", "--dry-run").stdout
    assert stands(fresh_installation) == [0, 9, 0, True]

    process = fresh_installation.start(sys.executable, "-c", KILLED)
    process.communicate(timeout=90)
    assert process.returncode == -signal.SIGKILL
    assert stands(fresh_installation) == [3, 6, 3, True]

    assert counted(fresh_installation)["matter"] == {"XH": 4}
    assert stands(fresh_installation) == [7, 2, 7, True]
    assert counted(fresh_installation) == {}


@pytest.mark.sqlite_is_enough
@pytest.mark.timeout(120)
def test_no_word_is_left_beside_the_database_while_others_have_it_open(fresh_installation: Installation) -> None:
    assert json.loads(fresh_installation.python(BESIDE).stdout.splitlines()[-1]) == [True, 0]
