"""Open311 as the clients of others speak it, and our own client against our own server, over real connections.

What FixMyStreet and ``three`` send and read is written down here from how they behave.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests
from django.utils import timezone
from lxml import etree

from jishi.exchange.open311 import client
from jishi.notify.channels import http
from jishi.notify.channels.parcel import Failed
from tests.support.installations import Installation
from tests.support.photos import a_photo

HOUSE = """
import sys
import django
django.setup()
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from jishi.stations.models import Staff, Station
station = Station.objects.get(code="XH")
units = {unit.kind: unit for unit in station.units.all()}
roles = ("desk", "officer", "checker", "administrator")
people = {role: Staff.objects.filter(username__startswith=role).order_by("pk").first() for role in roles}
house = factory.House(station, units, people)
"""
FILLED = """
import django
django.setup()
from jishi.exchange.open311.actions.keys import make_key
from jishi.matters.tests import factory
house = factory.a_station()
print(make_key(house.station, label="市民热线", by=house.administrator)[1])
"""
GIVEN = f"""{HOUSE}
number, *verbs = sys.argv[1:]
for verb in verbs:
    factory.give(house, Matter.objects.get(number=number).pk, verb)
matter = Matter.objects.get(number=number)
print(matter.channel, matter.state, matter.evidence.count())
"""
#: A second station that refers a matter to the first, as to an agency of its own.
REFERRED = """
import sys
import django
django.setup()
from django.utils import timezone
from jishi.exchange.open311.actions.counterparts import save_counterpart
from jishi.exchange.open311.actions.errands import begin_errands, run_errands
from jishi.exchange.open311.models import Errand
from jishi.matters import commands
from jishi.matters.actions import Place, apply, report_matter
from jishi.matters.tests import factory
url, key = sys.argv[1:]
asking = factory.a_station("DL", "东路派出所", factory.a_bureau("dl"))
save_counterpart(asking.station, asking.agency, url=url, services={"": "fire.exit"}, jurisdiction="XH", key=key,
                 by=asking.administrator)
done = report_matter(asking.station, by=asking.desk, title="防火门被拆", place=Place("市场东侧", lon=114.5, lat=38.0))
apply(done.matter_id, commands.Assess(category="fire.exit", grade=3), by=asking.desk)
refer = commands.Refer(agency=asking.agency.pk, unit=asking.units["fire"].pk, reason="请核查")
apply(done.matter_id, refer, by=asking.desk)
begin_errands(timezone.now())
run_errands(timezone.now())
print(Errand.objects.get().remote)
"""
FOLLOWED = """
import django
django.setup()
from jishi.exchange.open311.actions.errands import run_errands
from jishi.exchange.open311.models import Errand
from datetime import timedelta
from django.utils import timezone
run_errands(timezone.now() + timedelta(hours=1))
matter = Errand.objects.get().matter
print(matter.state, matter.agency_state)
"""
ON_TO_THE_ANSWER = ("assess", "push", "accept", "submit", "check", "answer")


@dataclass
class Served:
    """A served station, the address of its Open311, and the key of a client."""

    installation: Installation
    url: str
    key: str

    def python(self, program: str, *arguments: str) -> list[str]:
        """The words of the last line that a program printed."""
        return self.installation.python(program, *arguments).stdout.strip().splitlines()[-1].split()


@pytest.fixture
def server(new_installation, settings):
    """A station that is served to this machine, which may ask itself."""
    settings.WEBHOOK_PRIVATE = (ipaddress.ip_network("127.0.0.0/8"),)
    installation = new_installation(JISHI_WEBHOOK_PRIVATE="127.0.0.0/8")
    key = installation.python(FILLED).stdout.split()[-1]
    with installation.served() as address:
        yield Served(installation, f"{address}/open311/v2", key)
    http.forget()


@pytest.mark.sqlite_is_enough
def test_our_client_and_our_server_understand_each_other(server):
    there = client.There(server.url, "XH", server.key)
    offered = {each.code: each for each in client.read_services(there)}
    assert offered["public.light"].asks
    assert offered["fire.exit"].asks  # whether whoever reports agrees to be written to, and to photos
    fields = {"service_code": "fire.exit", "lat": 38.01, "long": 114.51, "description": "楼道堆物\n第二行 & <b>"}
    sent = client.post_request(there, fields, "one")
    assert sent == client.post_request(there, fields, "one")
    assert not client.read_request(there, sent.remote).closed
    server.python(GIVEN, sent.remote, *ON_TO_THE_ANSWER)
    stands = client.read_request(there, sent.remote)
    assert stands.closed
    assert stands.notes
    assert client.resolve_token(there, sent.remote) == sent.remote
    spam = "http://a.example http://b.example http://c.example"
    held = client.post_request(there, {**fields, "description": spam}, "spam")
    assert (held.remote, client.resolve_token(there, held.token)) == ("", "")
    with pytest.raises(Failed, match="open311_403"):
        client.post_request(client.There(server.url, "XH", "wrong"), fields, "two")
    with pytest.raises(Failed, match="open311_404"):
        client.read_request(there, "no-such")
    with pytest.raises(Failed, match="open311_404"):
        client.read_services(client.There(server.url, "nowhere"))
    a_matter_goes_from_one_station_to_another_and_back(server)


def a_matter_goes_from_one_station_to_another_and_back(server):
    (remote,) = server.python(REFERRED, server.url, server.key)
    assert server.python(GIVEN, remote, *ON_TO_THE_ANSWER) == ["open311", "answered", "0"]
    assert server.python(FOLLOWED) == ["handling", "done"]


@pytest.mark.sqlite_is_enough
def test_the_clients_of_others_are_understood(server):
    as_fixmystreet_speaks(server)
    as_three_speaks(server)


def as_fixmystreet_speaks(server):
    """FixMyStreet: ``endpoint`` ends with a slash, an XML reader without types, its ids in attributes and updates."""
    base = server.url + "/"
    listed = etree.fromstring(requests.get(f"{base}services.xml", params={"jurisdiction_id": "XH"}, timeout=20).content)
    assert listed.findtext("service/service_code")
    fields = {
        "jurisdiction_id": "XH", "api_key": server.key, "service_code": "public.road", "lat": "38.012345",
        "long": "114.512345",
        "description": "title: A hole\n\ndetail: deep\n\nurl: https://fms.example/report/1\n\nvia FixMyStreet\n",
        "first_name": "Ann", "last_name": "Other", "email": "ann@example.org", "phone": "07700900001",
        "attribute[fixmystreet_id]": "1", "attribute[easting]": "1", "media_url": "https://fms.example/photo/1.jpeg",
        "attribute[publish_photo]": "publish_photo.1", "attribute[contact]": "",
    }  # fmt: skip
    told = etree.fromstring(requests.post(f"{base}requests.xml", data=fields, timeout=20).content)
    number = told.findtext("request/service_request_id")
    again = etree.fromstring(requests.post(f"{base}requests.xml", data=fields, timeout=20).content)
    assert again.findtext("request/service_request_id") == number
    update = {
        "jurisdiction_id": "XH", "api_key": server.key, "service_request_id": number, "update_id": "9",
        "status": "OPEN", "updated_datetime": timezone.now().isoformat(), "description": "worse now",
        "first_name": "Ann", "last_name": "-", "email": "ann@example.org",
    }  # fmt: skip
    for each in (update, {**update, "update_id": "10", "status": "FIXED", "description": ""}):
        said = etree.fromstring(requests.post(f"{base}servicerequestupdates.xml", data=each, timeout=20).content)
        assert said.findtext("request_update/update_id")
    server.python(GIVEN, number, "assess", "push")
    now = timezone.now()
    asked = {
        "jurisdiction_id": "XH", "api_key": server.key, "start_date": (now - timedelta(hours=2)).isoformat(),
        "end_date": (now + timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    steps = etree.fromstring(requests.get(f"{base}servicerequestupdates.xml", params=asked, timeout=20).content)
    assert {each.findtext("service_request_id") for each in steps} == {number}
    both = requests.get(f"{base}requests.xml", params={"service_request_id": f"{number},none"}, timeout=20)
    assert etree.fromstring(both.content).findtext("request/updated_datetime")


def as_three_speaks(server):
    """The Python client ``three``: JSON everywhere, photos as a part named media, days as moments in UTC."""
    session = requests.Session()
    told = session.post(
        f"{server.url}/requests.json",
        data={"service_code": "public.manhole", "address_string": "建设路18号门前", "first_name": "Zach",
              "last_name": "W", "phone": "555-5555", "description": "My issue", "api_key": server.key,
              "jurisdiction_id": "XH"},
        files={"media": ("photo.jpg", a_photo().read(), "image/jpeg")}, timeout=20,
    ).json()  # fmt: skip
    assert server.python(GIVEN, told[0]["service_request_id"]) == ["open311", "reported", "1"]
    day = timezone.now().strftime("%Y-%m-%dT00:00:00Z")
    for path, query in (
        ("discovery", {}), ("services", {}), ("services/public.light", {}), ("requests", {"page_size": 3}),
        ("requests", {"start_date": day, "end_date": day}), ("requests", {"service_code": "public.manhole"}),
        ("requests", {"status": ["open", "closed"]}),
        (f"requests/{told[0]['service_request_id']}", {}),
    ):  # fmt: skip
        answer = session.get(f"{server.url}/{path}.json", params={**query, "jurisdiction_id": "XH"}, timeout=20)
        assert answer.status_code == 200, path
        assert answer.json() is not None
