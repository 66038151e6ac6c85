"""How many statements a command takes: pinned, since every command of every user pays for each of them."""

from collections import Counter

import pytest
from django.db import connection

from jishi.matters import commands, telling
from jishi.matters.actions import Place, apply, report_matter
from jishi.matters.models import Matter
from jishi.matters.tests import factory as make
from jishi.notify.models import Notice
from jishi.stations.models import Staff

#: What a command takes by itself: the row, its clocks, its hop, its words, its event.
MOST = 10
#: What telling of it adds at most: a look back for the same within a minute, the notice, its deliveries; who holds a
#: receipt of it or of what was merged into it; and who pushed it where it is accepted, or the earlier item that gives
#: way.
TELLING = 6
FIELDS = {
    "assess": {"category": "dispute.rent", "grade": 3},
    "log": {"text": "已到现场"},
    "submit": {"outcome": "fixed", "text": "已处理完毕"},
    "check": {"result": "pass"},
    "answer": {"text": "已告知报告人"},
}
GIVEN_BY = {"accept": "officer", "log": "officer", "submit": "officer", "check": "checker"}
ROUND = ("report", "assess", "push", "accept", "log", "submit", "check", "answer", "close")


def a_round(house, counts, key):
    """A round whose every command is given by somebody just read from the database, with a key and a version."""

    def count(execute, sql, params, many, context):
        counts[verb] += not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)

    for verb in ROUND:
        by = Staff.objects.get(pk=house.people[GIVEN_BY.get(verb, "desk")].pk)
        fields = {"unit": house.patrol.pk} if verb == "push" else FIELDS.get(verb, {})
        with connection.execute_wrapper(count):
            if verb == "report":
                place = Place("和平里3号楼", house.area.pk, 116.42, 39.95)
                done = report_matter(house.station, by=by, title="楼道堆物", place=place, key=f"{key}report")
            else:
                command = commands.BY_VERB[verb](**fields)
                done = apply(done.matter_id, command, by=by, version=done.version, key=f"{key}{verb}")


@pytest.mark.django_db
def test_each_command_of_a_round_takes_few_statements():
    house = make.a_station()
    a_round(house, Counter(), "first")
    told, counts, silent = Counter(), Counter(), Counter()
    a_round(house, told, "second")
    assert Notice.objects.count() > len(ROUND)
    with telling.silent():
        a_round(house, silent, "third")
    assert set(told) == set(silent) == set(ROUND)
    assert Matter.objects.filter(state="closed").count() == 3
    assert sum(silent.values()) > 5 * len(ROUND)
    assert max(silent.values()) <= MOST, silent
    counts = told - silent
    assert max(counts.values()) <= TELLING, counts
    assert not counts.keys() & {"assess", "log"}
