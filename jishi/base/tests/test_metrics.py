"""Who may read /metrics, in which form, and that one room's failure leaves the others' figures alone."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from jishi.base import metrics

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-monitoring-1"


@pytest.fixture(autouse=True)
def _read_anew():
    metrics.forget()
    yield
    metrics.forget()


@pytest.fixture
def with_token(monkeypatch):
    monkeypatch.setattr(settings, "ENV", settings.ENV.model_copy(update={"metrics_token": TOKEN}))


def test_a_reader_on_this_machine_reads_text_that_prometheus_understands():
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    families = {family.name: family for family in read_text(answer.content.decode())}
    assert {"jishi_queue_lag_seconds", "jishi_jobs", "jishi_workers", "jishi_figures_read"} <= set(families)
    assert {sample.value for sample in families["jishi_figures_read"].samples} == {1.0}
    assert "no-store" in answer["Cache-Control"]


def test_openmetrics_is_given_where_it_is_asked_for():
    answer = Client().get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer["Content-Type"].startswith("application/openmetrics-text")
    text = answer.content.decode()
    assert text.endswith("# EOF\n")
    assert len(list(read_openmetrics(text))) > 5


@pytest.mark.parametrize("header", metrics.FORWARDED)
def test_behind_a_proxy_nobody_reads_without_the_token(header, with_token):
    assert Client().get("/metrics", headers={header: "203.0.113.7"}).status_code == 401
    allowed = {header: "203.0.113.7", "Authorization": f"Bearer {TOKEN}"}
    assert Client().get("/metrics", headers=allowed).status_code == 200


@pytest.mark.parametrize("address", ["203.0.113.7", "10.0.0.8", "", "::ffff:10.0.0.8", "localhost"])
def test_another_machine_needs_the_token(address, with_token):
    refused = Client(REMOTE_ADDR=address).get("/metrics")
    assert (refused.status_code, refused["WWW-Authenticate"], refused.content) == (401, "Bearer", b"")
    for wrong in (f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer ", "Bearer ключ"):
        assert Client(REMOTE_ADDR=address).get("/metrics", headers={"Authorization": wrong}).status_code == 401
    given = {"Authorization": f"Bearer {TOKEN}"}
    assert Client(REMOTE_ADDR=address).get("/metrics", headers=given).status_code == 200


def test_without_a_token_set_no_other_machine_reads():
    empty = {"Authorization": "Bearer "}
    for headers in ({}, empty):
        refused = Client(REMOTE_ADDR="203.0.113.7").get("/metrics", headers=headers)
        assert refused.status_code == 403
        assert "WWW-Authenticate" not in refused


def test_what_was_read_stands_for_some_seconds(django_assert_num_queries, monkeypatch):
    Client().get("/metrics")
    with django_assert_num_queries(0):
        assert Client().get("/metrics").status_code == 200
    monkeypatch.setattr(metrics, "SECONDS", -1)
    with pytest.raises(pytest.fail.Exception), django_assert_num_queries(0):
        Client().get("/metrics")


def test_a_room_that_cannot_be_read_says_so_and_the_others_are_read(monkeypatch):
    def broken(_now):
        raise DatabaseError

    monkeypatch.setattr(metrics, "_collectors", {**metrics._collectors, "broken": broken})
    families = {family.name: family for family in read_text(Client().get("/metrics").content.decode())}
    read = {sample.labels["room"]: sample.value for sample in families["jishi_figures_read"].samples}
    assert read["broken"] == 0.0
    assert read["jobs"] == 1.0
    assert "jishi_queue_lag_seconds" in families
