"""Mails against a real SMTP server."""

from __future__ import annotations

import smtplib

import pytest

from jishi.notify import channels
from jishi.notify.channels import Failed, smtp
from jishi.notify.models import Endpoint
from jishi.notify.tests.posting import a_delivery, a_message, a_parcel, a_person, a_station, an_endpoint
from tests.support.receivers import PASSWORD, USER, Mailbox, certificate, mailing, receiving

pytestmark = pytest.mark.django_db
ADDRESS = "wang@example.org"


@pytest.fixture
def station():
    return a_station()


def a_config(port, **more):
    return {"host": "127.0.0.1", "port": port, "security": "plain", "sender": "jishi@example.org", **more}


def send(station, mailbox, parcel=None, email=ADDRESS, **more):
    an_endpoint(station, "smtp", a_config(mailbox.port, **more))
    channels.forget()
    staff = a_person(station, email=email)
    return channels.send(a_delivery(station, staff=staff, channel="email"), parcel or a_parcel())


def test_a_mail_arrives_in_plain_and_html(station):
    with mailing() as mailbox:
        parcel = a_parcel()
        assert send(station, mailbox, parcel) == "250"
    (mail,) = mailbox.mails
    assert mailbox.recipients == [ADDRESS]
    assert mail["To"] == ADDRESS
    assert mail["From"] == "Jishi <jishi@example.org>"
    assert mail["Subject"] == "XH-2026-000123 租房纠纷"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{parcel.key}@example.org>"
    said = mail.get_body(("plain",)).get_content()
    assert said.splitlines() == [
        "[橙] 推给你处理", "XH-2026-000123 · 租房纠纷 · 和平里3号楼", "2026-03-05 14:30 前：接收",
        "https://jishi.example.org/matters/XH-2026-000123/", "", "-- ", "为什么会收到？你在接收单位值班。",
    ]  # fmt: skip
    html = mail.get_body(("html",)).get_content()
    for words in (
        "和平里3号楼",
        "2026-03-05 14:30",
        'href="https://jishi.example.org/matters/XH-2026-000123/"',
        "值班",
    ):
        assert words in html
    assert "<img" not in html
    assert "color-scheme" in html


def test_mails_of_one_matter_are_one_thread(station):
    with mailing() as mailbox:
        send(station, mailbox)
        staff = a_person(station, email="li@example.org")
        later = a_parcel(a_message(title="已逾期"), kind="matter.late")
        channels.send(a_delivery(station, staff=staff, channel="email"), later)
        other = a_parcel(thread="matter:9")
        channels.send(a_delivery(station, staff=staff, channel="email"), other)
    first, second, third = mailbox.mails
    assert first["References"] == second["References"] == first["In-Reply-To"] != third["References"]
    assert first["Subject"] == second["Subject"]
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 3


def test_the_language_is_the_readers(station):
    with mailing() as mailbox:
        send(station, mailbox, a_parcel(a_message(title="Pushed to you", owed="accept"), language="en"))
    said = mailbox.mails[0].get_body(("plain",)).get_content()
    assert "[Orange] Pushed to you" in said
    assert "Due 2026-03-05 14:30: accept" in said


def test_red_is_marked(station):
    with mailing() as mailbox:
        send(station, mailbox, a_parcel(grade=1))
    assert mailbox.mails[0]["Importance"] == "high"


def test_no_words_pass_into_a_header_or_the_page(station):
    evil = a_message(number="N-1\r\nBcc: all@example.org", title="<b>x</b>", place="<script>alert(1)</script>")
    with mailing() as mailbox:
        send(station, mailbox, a_parcel(evil))
    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert mailbox.recipients == [ADDRESS]
    assert "<script>" not in mail.get_body(("html",)).get_content()


def test_one_signs_in_with_a_password(station):
    with mailing(auth=True) as mailbox:
        assert send(station, mailbox, user=USER, password=PASSWORD) == "250"
    assert mailbox.signed_in == [True]


def test_a_wrong_password_is_said_without_it(station):
    with mailing(auth=True) as mailbox, pytest.raises(Failed) as problem:
        send(station, mailbox, user=USER, password="wrong")
    assert problem.value.code == "smtp_auth"
    assert "wrong" not in problem.value.answer
    assert Endpoint.objects.get().last_error == "smtp_auth"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_holds_the_certificate_against_the_name(station, tmp_path, monkeypatch, security):
    context, authority = certificate(tmp_path)
    with mailing(tls=context, wrapped=security == "tls") as mailbox:
        with pytest.raises(Failed) as problem:
            send(station, mailbox, security=security)
        assert (problem.value.code, mailbox.mails) == ("tls", [])
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        Endpoint.objects.all().delete()
        assert send(station, mailbox, security=security) == "250"
    assert mailbox.over_tls == [True]


@pytest.mark.parametrize(
    ("mailbox", "code", "retry"),
    [
        (Mailbox(refuse_recipient="550 5.1.1 <wang@example.org>: no such user"), "smtp_550", False),
        (Mailbox(refuse_recipient="450 4.2.1 busy"), "smtp_450", True),
        (Mailbox(refuse_content="554 5.7.1 spam"), "smtp_554", False),
        (Mailbox(refuse_content="421 4.3.2 closing"), "smtp_421", True),
    ],
)
def test_a_refusal_is_a_code_without_an_address(station, mailbox, code, retry):
    with mailing(mailbox), pytest.raises(Failed) as problem:
        send(station, mailbox)
    assert (problem.value.code, problem.value.retry) == (code, retry)
    assert ADDRESS not in str(problem.value)
    assert Endpoint.objects.get().last_error == ("" if mailbox.refuse_recipient else code)


def test_what_is_no_mail_server(station, monkeypatch):
    monkeypatch.setattr(smtp, "STEP", 0.5)
    with receiving() as receiver:
        port = int(receiver.address.rpartition(":")[2])
        with pytest.raises(Failed, match=r"timeout|broken_off"):
            send(station, Mailbox(port=port))
    Endpoint.objects.all().delete()
    with pytest.raises(Failed, match="unreachable"):
        send(station, Mailbox(port=port))
    Endpoint.objects.all().delete()
    monkeypatch.setattr(smtplib.socket, "create_connection", lambda *_args: _raise(smtplib.socket.gaierror()))
    with pytest.raises(Failed, match="dns"):
        send(station, Mailbox(port=port))


def _raise(error):
    raise error


def test_a_server_without_tls_or_without_sign_in(station):
    with mailing() as mailbox:
        with pytest.raises(Failed, match="smtp_unable"):
            send(station, mailbox, security="starttls")
        Endpoint.objects.all().delete()
        with pytest.raises(Failed, match="smtp_unable"):
            send(station, mailbox, user=USER, password=PASSWORD)


def test_nobody_without_an_address_and_no_station_without_a_server(station):
    with mailing() as mailbox:
        with pytest.raises(Failed) as problem:
            send(station, mailbox, email="")
        assert (problem.value.code, problem.value.retry) == ("no_address", False)
        Endpoint.objects.update(active=False)
        channels.forget()
        staff = a_person(station, email=ADDRESS)
        with pytest.raises(Failed, match="no_endpoint"):
            channels.send(a_delivery(station, staff=staff, channel="email"), a_parcel())
    assert mailbox.mails == []


def test_a_stations_own_server_goes_before_its_bureaus(station):
    with mailing() as own, mailing() as bureaus:
        an_endpoint(station, "smtp", a_config(bureaus.port), of=None)
        channels.forget()
        assert "email" in channels.channels_ready(station.pk)
        staff = a_person(station, email=ADDRESS)
        channels.send(a_delivery(station, staff=staff, channel="email"), a_parcel())
        send(station, own)
    assert (len(bureaus.mails), len(own.mails)) == (1, 1)


def test_what_is_ready(station):
    assert channels.channels_ready(station.pk) == {"app", "push"}
    elsewhere = a_station("ZZ")
    an_endpoint(elsewhere, "smtp", a_config(25), of=None)
    an_endpoint(station, "sms", {"url": "https://gateway.example.org/"})
    channels.forget()
    assert channels.channels_ready(station.pk) == {"app", "push", "sms"}
