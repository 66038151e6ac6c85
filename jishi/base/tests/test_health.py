import pytest
from django.db import OperationalError
from django.urls import reverse

from jishi.base import health


def test_alive_touches_nothing(client, django_assert_num_queries):
    assert client.get(reverse("base:healthz")).json() == {"status": "alive"}


@pytest.mark.django_db
def test_ready_asks_the_database(client, monkeypatch):
    monkeypatch.setattr(health, "_checks", {"database": health.Check("database", health._database)})
    answer = client.get(reverse("base:readyz"))
    assert answer.status_code == 200
    assert answer.json()["checks"]["database"] == {"ok": True}


@pytest.mark.django_db
def test_one_failed_check_makes_it_unready_and_the_others_still_run(client, monkeypatch):
    def broken():
        raise OperationalError("password of the database")

    monkeypatch.setattr(health, "_checks", {})
    health.register(health.Check("outbox", lambda: health.Finding(True, {"lag_seconds": 2})))
    health.register(health.Check("database", broken))
    answer = client.get(reverse("base:readyz"))
    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": {"ok": False, "error": "OperationalError"},
        "outbox": {"ok": True, "lag_seconds": 2},
    }
