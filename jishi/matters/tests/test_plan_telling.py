"""Who is told of a plan, and that a drill tells nobody outside."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from jishi.base.errors import Refused
from jishi.matters import verify as ledger
from jishi.matters.models import Matter, PlanRun
from jishi.matters.plans import actions
from jishi.matters.plans.timers import tell_due
from jishi.matters.queries.scope import counted
from jishi.matters.queries.similar import similar
from jishi.matters.tests.factory import House, a_matter, a_station, give
from jishi.matters.tests.test_plans import a_run, do, finish
from jishi.notify.kinds import kind_of, why
from jishi.notify.models import Channel, Delivery, Endpoint, Notice, Preference
from jishi.privacy import seal
from jishi.register.tests.factory import a_ground, a_hydrant
from jishi.stations.models import Agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_station()


def told(what: str) -> dict[str, set[str]]:
    """Who was told of this, by task, each with the rule."""
    found: dict[str, set[str]] = defaultdict(set)
    for delivery in Delivery.objects.filter(notice__facts__what=what, channel=Channel.APP).select_related(
        "notice", "staff"
    ):
        assert delivery.staff is not None
        found[delivery.notice.facts.get("task", "")].add(f"{delivery.staff.name} {delivery.rule}")
    return found


def test_a_start_is_told_to_those_whom_the_plan_names_and_each_task_to_its_owner(house: House) -> None:
    a_run(house)
    assert told("started")[""] == {
        "周正 plan_role", "吴平 plan_role", "王值班 plan_unit", "李巡 plan_unit", "赵辅 plan_unit",
    }  # fmt: skip
    ready = told("ready")
    assert set(ready) == {"dispatch", "call_gas", "engine"}
    assert ready["dispatch"] == {"王值班 task_unit"}


def test_who_acts_is_not_told_and_two_tasks_of_one_moment_are_told_apart(house: House) -> None:
    matter = a_run(house)
    Notice.objects.all().delete()
    do(house, matter, "finish_task", "desk", task="dispatch")
    assert told("ready")["cordon"] == {"李巡 task_unit", "赵辅 task_unit"}
    do(house, matter, "hand_task", "desk", task="evacuate", unit=house.patrol.pk)
    assert told("handed")["evacuate"] == {"李巡 task_unit", "赵辅 task_unit"}
    do(house, matter, "hand_task", "desk", task="cordon", unit=house.patrol.pk, person=house.officer.pk)
    assert told("handed")["cordon"] == {"李巡 task_yours"}
    assert not Delivery.objects.filter(state="folded", notice__facts__task="evacuate", notice__facts__what="handed")


def test_the_leaders_are_told_when_nothing_is_owed_and_everybody_when_it_ends(house: House) -> None:
    matter = finish(house, a_run(house), "dispatch", "call_gas", "cordon", "evacuate", "engine", "measure", "reopen")
    assert not told("can_end")
    do(house, matter, "finish_task", "desk", task="bulletin")
    assert told("can_end")[""] == {"周正 plan_can_end", "吴平 plan_can_end"}
    do(house, matter, "end_plan")
    assert told("ended")[""] == {"吴平 plan_role", "王值班 plan_unit", "李巡 plan_unit", "赵辅 plan_unit"}


def test_a_message_names_the_task_and_the_plan_and_nothing_of_the_matters_words(house: House) -> None:
    matter = a_matter(house, "pushed", category="fire.gas", grade=1, title="紫檀木匣旁有气味")
    notices = list(Notice.objects.filter(kind__in=("matter.plan", "matter.task")).order_by("pk"))
    due = timezone.now()
    item = actions.add_item(
        matter.runs.get(), body="补充警戒带", unit=house.patrol.pk, due=due + timedelta(days=2), by=house.chief
    )
    notices += Notice.objects.filter(thread=f"item:{item.pk}")
    for language, words in (
        ("zh-hans", "待办：通知最近的巡逻力量到场"),
        ("en", "To be done now: Send the nearest patrol"),
    ):
        with translation.override(language):
            messages: dict[int, Any] = {}
            for kind in ("matter.plan", "matter.task"):
                messages |= kind_of(kind).write([notice for notice in notices if notice.kind == kind])
            assert set(messages) == {notice.pk for notice in notices}
            assert words in {message.title for message in messages.values()}
            for message in messages.values():
                assert message.number == matter.number
                assert message.path.startswith(f"/matters/{matter.number}/plan/")
                assert "紫檀木匣" not in str(message)
                assert "警戒带" not in str(message)
    rules = set(Delivery.objects.filter(notice__in=notices).values_list("rule", flat=True)) - {"endpoint"}
    assert all(why(rule) for rule in rules)


@pytest.fixture
def outside(house: House) -> Endpoint:
    """A webhook that is told everything, one of an agency that plans name, and people who want e-mail."""
    bureau = house.station.bureau
    gas = Agency.objects.create(bureau=bureau, code="rq", name="燃气公司")
    sealed = seal(("endpoint", 1), "config", "{}")
    for agency in (None, gas):
        hook = Endpoint.objects.create(
            bureau=bureau, station=house.station, agency=agency, kind="webhook", label="平台", config_sealed=sealed
        )
    for person in house.people.values():
        Preference.objects.create(staff=person, channels={"mine": ["push"], "plans": ["push"], "late": ["push"]})
    return hook


def deliveries() -> int:
    """How many go out of the house."""
    return Delivery.objects.exclude(channel=Channel.APP).count()


def test_a_drill_runs_like_any_plan_and_tells_nobody_outside(house: House, outside: Endpoint) -> None:
    a_run(house)
    assert Delivery.objects.filter(endpoint=outside, notice__kind="matter.plan").count() == 1
    real = deliveries()
    assert real > 2
    matter = actions.start_drill(house.station, "gas_leak", by=house.people["chief"], place="和平里3号楼")
    assert (matter.channel, matter.drill, matter.run, matter.open_tasks, matter.grade) == ("drill", True, 1, 8, 1)
    run = PlanRun.objects.get(matter=matter)
    assert (run.drill, run.started_by) == (True, house.people["chief"])
    matter = give(house, matter, "push")
    matter = give(house, matter, "accept")
    with pytest.raises(Refused) as refused:
        do(house, matter, "refer", "desk", agency=outside.agency_id, reason="演练")
    assert refused.value.code == "drill_inside"
    tell_due(timezone.now() + timedelta(minutes=5))
    finish(house, matter, "dispatch", "call_gas", "cordon", "evacuate", "engine", "measure", "reopen", "bulletin")
    do(house, matter, "end_plan")
    assert Delivery.objects.filter(notice__facts__drill=True).exists()
    inside = Delivery.objects.filter(notice__thread__in=[f"matter:{matter.pk}", *_threads(matter)])
    assert inside.count() > 10
    assert not inside.exclude(channel=Channel.APP).exists()
    assert deliveries() == real + _of_the_real_ones(matter)
    assert ledger.verify().ok, ledger.verify().problems


def _threads(matter: Matter) -> list[str]:
    return [f"task:{pk}" for run in matter.runs.all() for pk in run.tasks.values_list("pk", flat=True)]


def _of_the_real_ones(matter: Matter) -> int:
    """What the clocks of the real run told meanwhile, which go out like anything real."""
    threads = [f"matter:{matter.pk}", *_threads(matter)]
    late = Delivery.objects.exclude(channel=Channel.APP).exclude(notice__thread__in=threads)
    return late.filter(notice__facts__what__in=["warned", "late"]).count()


def test_a_drill_is_marked_wherever_it_is_shown(house: House, client: Any) -> None:
    matter = actions.start_drill(house.station, "gas_leak", by=house.people["chief"])
    client.force_login(house.people["chief"])
    pages = ("", "print/", "plan/", "plan/review/", "plan/review/print/")
    for address in ("/matters/", *(f"/matters/{matter.number}/{page}" for page in pages)):
        assert "Drill" in client.get(address, headers={"accept-language": "en"}).content.decode(), address


def test_a_drill_is_on_no_map_in_no_figure_and_no_duplicate(house: House) -> None:
    place = a_ground("XR")
    hydrant = a_hydrant(place)
    real = a_matter(house, "handling", category="fire.gas", grade=2, title="楼道有燃气味")
    drill = actions.start_drill(house.station, "gas_leak", by=house.people["chief"], place="和平里3号楼")
    Matter.objects.filter(pk__in=[real.pk, drill.pk]).update(lon=116.4, lat=39.9, cell=1, element=hydrant)
    assert counted(house.people["chief"], house.station.pk).count() == 1
    likely = similar(house.desk, house.station.pk, timezone.now(), title="楼道有燃气味")
    assert [row.number for row in likely] == [real.number]


def test_only_those_who_may_assess_start_a_drill(house: House) -> None:
    for role in ("officer", "checker", "analyst"):
        with pytest.raises(Refused, match="not_allowed"):
            actions.start_drill(house.station, "gas_leak", by=house.people[role])
    assert not Matter.objects.exists()
    with pytest.raises(Refused, match="plan_unknown"):
        actions.start_drill(house.station, "no_such", by=house.people["chief"])
