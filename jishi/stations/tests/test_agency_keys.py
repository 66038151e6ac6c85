"""Keys of agencies' systems: the bureau's administrator makes them, sees each once, and revokes them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.stations import actions, queries
from jishi.stations.models import Agency, AgencyKey, Bureau

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"admin:stations_agencykey_{name}", args=args)


@pytest.fixture
def agency(bureau):
    return Agency.objects.create(bureau=bureau, code="fire", name="消防救援大队")


@pytest.fixture
def keeper(client, bureau_administrator):
    client.force_login(bureau_administrator)
    return client


def test_a_key_is_shown_once_and_only_its_hash_is_kept(keeper, agency):
    answer = keeper.post(page("add"), {"agency": agency.pk, "label": "消防系统", "days": "180"})
    assert answer.status_code == 200
    [raw] = re.findall(r"jishi_agency_[A-Za-z0-9_-]{43}", answer.content.decode())
    key = AgencyKey.objects.get()
    assert (key.label, key.agency, (key.expires_at - key.created_at).days) == ("消防系统", agency, 180)
    assert queries.agency_with_key(raw, timezone.now()) == key
    assert raw not in str(AgencyKey.objects.values())
    for address in (page("changelist"), page("change", key.pk), page("history", key.pk)):
        shown = keeper.get(address).content.decode()
        assert raw not in shown
        assert key.digest not in shown
    assert "消防系统" in keeper.get(page("changelist")).content.decode()


def test_a_key_is_revoked_and_never_changed(keeper, agency):
    key, raw = actions.make_agency_key(agency, label="消防系统", days=30)
    other = Agency.objects.create(bureau=agency.bureau, code="market", name="市场监管局")
    keeper.post(page("change", key.pk), {"label": "别的", "agency": other.pk})
    key.refresh_from_db()
    assert (key.label, key.agency, key.revoked_at) == ("消防系统", agency, None)
    assert queries.agency_with_key(raw, timezone.now()) == key
    assert keeper.post(page("change", key.pk), {"revoke": "on"}).status_code == 302
    assert queries.agency_with_key(raw, timezone.now()) is None
    assert keeper.post(page("change", key.pk), {}).status_code == 403
    assert keeper.get(page("change", key.pk)).status_code == 200
    assert keeper.post(page("delete", key.pk), {"post": "yes"}).status_code == 403


def test_nobody_else_makes_or_sees_one(client, agency, administrator, officer, bureau):
    actions.make_agency_key(agency, label="消防系统", days=30)
    elsewhere = Agency.objects.create(bureau=Bureau.objects.create(code="b9", name="别处"), code="fire", name="消防")
    sent = {"agency": agency.pk, "label": "x", "days": "30"}
    client.force_login(administrator)
    assert client.post(page("add"), sent).status_code == 403
    assert "消防系统" not in client.get(page("changelist")).content.decode()
    client.force_login(officer)
    assert client.post(page("add"), sent).status_code == 302
    assert AgencyKey.objects.count() == 1
    assert not queries.administered_agency_keys(administrator).exists()
    assert elsewhere.keys.count() == 0


def test_no_key_for_the_agency_of_another_bureau(keeper, agency):
    elsewhere = Agency.objects.create(bureau=Bureau.objects.create(code="b9", name="别处"), code="fire", name="消防")
    assert keeper.post(page("add"), {"agency": elsewhere.pk, "label": "x", "days": "30"}).status_code == 200
    assert AgencyKey.objects.count() == 0


def test_a_key_has_a_label_and_an_end(agency):
    for label, days, code in ((" ", 30, "label_missing"), ("x", 0, "token_too_long"), ("x", 366, "token_too_long")):
        with pytest.raises(Refused, match=code):
            actions.make_agency_key(agency, label=label, days=days)
