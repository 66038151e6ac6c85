"""Categories, attributes, cadences and targets on screen: plain rows, a new version, and the law's refusals."""

import tomllib
from importlib import resources

import pytest
from django.urls import reverse

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.jobs.models import Job
from jishi.register import catalogue
from jishi.register.actions.shelves import RESTAND_JOB, save_category
from jishi.register.admin_forms import COLUMNS, read_row, write_row
from jishi.register.models import Category, CategoryVersion, Element, Target
from jishi.register.tests.factory import a_hydrant
from jishi.stations.actions import create_staff
from jishi.stations.models import Role

pytestmark = pytest.mark.django_db
ROW = {"code": "flow", "type": "number", "zh": "流量", "en": "Flow", "least": "0.1", "most": "2.5", "unit": "L/s"}


@pytest.fixture
def keeper(screen, ground):
    post = {"role": Role.ADMINISTRATOR, "bureau": ground.station.bureau}
    screen.force_login(create_staff(username="top", name="孙丽", password=None, posts=[post]))
    return screen


def page(name, *args):
    return reverse(f"admin:register_{name}", args=args)


def sent(of=None, rows=None, **changed):
    """The form of a category as a browser would send it."""
    values = {"kind": "thing", "parent": "thing", "family": "", "position": "0", "active": "on", "cadence_0": "90"}
    if of:
        sort = catalogue.sort_of(of)
        values |= {"name_zh": sort.category.name_zh, "name_en": sort.category.name_en, "family": sort.category.family}
        values |= {f"cadence_{grade}": days for grade, days in sort.cadence.items()}
        values["position"] = sort.category.position
        values |= {name: "on" for name in ("needs_photo", "needs_position") if getattr(sort, name)}
        rows = rows if rows is not None else [write_row(each) for each in sort.attributes]
    for place, row in enumerate([*(rows or []), {"type": "text"}]):
        values |= {f"attributes-{place}-{column}": row.get(column, "") for column in COLUMNS}
    return {**values, **changed}


def test_a_category_is_added_without_code(keeper, ground):
    choices = "good | 完好 | Good\nbroken ｜ 损坏 ｜ Broken"
    rows = [
        {**ROW, "required": "on"},
        {"code": "state", "type": "choice", "zh": "状态", "en": "State", "choices": choices},
    ]
    made = sent(rows=rows) | {"code": "thing.valve_box", "name_zh": "阀门箱", "name_en": "Valve box"}
    assert keeper.get(page("category_add")).status_code == 200
    answer = keeper.post(page("category_add"), {**made, "cadence_1": "30", "needs_position": "on"})
    assert answer.status_code == 302
    sort = catalogue.sort_of("thing.valve_box")
    assert sort.cadence == {"0": 90, "1": 30}
    assert (sort.needs_photo, sort.needs_position) == (False, True)
    assert [each.code for each in sort.attributes] == ["flow", "state"]
    assert sort.schema["required"] == ["flow"]
    assert sort.schema["properties"]["flow"]["maximum"] == 2.5
    assert sort.attributes[1].choices == {"good": ("完好", "Good"), "broken": ("损坏", "Broken")}
    attributes = {"flow": 0.4, "state": "good"}
    element = a_hydrant(ground, "东门阀门箱", category="thing.valve_box", attributes=attributes)
    assert element.issues == 0


def test_a_changed_attribute_is_a_new_version_and_elements_follow(keeper, ground):
    hydrant = a_hydrant(ground)
    before = catalogue.sort_of("thing.hydrant")
    rows = [write_row(each) for each in before.attributes] + [{**ROW, "required": "on"}]
    assert keeper.post(page("category_change", "thing.hydrant"), sent("thing.hydrant", rows)).status_code == 302
    after = catalogue.sort_of("thing.hydrant")
    assert after.version == before.version + 1
    assert CategoryVersion.objects.get(category="thing.hydrant", version=before.version).schema == before.schema
    job = Job.objects.get(kind=RESTAND_JOB)
    assert job.payload == {"category": "thing.hydrant", "after": 0}
    from jishi.register.jobs import restand

    restand(job.payload)
    assert Element.objects.get(pk=hydrant.pk).issues == 1


def test_what_did_not_change_is_no_new_version(keeper):
    before = catalogue.sort_of("thing.hydrant").version
    answer = keeper.post(page("category_change", "thing.hydrant"), sent("thing.hydrant", name_zh="消防栓"))
    assert answer.status_code == 302
    assert catalogue.sort_of("thing.hydrant").version == before
    assert catalogue.sort_of("thing.hydrant").category.name_zh == "消防栓"
    assert not Job.objects.filter(kind=RESTAND_JOB).exists()


def test_attributes_keep_the_order_of_their_form():
    text = resources.files("jishi.register").joinpath("catalog", "categories.toml").read_text(encoding="utf-8")
    for row in tomllib.loads(text)["category"]:
        told = [attribute["code"] for attribute in row.get("attributes", ())]
        assert [each.code for each in catalogue.sort_of(row["code"]).attributes] == told


def test_every_shipped_category_comes_back_as_it_was():
    for sort in catalogue.sorts().values():
        assert [read_row(write_row(each)) for each in sort.attributes] == sort.attributes


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"zh": "户主姓名", "en": "Householder"}, "asks about people"),
        ({"zh": "宗教信仰", "en": "Religion"}, "asks about people"),
        ({"zh": "摄像头数", "en": "Cameras"}, "asks about people"),
        ({"zh": "流量", "en": ""}, "needs a code, a kind, two names"),
        ({"code": "Flow"}, "needs a code, a kind, two names"),
        ({"least": "3", "most": "1"}, "bounds in order"),
        ({"least": "low"}, "is not a number"),
        ({"type": "choice", "choices": "good, bad"}, "a line of its own"),
        ({"type": "choice", "choices": "a | 甲 | A\na | 乙 | B"}, "a line of its own"),
        ({"type": "choice", "choices": ""}, "needs a code, a kind, two names"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(keeper, row, said):
    before = CategoryVersion.objects.count()
    rows = [{**ROW, "least": "", "most": "", **row}]
    answer = keeper.post(page("category_change", "thing.hydrant"), sent("thing.hydrant", rows))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert said in text
    assert 'value="flow"' in text or row.get("code")
    assert CategoryVersion.objects.count() == before


@pytest.mark.parametrize(
    "values",
    [
        {"code": "Thing", "name_zh": "阀门箱", "name_en": "Valve box"},
        {"code": "thing.camera", "name_zh": "监控摄像头", "name_en": "Camera"},
        {"code": "thing.x", "name_zh": "重点人员", "name_en": "Persons of interest"},
        {"code": "thing.x", "name_zh": "阀门箱", "name_en": "Valve box", "parent": "place"},
        {"code": "thing.x", "name_zh": "阀门箱", "name_en": "Valve box", "cadence_0": ""},
        {"code": "thing.x", "name_zh": "阀门箱", "name_en": "Valve box", "cadence_1": "5000"},
    ],
)
def test_a_category_that_cannot_be_is_refused(keeper, values):
    before = Category.objects.count()
    answer = keeper.post(page("category_add"), {**sent(), **values})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert Category.objects.count() == before


def test_a_category_is_never_above_itself(keeper):
    hydrant, thing = Category.objects.get(code="thing.hydrant"), Category.objects.get(code="thing")
    thing.parent = hydrant
    with pytest.raises(Refused, match="category_cycle") as refused:
        save_category(thing, [], {"0": 90}, photo=False, position=False)
    assert sentence(refused.value) != "category_cycle"


def test_code_and_kind_stay(keeper):
    keeper.post(page("category_change", "thing.hydrant"), sent("thing.hydrant", code="thing.other", kind="place"))
    category = Category.objects.get(code="thing.hydrant")
    assert category.kind == "thing"
    assert not Category.objects.filter(code="thing.other").exists()
    assert keeper.get(page("category_delete", "thing.hydrant")).status_code == 403


def test_a_stations_administrator_reads_it_in_words(screen, ground):
    screen.force_login(ground.administrator)
    text = screen.get(page("category_change", "thing.hydrant")).content.decode()
    assert 'name="attributes-0-code"' not in text
    assert "Condition" in text
    assert "Not graded" in text
    before = CategoryVersion.objects.count()
    assert screen.post(page("category_change", "thing.hydrant"), sent("thing.hydrant", [ROW])).status_code == 403
    assert screen.get(page("category_add")).status_code == 403
    assert CategoryVersion.objects.count() == before


def test_targets_of_what_is_managed(screen, ground):
    screen.force_login(ground.administrator)
    values = {"station": ground.station.pk, "category": "thing.hydrant", "share": "95"}
    assert screen.post(page("target_add"), values).status_code == 302
    target = Target.objects.get()
    assert target.share == 95
    assert screen.post(page("target_change", target.pk), {"share": "85"}).status_code == 302
    target.refresh_from_db()
    assert (target.share, target.category_id) == (85, "thing.hydrant")
    assert screen.post(page("target_add"), {**values, "share": "100"}).status_code == 200
    assert screen.post(page("target_delete", target.pk), {"post": "yes"}).status_code == 302
    assert not Target.objects.exists()
