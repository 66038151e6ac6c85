"""办事指南: shipped with Jishi, changed by an administrator, done differently where a station says so."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from jishi.base.errors import Refused
from jishi.matters.tests import factory
from jishi.stations.actions import give_post
from jishi.stations.models import Role
from jishi.window.actions.services import (
    drop_station_service,
    save_service,
    save_station_service,
    seed_services,
)
from jishi.window.models import Service, StationService
from jishi.window.queries.services import service_at, services_at
from jishi.window.tests.windows import EN

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    seed_services()
    return factory.a_station("XH")


@pytest.fixture
def keeper(house):
    """An administrator of the station whose session is fresh, and one of its bureau."""
    client = Client(**EN)
    client.force_login(house.administrator)
    return client


def test_shipped_services_are_seeded_once_and_keep_what_was_changed(house):
    Service.objects.filter(pk="dog").update(fee_zh="不收费")
    many = Service.objects.count()
    seed_services()
    assert Service.objects.count() == many
    assert Service.objects.get(pk="dog").fee_zh == "不收费"
    assert all(each.bring and each.service.said("fee") for each in services_at(house.station))


def test_a_station_does_it_elsewhere_or_not_at_all(house):
    save_station_service(
        StationService(station=house.station, service_id="id-card", where_zh="二楼", hours_en="Mornings", per_slot=1)
    )
    save_station_service(StationService(station=house.station, service_id="dog", offered=False))
    found = service_at(house.station, "id-card")
    assert (found.where, found.hours, found.per_slot) == ("二楼", "", 1)
    with translation.override("en"):
        assert service_at(house.station, "id-card").hours == "Mornings"
    assert service_at(house.station, "dog") is None
    assert service_at(factory.a_station("YH").station, "dog") is not None


def test_everybody_reads_what_to_bring(house):
    page = Client(**EN).get("/window/XH/services/").content.decode()
    assert "Resident identity card" in page
    one = Client(**EN).get("/window/XH/services/id-card/").content.decode()
    for said in ("household register booklet", "40 yuan", "20 working days", "Monday to Friday", "Book a place"):
        assert said in one
    assert "just come" in Client(**EN).get("/window/XH/services/lost-found/").content.decode()
    assert Client().get("/window/XH/services/nothing/").status_code == 404


def test_a_station_without_services_has_no_door_to_them(house):
    Service.objects.update(active=False)
    assert "/services/" not in Client().get("/window/XH/").content.decode()
    assert "Ask there" in Client(**EN).get("/window/XH/services/").content.decode()


def test_words_that_identify_somebody_are_refused(house):
    service = Service.objects.get(pk="dog")
    service.text_zh = "找李警官 13800138000"
    with pytest.raises(Refused, match="personal"):
        save_service(service)
    with pytest.raises(Refused, match="personal"):
        save_station_service(StationService(station=house.station, service=service, where_zh="打13800138000"))


def test_the_administrator_of_a_station_says_what_is_different_there(house, keeper):
    other = factory.a_station("YH")
    address = "/admin/window/stationservice/"
    fields = {"station": house.station.pk, "service": "dog", "offered": "on", "where_zh": "后院"}
    assert keeper.post(f"{address}add/", fields).status_code == 302
    row = StationService.objects.get()
    assert row.where_zh == "后院"
    assert keeper.post(f"{address}{row.pk}/change/", {**fields, "where_zh": "打13800138000"}).status_code == 200
    assert keeper.post(f"{address}{row.pk}/change/", {**fields, "where_zh": "前厅"}).status_code == 302
    assert service_at(house.station, "dog").where == "前厅"
    assert keeper.post(f"{address}add/", {**fields, "station": other.station.pk}).status_code == 200
    assert StationService.objects.count() == 1
    assert keeper.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not StationService.objects.exists()


def test_only_an_administrator_of_the_bureau_changes_the_catalogue(house, keeper):
    address = "/admin/window/service/dog/change/"
    assert keeper.get(address).status_code == 200
    service = Service.objects.get(pk="dog")
    fields = {
        field.name: getattr(service, field.name)
        for field in Service._meta.concrete_fields
        if field.name not in ("code", "active")
    } | {"active": "on", "fee_zh": "每年 50 元"}
    assert keeper.post(address, fields).status_code == 403
    give_post(house.administrator, role=Role.ADMINISTRATOR, bureau=house.station.bureau)
    above = Client(**EN)
    above.force_login(type(house.administrator).objects.get(pk=house.administrator.pk))
    assert above.post(address, {**fields, "text_zh": "打13800138000"}).status_code == 200
    assert above.post(address, fields).status_code == 302
    assert Service.objects.get(pk="dog").fee_zh == "每年 50 元"


def test_what_was_different_can_be_dropped(house):
    row = save_station_service(StationService(station=house.station, service_id="dog", offered=False))
    drop_station_service(row)
    assert service_at(house.station, "dog") is not None
