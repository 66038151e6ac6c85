"""Channels against real parts of this machine: set up, tried out, failing, mended; a phone that takes what is pushed to it."""  # noqa: E501

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from playwright.sync_api import Page, expect
from standardwebhooks import Webhook

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from tests.e2e.conftest import Served
from tests.support.pushing import Browser, PushService, encoded
from tests.support.receivers import Mailbox, Receiver, mailing, receiving

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

#: Tell somebody by a channel of a matter; it says the number, and the words that are to stay in the house.
TELL = """
import sys, django; django.setup()
from django.db import transaction
from django.utils import timezone
from jishi.matters.models import Matter
from jishi.notify.actions import To, choose, tell
from jishi.stations.models import Staff
username, which, channel = sys.argv[1:]
staff = Staff.objects.get(username=username)
Staff.objects.filter(pk=staff.pk).update(email=f"{username}@example.org")
choose(staff, {"mine": [channel]}, None, None)
station = staff.posts.get().station
matter = Matter.objects.filter(station=station, closed_at=None, drill=False).order_by("pk")[int(which)]
with transaction.atomic():
    tell("matter.offered", station=station.pk, subject=("matter", matter.pk), to=[To(staff.pk, "pushed_unit")],
         now=timezone.now(), grade=2)
print(matter.number, matter.title, sep="\\t")
"""
#: A browser that has a push service: what Chromium asks of Google's, it asks of ours.
SUBSCRIBE = """
([endpoint, keys]) => {
  const kept = () => {
    const key = localStorage.getItem("key");
    if (!key) return null;
    const applicationServerKey = Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0)).buffer;
    const unsubscribe = async () => (localStorage.removeItem("key"), true);
    return { endpoint, options: { applicationServerKey }, toJSON: () => ({ endpoint, keys }), unsubscribe };
  };
  PushManager.prototype.getSubscription = async () => kept();
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.setItem("key", btoa(String.fromCharCode(...applicationServerKey)));
    return kept();
  };
}
"""


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """A receiver that has no room at first."""
    full = (503, {}, "仓库已满".encode())
    with receiving(Receiver(usual=(200, {}, b"stored"), script=deque([full]))) as found:
        yield found


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server."""
    with mailing() as found:
        yield found


def tell(served: Served, username: str, which: str, channel: str) -> tuple[str, str]:
    """Tell somebody of a matter by a channel; its number, and its words."""
    number, words = served.installation.python(TELL, username, which, channel).stdout.strip().split("\t")
    return number, words


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def send(page: Page) -> None:
    """Press the button of the form, or the one that sends a test."""
    page.locator("main .form-actions .button-main").first.click()


@pytest.mark.timeout(120)
def test_channels_are_set_up_and_what_failed_is_sent_again(
    served: Served, signed_in: Callable[..., Page], hook: Receiver, mailbox: Mailbox
) -> None:
    admin = signed_in("admin", locale="zh-CN", viewport=WIDE)
    with translation.override("zh-hans"):
        made = [set_up_webhook(admin, hook), set_up_mail(admin, mailbox)]
        refuse_relay(admin)
    mailbox.refuse_recipient = "550 5.1.1 No such user"
    keeper = signed_in("deputy", locale="en-GB", viewport=PHONE)
    numbers, words = zip(*(tell(served, "auxiliary", which, "email") for which in ("0", "1")), strict=True)
    with translation.override("en"):
        mend(keeper, mailbox, numbers)
    assert words[1] not in str(mailbox.mails[1].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    told = [asked.json["data"] for asked in hook.asked if asked.json["type"] == "matter.offered"]
    assert {each["number"] for each in told} == set(numbers)
    assert not any(each in asked.body.decode() for each in words for asked in hook.asked)
    with translation.override("zh-hans"):
        for address in made:
            put_away(admin, address)


def set_up_webhook(admin: Page, hook: Receiver) -> str:
    """Set up a webhook; its secret is shown once, and signs what is sent.  Gives the address of its page."""
    admin.goto("/notices/channels/")
    fits(admin)
    admin.locator("a[href$='/channels/add/webhook/']").click()
    admin.fill("input[name=label]", "指挥中心")
    admin.fill("input[name=url]", "https://10.0.0.1/hook")
    send(admin)
    expect(admin.locator(".field-errors")).to_contain_text("JISHI_WEBHOOK_PRIVATE")
    admin.fill("input[name=url]", f"{hook.address}/in")
    send(admin)
    secret = admin.locator("code.secret").inner_text().strip()
    send(admin)
    wrong = admin.locator(".way-test [role=alert]")
    expect(wrong).to_contain_text(_("The receiver answered with HTTP %(number)s.") % {"number": 503})
    expect(wrong).to_be_focused()
    expect(admin.locator(".way-test pre")).to_contain_text("仓库已满")
    expect(admin.locator("body")).not_to_contain_text(secret)
    send(admin)
    expect(admin.locator(".way-test [role=status]")).to_contain_text(_("It was taken."))
    expect(admin.locator(".way-test pre")).to_contain_text("stored")
    assert [Webhook(secret).verify(asked.body, asked.headers)["type"] for asked in hook.asked] == ["channel.test"] * 2
    return admin.url.removesuffix("test/")


def set_up_mail(admin: Page, mailbox: Mailbox) -> str:
    """Set up a mail server, and see what it answered.  Gives the address of its page."""
    admin.goto("/notices/channels/add/smtp/")
    for name, value in {"label": "公务邮箱", "host": "127.0.0.1", "sender": "jishi@example.org"}.items():
        admin.fill(f"input[name={name}]", value)
    admin.fill("input[name=port]", str(mailbox.port))
    admin.check("input[name=security][value=plain]")
    send(admin)
    admin.fill("input[name=to]", "keeper@example.org")
    send(admin)
    expect(admin.locator(".way-test pre")).to_have_text("250 2.0.0 Queued as 4F2A")
    assert mailbox.recipients == ["keeper@example.org"]
    return admin.url.removesuffix("test/")


def refuse_relay(admin: Page) -> None:
    """A relay of a third party is refused by its name; what was set up stands in the list as working."""
    admin.goto("/notices/channels/add/wecombot/")
    admin.fill("input[name=label]", "值班群")
    admin.fill("input[name=token]", "wecom://0a1b2c3d4e5f")
    send(admin)
    expect(admin.locator(".field-errors")).to_contain_text("PushPlus")
    fits(admin)
    admin.goto("/notices/channels/")
    expect(admin.locator(".ways tbody tr")).to_have_count(2)
    expect(admin.locator(".way-error")).to_have_count(0)


def mend(keeper: Page, mailbox: Mailbox, numbers: Sequence[str]) -> None:
    """Two mails are refused for good: one is given up with a reason, the other is sent again and arrives."""
    rows = keeper.locator(".letters tbody tr")

    def stand() -> bool:
        keeper.goto("/notices/failed/")
        return rows.count() == 2

    until(keeper, stand)
    fits(keeper)
    expect(rows.first).to_contain_text(_("The mail server answered with %(number)s.") % {"number": 550})
    given_up, again = (rows.filter(has_text=number) for number in numbers)
    reason = keeper.get_by_label(_("Reason for giving up"))
    give_up = keeper.get_by_role("button", name=_("Give up"))
    given_up.get_by_role("checkbox").check()
    give_up.click()
    expect(keeper.locator(".field-errors")).to_contain_text(sentence(Refused("reason_missing")))
    expect(given_up.get_by_role("checkbox")).to_be_checked()
    expect(reason).to_be_focused()
    reason.fill("邮箱已停用")
    give_up.click()
    expect(rows).to_have_count(1)
    mailbox.refuse_recipient = ""
    again.get_by_role("checkbox").check()
    keeper.get_by_role("button", name=pgettext("delivery", "Send again")).click()
    expect(keeper.locator(".empty")).to_be_visible()
    until(keeper, lambda: len(mailbox.mails) == 2)
    assert numbers[1] in str(mailbox.mails[1]["Subject"])


def put_away(admin: Page, address: str) -> None:
    """A channel is switched off, and deleted after a question."""
    admin.goto(address)
    admin.get_by_role("button", name=_("Switch it off")).click()
    admin.get_by_role("button", name=_("Delete it")).click()
    admin.locator("#ask .button-danger, #ask .button-main").first.click()
    admin.wait_for_url("**/notices/channels/")


@pytest.mark.timeout(120)
def test_a_phone_takes_what_is_pushed_and_says_when(served: Served, signed_in: Callable[..., Page]) -> None:
    page = signed_in("officer", locale="zh-CN", viewport=PHONE, has_touch=True, permissions=["notifications"])
    phone = Browser("/push/1")
    with receiving(PushService("")) as service, translation.override("zh-hans"):
        page.add_init_script(f"({SUBSCRIBE})({json.dumps([service.address + phone.path, phone.keys()])})")
        page.goto("/notices/settings/")
        fits(page)
        choose(page)
        page.locator("[data-push-on]").click()
        expect(page.locator(".devices tbody tr")).to_have_count(1)
        service.known = encoded(base64.b64decode(page.evaluate("localStorage.getItem('key')")))
        number, words = tell(served, "officer", "2", "push")
        until(page, lambda: bool(service.claims))
        said = phone.read(service.asked[0].body)
        assert number in said["body"]
        assert words not in json.dumps(said, ensure_ascii=False)
        show(page, said)
        page.locator("[data-push-off]").click()
        expect(page.locator(".devices tbody tr")).to_have_count(0)


def choose(page: Page) -> None:
    """Choose mail for one group, and hours that are quiet, but not now; half an answer is not taken."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    begins, ends = (f"{now + timedelta(hours=hours):%H:%M}" for hours in (6, 14))
    box = page.locator("input[name=to_follow][value=email]")
    box.check()
    page.get_by_label(_("Quiet from")).fill(begins)
    page.get_by_role("button", name=_("Tell me in this way")).click()
    expect(page.locator(".field-errors")).to_be_visible()
    page.get_by_label(_("Quiet until")).fill(ends)
    page.get_by_role("button", name=_("Tell me in this way")).click()
    expect(page.locator(".toast").first).to_be_visible()
    expect(box).to_be_checked()


def show(page: Page, said: Any) -> None:
    """What the push service hands to the service worker stands on the screen of the phone."""
    tools = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    tools.send("ServiceWorker.enable")
    until(page, lambda: bool(found))
    origin = page.evaluate("location.origin")
    tools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": found[0]["registrationId"], "data": json.dumps(said)},
    )
    shown = "navigator.serviceWorker.ready.then((it) => it.getNotifications()).then((all) => all.map((it) => it.title))"
    until(page, lambda: page.evaluate(shown) == [said["title"]])


def until(page: Page, look: Callable[[], bool]) -> None:
    """Look again until it is so, while the page goes on."""
    for _turn in range(80):
        if look():
            return
        page.wait_for_timeout(150)
    pytest.fail("it did not come to be")
