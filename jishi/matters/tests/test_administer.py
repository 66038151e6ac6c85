"""Categories are changed on screen; time limits get a new version.  Only bureau administrators change either."""

import json

import pytest
from django.urls import reverse

from jishi.base.errors import Refused
from jishi.base.sentences import known
from jishi.matters import catalogue
from jishi.matters.actions import shelves
from jishi.matters.models import Category, PolicyVersion
from jishi.matters.tests import factory
from jishi.stations import actions
from jishi.stations.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return factory.a_station()


@pytest.fixture
def keeper(client, house):
    post = {"role": Role.ADMINISTRATOR, "bureau": house.station.bureau}
    client.force_login(actions.create_staff(username="top", name="孙丽", password=None, posts=[post]))
    return client


def page(name, *args):
    return reverse(f"admin:matters_{name}", args=args)


def sent(category, **changed):
    names = ("code", "name_zh", "name_en", "unit_kind", "grade", "position")
    values = {name: getattr(category, name) for name in names}
    values |= {"parent": category.parent_id or "", "words": json.dumps(category.words), "active": "on"}
    return {**values, **changed}


def test_a_category_is_changed_and_the_change_counts_at_once(keeper):
    category = Category.objects.filter(parent__isnull=False).first()
    assert catalogue.category(category.code).name_zh == category.name_zh
    change = page("category_change", category.pk)
    assert keeper.get(change).status_code == 200
    assert keeper.post(change, sent(category, name_zh="新名称", code="changed")).status_code == 302
    assert catalogue.category(category.code).name_zh == "新名称"
    assert not Category.objects.filter(code="changed").exists()
    assert keeper.get(page("category_delete", category.pk)).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name_zh": "信访上访"}, "category_outside_law"),
        ({"name_en": "Petitions"}, "category_outside_law"),
        ({"name_zh": "13812345678"}, "personal"),
        ({"words": '{"a": 1}'}, "bad_words"),
        ({"words": '["  "]'}, "bad_words"),
        ({"words": '["13812345678"]'}, "personal"),
        ({"grade": 5}, "bad_grade"),
    ],
)
def test_a_category_outside_the_law_is_refused(keeper, wrong, code):
    category = Category.objects.first()
    values = {**sent(category), "code": "new.one", "position": 999, **wrong}
    assert keeper.post(page("category_add"), values).status_code == 200
    assert not Category.objects.filter(code="new.one").exists()
    values |= {"words": json.loads(values["words"]), "parent": None}
    with pytest.raises(Refused, match=code):
        shelves.check_category(values)
    assert code in known()


def test_a_category_is_never_above_itself(keeper):
    child = Category.objects.filter(parent__isnull=False).first()
    for above in (child.parent, child):
        wrong = sent(above, parent=child.pk)
        assert keeper.post(page("category_change", above.pk), wrong).status_code == 200
        assert Category.objects.get(pk=above.pk).parent_id == above.parent_id
    assert "category_cycle" in known()


def test_a_new_category_is_added(keeper):
    values = {**sent(Category.objects.first()), "code": "new.one", "name_zh": "井盖", "name_en": "Manholes"}
    assert keeper.post(page("category_add"), values).status_code == 302
    assert catalogue.category("new.one").name_en == "Manholes"


def test_time_limits_get_a_new_version_begun_as_a_copy(keeper, house):
    newest = PolicyVersion.objects.first()
    add = page("policyversion_add")
    assert keeper.get(add).context["adminform"].form.initial["data"] == newest.data
    data = json.loads(json.dumps(newest.data))
    data["default"]["1"] = {**data["default"].get("1", {}), "assess": "7m clock"}
    assert keeper.post(add, {"data": json.dumps(data)}).status_code == 302
    made = PolicyVersion.objects.first()
    assert (made.version, made.data) == (newest.version + 1, data)
    rules = catalogue.rules_of(house.station.pk)
    assert (rules.policy.version, rules.policy.term(None, 1, "assess").minutes) == (made.version, 7)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([], "bad_limits"),
        ({"default": []}, "bad_limits"),
        ({"default": {"any": "1h work"}}, "bad_limits"),
        ({"default": {"any": {"assess": 5}}}, "bad_limits"),
        ({"default": {"any": {"assess": "soon"}}}, "bad_term"),
        ({"default": {"any": {"assess": "1h work"}}}, "no_term"),
        ({"other": {"any": {"assess": "1h work"}}}, "no_term"),
    ],
)
def test_limits_that_leave_a_step_without_one_are_refused(keeper, data, code):
    before = PolicyVersion.objects.count()
    assert keeper.post(page("policyversion_add"), {"data": json.dumps(data)}).status_code == 200
    assert PolicyVersion.objects.count() == before
    with pytest.raises(Refused, match=code):
        shelves.publish_policy(data)
    assert code in known()


def test_a_version_is_never_changed(keeper):
    newest = PolicyVersion.objects.first()
    change = page("policyversion_change", newest.pk)
    assert keeper.get(change).status_code == 200
    assert keeper.post(change, {"data": "{}"}).status_code == 403
    assert keeper.get(page("policyversion_delete", newest.pk)).status_code == 403


def test_one_station_s_administrator_reads_what_all_share(client, house):
    post = {"role": Role.ADMINISTRATOR, "station": house.station}
    client.force_login(actions.create_staff(username="local", name="赵静", password=None, posts=[post]))
    category = Category.objects.first()
    assert client.get(page("category_change", category.pk)).status_code == 200
    assert client.post(page("category_change", category.pk), sent(category)).status_code == 403
    assert client.get(page("policyversion_add")).status_code == 403
