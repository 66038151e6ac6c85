"""Whatever comes, Open311 answers as the standard says: never a 500, never a report that was taken and is not there."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from jishi.exchange.open311 import documents
from jishi.exchange.open311.actions.keys import make_key
from jishi.matters.models import Matter

pytestmark = pytest.mark.django_db
AT = "/open311/v2/"
_USUAL = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", " ", "\0", "nan", "inf", "-1", "1e400", "９", "%00", "'; --", "<x>&amp;", "\U0001f600", "长" * 5000,
         "XH", "2026-01-01", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "public.light", "fire.exit"]
    ),
)  # fmt: skip
_NAMES = st.sampled_from(
    ["service_code", "lat", "long", "address_string", "address_id", "email", "phone", "first_name", "last_name",
     "description", "media_url", "account_id", "jurisdiction_id", "attribute[x]", "attribute[fault]", "attribute[]",
     "attribute[", "attribute[fault][]", "update_id", "service_request_id", "updated_datetime", "status", "start_date",
     "end_date", "page", "page_size"]
)  # fmt: skip
_FIELDS = st.dictionaries(_NAMES, st.one_of(_TEXTS, st.lists(_TEXTS, max_size=3)), max_size=8)
PATHS = st.sampled_from(
    ["requests", "servicerequestupdates", "services", "services/public.light", "requests/XH-1", "tokens/x"]
)
FORMS = st.sampled_from(["xml", "json"])


@pytest.fixture
def raw(house):
    return make_key(house.station, label="x", by=house.administrator, per_minute=600)[1]


def read(answer, form):
    assert answer.status_code in (200, 400, 403, 404, 405, 429), answer.content
    assert answer.headers["Content-Type"] == documents.TYPES[form]
    if form == "xml":
        assert answer.content.isascii()
        return etree.fromstring(answer.content)
    return json.loads(answer.content)


def clean(value):
    return value if isinstance(value, str) else list(value)


@_USUAL
@given(path=PATHS, form=FORMS, fields=_FIELDS)
def test_a_get_answers_whatever_is_asked(house, path, form, fields):
    answer = Client(raise_request_exception=False).get(
        f"{AT}{path}.{form}", {name: clean(value) for name, value in fields.items()}
    )
    read(answer, form)


@_USUAL
@given(form=FORMS, fields=_FIELDS, update=st.booleans())
def test_a_post_is_taken_whole_or_refused(house, raw, form, fields, update):
    before = Matter.objects.count()
    path = "servicerequestupdates" if update else "requests"
    given_fields = {"api_key": raw, "service_code": "public.light", "lat": "38", "long": "114", **fields}
    answer = Client(raise_request_exception=False).post(
        f"{AT}{path}.{form}", {name: clean(value) for name, value in given_fields.items()}
    )
    found = read(answer, form)
    if answer.status_code == 200 and not update:
        number = found[0].get("service_request_id") if form == "json" else found.findtext("request/service_request_id")
        assert Matter.objects.filter(number=number).exists()
    else:
        assert Matter.objects.count() == before


@_USUAL
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=latin-1",
         "application/x-www-form-urlencoded; charset=none", "multipart/form-data", "multipart/form-data; boundary=x",
         "multipart/form-data; boundary=" + "y" * 300, "application/json", "", "text/plain",
         "multipart/mixed; boundary=x"]
    ),
    form=FORMS,
)  # fmt: skip
def test_a_body_that_is_none_is_refused(house, body, kind, form):
    answer = Client(raise_request_exception=False).generic("POST", f"{AT}requests.{form}", body, content_type=kind)
    assert answer.status_code in (400, 403)
    read(answer, form)


_PART = (
    b'--x\r\nContent-Disposition: form-data; name="api_key"\r\n\r\n%s\r\n'
    b'--x\r\nContent-Disposition: form-data; name="service_code"\r\n\r\nfire.exit\r\n'
    b'--x\r\nContent-Disposition: form-data; name="address_string"\r\n\r\n\xe5\x92\x8c\xe5\xb9\xb3\xe9\x87\x8c\r\n'
    b'--x\r\nContent-Disposition: form-data; name="media"; filename="%s"\r\nContent-Type: image/jpeg\r\n\r\n'
    b"%s\r\n--x--\r\n"
)


@_USUAL
@given(
    name=st.sampled_from([b"a.jpg", b"../../etc/passwd", b"", b"a\x00b.jpg", "照片.jpg".encode()]),
    content=st.binary(max_size=200),
)
def test_a_photo_that_is_none_is_said_so(house, raw, name, content):
    body = _PART % (raw.encode(), name, b"\xff\xd8\xff" + content)
    answer = Client(raise_request_exception=False).generic(
        "POST", f"{AT}requests.json", body, content_type="multipart/form-data; boundary=x"
    )
    read(answer, "json")


def test_too_much_is_refused(house, raw):
    many = "&".join(f"a{number}=1" for number in range(1200))
    answer = Client(raise_request_exception=False).generic(
        "POST", f"{AT}requests.json", many, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    large = "description=" + "x" * (13 * 2**20)
    answer = Client(raise_request_exception=False).generic(
        "POST", f"{AT}requests.json", large, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
