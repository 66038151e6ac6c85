"""A plan at work on a matter: started, its tasks in sequence and side by side, ended; and what the journal proves."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.journal.models import Event
from jishi.matters import commands, store
from jishi.matters import verify as ledger
from jishi.matters.actions import apply
from jishi.matters.models import Matter, PlanRun, PlanTask
from jishi.matters.plans.timers import tell_due
from jishi.matters.tests.factory import House, a_matter, a_station, an_inherited_matter, give
from jishi.notify.models import Delivery, Notice
from jishi.stations.models import UnitKind

pytestmark = pytest.mark.django_db

GAS = ["dispatch", "call_gas", "cordon", "evacuate", "engine", "measure", "reopen", "bulletin"]


@pytest.fixture
def house() -> House:
    return a_station()


def a_run(house: House, grade: int = 1, state: str = "handling") -> Matter:
    """A red gas leak, whose plan started by itself."""
    return a_matter(house, state, category="fire.gas", grade=grade)


def states(matter: Matter) -> dict[str, str]:
    return dict(PlanTask.objects.filter(run__matter=matter).values_list("code", "state"))


def do(house: House, matter: Matter, verb: str, by: str = "chief", **fields: Any) -> Matter:
    if verb == "suspend":
        return give(house, matter, verb, by=house.people[by])
    now = fields.pop("now", None)
    apply(matter, commands.BY_VERB[verb](**fields), by=house.people[by], now=now)
    return Matter.objects.get(pk=matter.pk)


def finish(house: House, matter: Matter, *codes: str) -> Matter:
    for code in codes:
        matter = do(house, matter, "finish_task", task=code)
    return matter


def reassess(house: House, matter: Matter, grade: int) -> Matter:
    apply(matter, commands.Reassess(category="fire.gas", grade=grade, reason="情况变化"), by=house.desk)
    matter.refresh_from_db()
    return matter


def refused(house: House, matter: Matter, verb: str, by: str = "chief", **fields: Any) -> Refused:
    with pytest.raises(Refused) as found:
        do(house, matter, verb, by, **fields)
    return found.value


def test_a_red_matter_starts_its_plan_in_the_same_transaction_and_once_a_round(house: House) -> None:
    matter = a_run(house)
    run = PlanRun.objects.get()
    assert (run.matter_id, run.number, run.started_by, run.drill) == (matter.pk, 1, None, False)
    assert (matter.run, matter.open_tasks) == (1, 8)
    assert list(states(matter)) == GAS
    reassess(house, reassess(house, matter, 2), 1)
    assert PlanRun.objects.count() == 1
    finish(house, matter, "dispatch", "call_gas", "cordon", "evacuate", "measure", "reopen")
    do(house, matter, "end_plan", reason="其余不再需要")
    reassess(house, reassess(house, matter, 2), 1)
    assert PlanRun.objects.count() == 1
    assert ledger.verify().ok, ledger.verify().problems


def test_the_version_that_a_command_gives_back_is_the_newest(house: House) -> None:
    matter = a_matter(house)
    done = apply(matter, commands.Assess(category="fire.gas", grade=1), by=house.desk, version=1)
    assert (done.version, done.event) == (3, "assessed")
    apply(matter, commands.Push(unit=house.patrol.pk), by=house.desk, version=done.version)


def test_a_red_matter_of_another_system_starts_its_plan_when_the_desk_takes_it_up(house: House) -> None:
    matter = an_inherited_matter(house, category="fire.gas")
    assert not PlanRun.objects.exists()
    matter = do(house, matter, "triage", "desk", category="fire.gas", grade=1, unit=house.patrol.pk)
    assert PlanRun.objects.get().matter_id == matter.pk
    assert (matter.state, matter.run, matter.open_tasks) == ("pushed", 1, 8)
    assert ledger.verify().ok, ledger.verify().problems


def test_one_that_is_not_red_starts_nothing_and_one_press_does(house: House) -> None:
    matter = a_run(house, grade=2)
    assert not PlanRun.objects.exists()
    matter = do(house, matter, "start_plan", "desk", plan="gas_leak")
    assert (matter.run, PlanRun.objects.get().started_by) == (1, house.desk)
    assert refused(house, matter, "start_plan", plan="gas_leak").code == "plan_runs"
    assert refused(house, a_matter(house), "start_plan", plan="no_such").code == "plan_unknown"


def test_tasks_run_side_by_side_and_in_sequence_each_with_its_own_clock(house: House) -> None:
    before = timezone.now()
    matter = a_run(house)
    assert {code for code, state in states(matter).items() if state == "ready"} == {"dispatch", "call_gas", "engine"}
    row = PlanTask.objects.get(code="measure")
    assert row.started is None
    assert row.due - PlanRun.objects.get().started_at == timedelta(minutes=5 + 20 + 30)
    assert refused(house, matter, "finish_task", task="cordon").code == "task_waits"
    later = before + timedelta(minutes=30)
    matter = do(house, matter, "finish_task", "desk", task="dispatch", now=later)
    for code, minutes in (("cordon", 10), ("evacuate", 20)):
        row = PlanTask.objects.get(code=code)
        assert (row.state, row.started, row.due) == ("ready", later, later + timedelta(minutes=minutes))
    finish(house, matter, "cordon", "evacuate")
    assert states(matter)["measure"] == "waiting"
    matter = finish(house, matter, "call_gas")
    assert states(matter)["measure"] == "ready"
    assert matter.open_tasks == 4


def test_a_task_is_taken_by_its_unit_handed_on_and_taken_back(house: House) -> None:
    matter = finish(house, a_run(house), "dispatch")
    assert refused(house, matter, "take_task", "checker", task="cordon").code == "task_elsewhere"
    matter = do(house, matter, "take_task", "officer", task="cordon")
    row = PlanTask.objects.get(code="cordon")
    assert (row.state, row.person, row.unit) == ("taken", house.officer, house.patrol)
    due = row.due
    assert refused(house, matter, "take_task", "auxiliary", task="cordon").code == "task_taken"
    matter = do(house, matter, "reopen_task", "officer", task="cordon")
    assert states(matter)["cordon"] == "ready"
    fire = house.units[UnitKind.FIRE]
    matter = do(house, matter, "hand_task", "officer", task="cordon", unit=fire.pk)
    row.refresh_from_db()
    assert (row.state, row.person, row.unit, row.due) == ("ready", None, fire, due)
    assert refused(house, matter, "hand_task", task="cordon", unit=fire.pk).code == "task_there"
    assert refused(house, matter, "hand_task", task="cordon", person=house.officer.pk).code == "person_elsewhere"
    elsewhere = a_station("YH", "永和派出所").patrol
    assert refused(house, matter, "hand_task", task="cordon", unit=elsewhere.pk).code == "unit_elsewhere"
    do(house, matter, "hand_task", task="cordon", unit=house.patrol.pk, person=house.officer.pk)
    row.refresh_from_db()
    assert (row.state, row.person) == ("taken", house.officer)
    assert ledger.verify().ok, ledger.verify().problems


def test_a_finished_task_is_taken_back_until_something_followed(house: House) -> None:
    matter = finish(house, a_run(house), "dispatch")
    open_tasks = matter.open_tasks
    matter = do(house, matter, "reopen_task", task="dispatch")
    assert (states(matter)["dispatch"], states(matter)["cordon"]) == ("ready", "waiting")
    assert matter.open_tasks == open_tasks + 1
    matter = finish(house, matter, "dispatch")
    matter = do(house, matter, "take_task", "officer", task="cordon")
    assert refused(house, matter, "reopen_task", task="dispatch").code == "task_followed"
    assert refused(house, matter, "reopen_task", task="engine").code == "task_not_begun"
    assert refused(house, matter, "finish_task", task="nothing").code == "task_unknown"


def test_only_a_leader_skips_and_what_comes_after_begins(house: House) -> None:
    matter = a_run(house)
    assert refused(house, matter, "skip_task", "desk", task="dispatch", reason="已到场").code == "not_allowed"
    assert refused(house, matter, "skip_task", task="dispatch").code == "missing"
    matter = do(house, matter, "skip_task", "deputy", task="dispatch", reason="已到场")
    assert (states(matter)["dispatch"], states(matter)["cordon"]) == ("skipped", "ready")


def test_a_matter_with_open_tasks_does_not_close(house: House) -> None:
    matter = finish(house, a_run(house, state="answered"), "dispatch")
    no = refused(house, matter, "close", "desk")
    assert (no.code, no.facts["count"]) == ("open_tasks", 7)
    assert "7" in sentence(no)
    root = a_matter(house, "assessed")
    other = a_run(house, state="assessed")
    assert refused(house, other, "merge", "desk", root=root.pk).code == "open_tasks"
    assert refused(house, other, "transfer", station=root.station_id, reason="有误").code == "open_tasks"
    assert refused(house, a_run(house), "suspend").code == "open_tasks"
    finish(house, matter, "call_gas", "cordon", "evacuate", "engine", "measure", "reopen", "bulletin")
    assert refused(house, matter, "close", "desk").code == "plan_not_ended"
    matter = do(house, matter, "end_plan", "deputy")
    assert do(house, matter, "close", "desk").state == "closed"


def test_a_plan_ends_by_a_leader_when_its_ending_tasks_are_over(house: House) -> None:
    matter = finish(house, a_run(house), "dispatch", "call_gas", "cordon", "evacuate", "measure")
    assert refused(house, matter, "end_plan", "desk", reason="完成").code == "not_allowed"
    assert refused(house, matter, "end_plan", reason="完成").code == "ending_tasks"
    matter = do(house, matter, "skip_task", task="reopen", reason="未设警戒")
    assert refused(house, matter, "end_plan").code == "missing"
    matter = do(house, matter, "end_plan", reason="其余不再需要")
    assert (matter.run, matter.open_tasks) == (0, 0)
    assert set(states(matter).values()) == {"done", "skipped"}
    assert refused(house, matter, "take_task", task="engine").code == "no_plan_runs"
    assert PlanTask.objects.filter(watch__isnull=False).count() == 0
    again = do(house, matter, "start_plan", "desk", plan="gas_leak")
    assert (again.run, again.open_tasks) == (2, 8)
    assert ledger.verify().ok, ledger.verify().problems


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "skipped"}, "task_differs"),
        ({"ended_by": None}, "task_differs"),
        ({"due": timezone.now()}, "task_differs"),
        ({"watch": timezone.now()}, "task_unwatched"),
    ],
)
def test_a_task_changed_by_hand_is_found(house: House, change: dict[str, Any], code: str) -> None:
    finish(house, a_run(house), "dispatch", "call_gas")
    assert ledger.verify().ok, ledger.verify().problems
    PlanTask.objects.filter(code="dispatch").update(**change)
    assert {problem.code for problem in ledger.verify().problems} == {code}


def test_a_run_changed_taken_away_or_put_in_by_hand_is_found(house: House) -> None:
    matter = a_run(house)
    PlanRun.objects.update(drill=True)
    assert {problem.code for problem in ledger.verify().problems} == {"run_differs"}
    version = PlanRun.objects.get().version
    PlanRun.objects.all().delete()
    assert {problem.code for problem in ledger.verify().problems} == {"run_differs", "task_differs"}
    other = a_matter(house)
    PlanRun.objects.create(matter=other, number=1, version=version, cycle=1, started_at=timezone.now())
    assert other.number in {problem.where for problem in ledger.verify().problems}
    assert store.lock(matter.pk).open_tasks == 8


def test_a_task_is_told_of_at_80_and_at_100_per_cent_once_each(house: House) -> None:
    matter = a_run(house)
    started = PlanRun.objects.get().started_at
    Notice.objects.all().delete()

    def told() -> Counter[str]:
        rows = Notice.objects.filter(kind="matter.task").values_list("facts", flat=True)
        return Counter(f"{facts['task']} {facts['what']}" for facts in rows)

    assert tell_due(started + timedelta(minutes=3)) == 0
    assert tell_due(started + timedelta(minutes=4, seconds=1)) == 1
    assert tell_due(started + timedelta(minutes=4, seconds=30)) == 0
    assert told() == {"dispatch warned": 1}
    assert tell_due(started + timedelta(minutes=6)) == 1
    version = Matter.objects.get(pk=matter.pk).version
    assert tell_due(started + timedelta(days=1)) == 2
    assert tell_due(started + timedelta(days=2)) == 0
    assert told() == {"dispatch warned": 1, "dispatch late": 1, "call_gas late": 1, "engine late": 1}
    assert Matter.objects.get(pk=matter.pk).version == version
    late = Notice.objects.filter(facts__task="dispatch", facts__what="late").get()
    assert set(Delivery.objects.filter(notice=late).values_list("rule", flat=True)) >= {"task_unit"}
    assert Event.objects.filter(subject_kind="plan_task").count() == 4
    assert ledger.verify().ok, ledger.verify().problems


def test_nothing_is_told_of_a_task_that_is_over_or_waits(house: House) -> None:
    matter = finish(house, a_run(house), "dispatch", "call_gas", "engine")
    do(house, matter, "skip_task", task="cordon", reason="不需要")
    do(house, matter, "skip_task", task="evacuate", reason="不需要")
    do(house, matter, "skip_task", task="measure", reason="不需要")
    do(house, matter, "skip_task", task="reopen", reason="不需要")
    do(house, matter, "end_plan", reason="误报")
    assert tell_due(timezone.now() + timedelta(days=9)) == 0


def test_a_step_of_a_plan_takes_few_statements(house: House) -> None:
    counts: Counter[str] = Counter()

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        counts[verb] += not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)

    for _turn in range(2):
        matter = a_run(house, grade=2)
        counts.clear()
        for verb, fields in (
            ("start_plan", {"plan": "gas_leak"}), ("take_task", {"task": "dispatch"}),
            ("finish_task", {"task": "dispatch"}), ("skip_task", {"task": "cordon", "reason": "不需要"}),
        ):  # fmt: skip
            with connection.execute_wrapper(count):
                apply(matter.pk, commands.BY_VERB[verb](**fields), by=house.people["chief"])
    assert counts["take_task"] <= 15, counts
    assert counts["start_plan"] <= 24, counts
    assert counts["finish_task"] <= 24, counts
