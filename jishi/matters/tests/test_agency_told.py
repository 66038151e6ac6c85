"""The system of an agency hears by its webhook of what is referred to it, and of nothing else."""

from __future__ import annotations

import json

import pytest

from jishi.matters.notices import write
from jishi.matters.tests import factory
from jishi.notify.models import Delivery, Endpoint, EndpointKind
from jishi.stations.models import Agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return factory.a_station()


def a_webhook(house, agency):
    return Endpoint.objects.create(
        bureau=house.station.bureau, agency=agency, kind=EndpointKind.WEBHOOK, label="消防系统", config_sealed=b"x"
    )


def told(endpoint):
    return [delivery.notice for delivery in Delivery.objects.filter(endpoint=endpoint).select_related("notice")]


def test_its_webhook_is_told_of_what_is_referred_to_it_and_of_nothing_else(house):
    other = Agency.objects.create(bureau=house.station.bureau, code="market", name="市场监管局")
    mine, theirs = a_webhook(house, house.agency), a_webhook(house, other)
    matter = factory.a_matter(house, "handling", title="紫檀木匣失窃")
    factory.give(house, matter, "log", text="已到现场")
    assert told(mine) == []
    factory.give(house, matter, "refer", agency=house.agency.pk, reason="请查看消防通道")
    [notice] = told(mine)
    assert (notice.kind, notice.thread, notice.subject_id) == ("matter.offered", f"matter:{matter.pk}", matter.pk)
    message = write([notice])[notice.pk]
    assert (message.number, message.place, message.due) == (matter.number, "和平里3号楼", matter.next_due)
    said = json.dumps([notice.facts, message.title, *message.lines], ensure_ascii=False)
    assert "紫檀木匣" not in said
    assert "请查看" not in said
    factory.give(house, matter, "refer", agency=other.pk, reason="请核查")
    factory.give(house, matter, "submit")
    assert len(told(mine)) == len(told(theirs)) == 1
