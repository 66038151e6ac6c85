"""The administrator's screens of Open311 in a browser: a key is made, used by a system and revoked; an agency is set up."""  # noqa: E501

from __future__ import annotations

import re

import requests
from playwright.sync_api import expect

POINT = {"lat": "38.0455", "long": "114.5012"}


def test_a_key_is_shown_once_works_and_is_revoked(signed_in, served):
    page = signed_in("admin", locale="zh-CN")
    page.goto("/interfaces/open311/")
    page.get_by_label("用途").fill("区市民热线")
    page.get_by_role("button", name="生成密钥").click()
    raw = page.locator("code.secret").inner_text()
    row = page.get_by_role("row").filter(has_text="区市民热线")
    expect(row).to_contain_text("从未使用")
    fields = {"api_key": raw, "service_code": "public.light", "description": "东门外路灯不亮", **POINT}
    told = requests.post(f"{served.address}/open311/v2/requests.json", data=fields, timeout=30).json()
    page.goto("/interfaces/open311/")
    expect(page.locator("code.secret")).to_have_count(0)
    expect(row).not_to_contain_text("从未使用")
    page.goto(f"/matters/{told[0]['service_request_id']}/")
    expect(page.locator("h1")).to_contain_text("路灯")
    page.goto("/interfaces/open311/")
    row.get_by_role("button", name="吊销").click()
    page.locator("#ask button[value=yes]").click()
    page.wait_for_load_state()
    expect(row).to_contain_text("已吊销")
    refused = requests.post(f"{served.address}/open311/v2/requests.json", data=fields, timeout=30)
    assert (refused.status_code, refused.json()[0]["code"]) == (403, 403)


def test_an_agency_is_set_up_on_a_phone_and_an_address_within_the_house_is_refused(signed_in):
    page = signed_in("admin", locale="en-GB", viewport={"width": 390, "height": 844})
    page.goto("/interfaces/open311/")
    page.get_by_role("link", name=re.compile("城市管理局")).click()
    page.get_by_label("Address").fill("https://10.0.0.1/v2")
    page.get_by_label("Services").fill("public.road = R1\n* = GEN")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("leads outside the house").first).to_be_visible()
    page.get_by_label("Address").fill("https://open311.example.org/v2")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("button", name="Switch it off")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
