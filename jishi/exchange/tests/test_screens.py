"""The screens: a file comes up, is read through, imported when somebody says so, and its rejected rows downloaded."""

import csv
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jishi.exchange import actions
from jishi.exchange.models import Run
from jishi.exchange.runs import folder_of
from jishi.exchange.tests import tables
from jishi.jobs.worker import run_due
from jishi.matters.models import Matter
from jishi.matters.tests import factory

BAD = ("A-9", "不详", "", "路灯", "和平里", "", "")


@pytest.fixture
def client(house):
    client = Client(headers={"accept-language": "en"})
    client.force_login(house.desk)
    return client


def a_map_file(**parts):
    empty = dict.fromkeys(("top", "file", "time", "coordinates", "category", "values", "more"), "")
    return tables.MAP.format(**empty | {"fields": tables.POINT} | parts).encode()


def upload(client, content=None, map_=None, **fields):
    content = content if content is not None else tables.as_text([*tables.ROWS, BAD]).encode()
    files = {"table": SimpleUploadedFile("三月 13800138000.csv", content)}
    if "known" not in fields:
        files["map"] = SimpleUploadedFile("map.toml", map_ or a_map_file())
    return client.post("/import/", {"what": "matters", **files, **fields})


def test_from_the_file_to_the_report(client, house):
    sent = upload(client)
    run = Run.objects.get()
    assert (sent.status_code, sent["Location"], run.name) == (303, f"/import/{run.pk}/", "三月 [mobile number].csv")
    assert "hx-get" in client.get(sent["Location"]).content.decode()
    run_due()
    preview = client.get(sent["Location"]).content.decode()
    assert "Import 3 matters" in preview
    assert "The date cannot be read" in preview
    assert not Matter.objects.exists()
    assert client.post(f"/import/{run.pk}/start/").status_code == 303
    run_due()
    report = client.get(sent["Location"]).content.decode()
    assert "Every row is accounted for" in report
    assert Matter.objects.count() == 3
    lines = b"".join(client.get(f"/import/{run.pk}/rejects/").streaming_content).decode("utf-8-sig").splitlines()
    assert [line[:3] for line in csv.reader(lines)][1] == ["5", "上报时间", "bad_date"]
    assert not (folder_of(run.pk) / "table").exists()


def test_the_same_file_and_a_map_used_here_today(client):
    upload(client)
    run_due()
    first = Run.objects.get()
    client.post(f"/import/{first.pk}/start/")
    run_due()
    upload(client, known=first.pk)
    run_due()
    second = Run.objects.exclude(pk=first.pk).get()
    assert second.figures["already_there"] == 3
    assert "There is nothing new to import" in client.get(f"/import/{second.pk}/").content.decode()


def test_a_part_of_the_page_asks_for_the_whole_once_it_is_done(client):
    address = upload(client)["Location"]
    part = client.get(address, headers={"HX-Request": "true"})
    assert ("HX-Refresh" in part, b"<html" in part.content) == (False, False)
    run_due()
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "The submitted file is empty"), (b"a,b\n1,2\n", "columns that the file does not have")]
)
def test_what_cannot_be_read_is_refused_in_a_sentence(client, content, words):
    sent = upload(client, content)
    if sent.status_code == 303:
        run_due()
        sent = client.get(sent["Location"])
    assert words in sent.content.decode()


def test_a_wrong_map_and_no_map_are_told_beside_the_field(client):
    wrong = upload(client, map_=b"source = ")
    assert (wrong.status_code, "not a TOML file" in wrong.content.decode()) == (422, True)
    none = client.post("/import/", {"what": "matters", "table": SimpleUploadedFile("a.csv", b"a,b")})
    assert (none.status_code, Run.objects.count()) == (422, 0)


def test_a_run_starts_once(client):
    upload(client)
    run = Run.objects.get()
    assert client.post(f"/import/{run.pk}/start/").status_code == 422
    run_due()
    assert client.post(f"/import/{run.pk}/start/").status_code == 303
    assert client.post(f"/import/{run.pk}/start/").status_code == 422


def test_others_do_not_see_it(client, house):
    upload(client)
    run = Run.objects.get()
    for person in (house.officer, factory.a_station("DH", "东湖派出所").desk):
        other = Client()
        other.force_login(person)
        assert other.get(f"/import/{run.pk}/").status_code == 404
        assert other.get(f"/import/{run.pk}/rejects/").status_code == 404
    officer = Client()
    officer.force_login(house.officer)
    assert officer.get("/import/").status_code == 403


def test_after_a_day_files_and_samples_are_gone_and_the_figures_stay(client):
    upload(client)
    run_due()
    run = Run.objects.get()
    assert actions.clear_runs(timezone.now()) == 0
    assert actions.clear_runs(timezone.now() + timedelta(hours=25)) == 1
    run.refresh_from_db()
    assert (run.sample, run.figures["read"], folder_of(run.pk).exists()) == ([], 4, False)
    assert client.get(f"/import/{run.pk}/rejects/").status_code == 404
    assert "taken away after a day" in client.get(f"/import/{run.pk}/").content.decode()
