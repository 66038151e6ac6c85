"""A small district: one bureau, two stations and the people of the first."""

import pytest

from jishi.stations import actions
from jishi.stations.models import Role, Unit

PASSWORD = "a-long-enough-9-password"


@pytest.fixture
def bureau(db):
    return actions.create_bureau(code="PA", name="平安分局")


@pytest.fixture
def station(bureau):
    return actions.create_station(bureau=bureau, code="XH", name="新华派出所")


@pytest.fixture
def other_station(bureau):
    return actions.create_station(bureau=bureau, code="HP", name="和平派出所")


@pytest.fixture
def far_station(db):
    far = actions.create_bureau(code="FAR", name="远山分局")
    return actions.create_station(bureau=far, code="YS", name="远山派出所")


@pytest.fixture
def patrol(station):
    return Unit.objects.create(station=station, code="patrol", name="巡逻一组", kind="patrol")


@pytest.fixture
def officer(patrol):
    return actions.create_staff(
        username="officer", name="李明", password=PASSWORD, posts=[{"role": Role.OFFICER, "unit": patrol}]
    )


@pytest.fixture
def administrator(station):
    return actions.create_staff(
        username="keeper", name="赵静", password=PASSWORD, posts=[{"role": Role.ADMINISTRATOR, "station": station}]
    )


@pytest.fixture
def bureau_administrator(bureau):
    return actions.create_staff(
        username="bureau-keeper", name="孙丽", password=PASSWORD, posts=[{"role": Role.ADMINISTRATOR, "bureau": bureau}]
    )


@pytest.fixture
def outsider(far_station):
    return actions.create_staff(
        username="outsider", name="周远", password=PASSWORD, posts=[{"role": Role.CHIEF, "station": far_station}]
    )
