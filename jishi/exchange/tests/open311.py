"""What the tests of Open311 send and read."""

from __future__ import annotations

from django.test import Client

from jishi.matters.models import Matter

AT = "/open311/v2/"
POINT = {"lat": "38.0123456", "long": "114.5123456"}
PHONE, EMAIL, ACCOUNT = "13800138000", "deng@example.org", "account-4711"


def get(path, expected=200, /, **query):
    """Ask, and insist on the status."""
    answer = Client().get(AT + path, query)
    assert answer.status_code == expected, answer.content
    return answer


def listed(path, expected=200, /, **query):
    """What a JSON answer says."""
    return get(path, expected, **query).json()


def post(raw, expected=200, /, path="requests.json", headers=None, **fields):
    """Post a street light that is out, or what the fields say; a field that is None is left out."""
    given = {"api_key": raw, "service_code": "public.light", "description": "路灯不亮", **POINT, **fields}
    given = {name: value for name, value in given.items() if value is not None}
    answer = Client().post(AT + path, given, headers=headers or {})
    assert answer.status_code == expected, answer.content
    return answer.json() if answer.headers["Content-Type"] == "application/json" else answer


def reported(raw, **fields):
    """The matter that a post led to."""
    return Matter.objects.get(number=post(raw, **fields)[0]["service_request_id"])
