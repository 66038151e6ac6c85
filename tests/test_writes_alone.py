"""A statement that writes alone: durable by itself, part of a transaction where there is one, and in its turn."""

from __future__ import annotations

import sys

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from jishi.base.writes import insert_row, twice, write_alone
from jishi.jobs.models import Beat, Job
from tests.support.installations import Installation

UPDATE = "UPDATE jobs_beat SET worker = %s WHERE worker = %s"

ALONE = """
import django; django.setup()
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from jishi.base.writes import write_alone
from jishi.jobs.models import Beat
with transaction.atomic():
    Beat.objects.create(worker="a", at=timezone.now(), started_at=timezone.now())
print(write_alone("UPDATE jobs_beat SET worker = %s WHERE worker = %s", ["b", "a"]))
connection.close()
print(Beat.objects.get().worker, getattr(connection, "_has_turn", False))
try:
    write_alone("UPDATE jobs_beat SET no_such_column = %s", [1])
except DatabaseError as error:
    print(type(error).__module__)
print(getattr(connection, "_has_turn", False), write_alone("DELETE FROM jobs_beat WHERE worker = %s", ["b"]))
"""


@pytest.mark.django_db
def test_it_belongs_to_the_transaction_around_it():
    Beat.objects.create(worker="a", at=timezone.now(), started_at=timezone.now())
    with transaction.atomic():
        assert write_alone(UPDATE, ["b", "a"]) == 1
        assert write_alone(UPDATE, ["c", "a"]) == 0
        transaction.set_rollback(True)
    assert Beat.objects.get().worker == "a"
    with pytest.raises(DatabaseError), transaction.atomic():
        write_alone("UPDATE jobs_beat SET no_such_column = %s", [1])
    assert connection.in_atomic_block


def test_alone_it_is_kept_and_gives_its_turn_back(fresh_installation: Installation) -> None:
    done = fresh_installation.start(sys.executable, "-c", ALONE)
    said = done.communicate(timeout=60)[0].split()
    assert said == ["1", "b", "False", "django.db.utils", "False", "1"]


@pytest.mark.django_db
def test_a_row_that_is_written_quickly_holds_what_the_model_would_have_written():
    now = timezone.now()
    pk = insert_row(Job, {"kind": "a", "payload": "{}", "due": now, "created_at": now, "state": "queued"})
    quick = Job.objects.filter(pk=pk).values().get()
    slow = Job.objects.create(kind="a", due=now, created_at=now, state="queued")
    assert quick | {"id": 0} == Job.objects.filter(pk=slow.pk).values().get() | {"id": 0}


@pytest.mark.django_db
def test_a_column_that_there_is_not_is_no_row():
    with pytest.raises(ValueError, match="Job has no column 'kinds'"):
        insert_row(Job, {"kinds": "a", "stat": "queued", "due": timezone.now()})
    assert not Job.objects.filter(kind="").exists()


@pytest.mark.django_db
def test_a_statement_reads_the_same_every_time():
    for word in ("a", "b"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT '%%s' || CAST(%s AS TEXT)", [word])
            assert cursor.fetchone() == (f"%s{word}",)


def test_what_somebody_else_did_at_the_same_time_is_found_the_second_time():
    tried = []

    def work() -> str:
        tried.append(1)
        if len(tried) == 1:
            raise IntegrityError
        return "found"

    assert twice(work) == "found"
    with pytest.raises(IntegrityError):
        twice(lambda: (_ for _ in ()).throw(IntegrityError))


#: The log of the embedded database is to be emptied while somebody is in the midst of reading it, and after that.
READ = """
import sqlite3, threading, time, django; django.setup()
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from jishi.base import writes
from jishi.window.actions.limits import count_one
name = settings.DATABASES["default"]["NAME"]
reader = sqlite3.connect(name)
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM window_tally").fetchall()
now = timezone.now()
count_one("a", now, now)
written = []
def write():
    for number in range(5):
        with transaction.atomic():
            written.append(count_one("b", now, now))
        time.sleep(0.05)
    connection.close()
writer = threading.Thread(target=write)
writer.start()
busy = writes.write_back()
writer.join()
reader.execute("ROLLBACK")
print(busy, len(written), writes.write_back(), __import__("os").path.getsize(f"{name}-wal"))
"""


@pytest.mark.sqlite_is_enough
def test_who_reads_keeps_the_log_full_and_no_writer_waiting(fresh_installation: Installation) -> None:
    assert fresh_installation.python(READ).stdout.split() == ["False", "5", "True", "0"]
