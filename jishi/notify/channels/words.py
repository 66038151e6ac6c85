"""What the code words of a failure say: what happened, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jishi.privacy import mask_personal

WORDS = {
    "no_way": gettext_lazy("There is no such channel."),
    "no_endpoint": gettext_lazy("The station has no such channel that is on. Set one up under Channels."),
    "off": gettext_lazy("The channel is off."),
    "not_set_up": gettext_lazy("The channel is not set up. Enter where it leads."),
    "unreadable": gettext_lazy("Its secrets cannot be opened any more. Enter them again."),
    "no_address": gettext_lazy("There is no work e-mail for this account."),
    "bad_address": gettext_lazy("The e-mail address is not one."),
    "no_number": gettext_lazy("There is no mobile number for this account."),
    "no_device": gettext_lazy("No device takes notices for this account any more."),
    "bad_subscription": gettext_lazy("The device gave keys that do not hold. Switch it on again there."),
    "bad_url": gettext_lazy("The address is not one."),
    "bad_secret": gettext_lazy("The signing secret does not hold. Make a new one."),
    "not_https": gettext_lazy("The address must begin with https."),
    "private_address": gettext_lazy(
        "The address lies in an internal network. The operator allows it with JISHI_WEBHOOK_PRIVATE."
    ),
    "dns": gettext_lazy("The name of the server is not known."),
    "unreachable": gettext_lazy("Nobody answers at this address."),
    "timeout": gettext_lazy("The answer took too long."),
    "tls": gettext_lazy("The certificate of the server does not hold."),
    "broken_off": gettext_lazy("The connection broke off."),
    "redirected": gettext_lazy("The server sent us elsewhere, which is not followed. Enter the address that it names."),
    "http_410": gettext_lazy("The receiver says that it is gone. The channel was switched off."),
    "smtp_auth": gettext_lazy("The mail server does not take the account or its password."),
    "smtp_unable": gettext_lazy("The mail server cannot do this: choose another security, or leave the account empty."),
    "robot_unclear": gettext_lazy("The answer is not that of a robot."),
    "robot_93000": gettext_lazy("WeCom knows no such robot. Enter its key again."),
    "robot_45009": gettext_lazy("The robot took too many messages within a minute."),
    "robot_310000": gettext_lazy("DingTalk refuses it: signing, keyword or address do not hold."),
    "robot_300005": gettext_lazy("DingTalk knows no such robot. Enter its token again."),
    "robot_19001": gettext_lazy("Feishu knows no such bot. Enter its token again."),
    "robot_19021": gettext_lazy("Feishu wants a signature. Use a keyword there instead."),
    "robot_19024": gettext_lazy("Feishu wants a keyword: choose one that every message holds, such as “http”."),
}
_SHOWN = 800
_UNPRINTABLE = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def says(code: str) -> str:
    """The sentence of a code word, in the active language."""
    known = WORDS.get(code)
    if known is not None:
        return str(known)
    place, _line, number = code.rpartition("_")
    if place == "http":
        return _("The receiver answered with HTTP %(number)s.") % {"number": number}
    if place == "smtp":
        return _("The mail server answered with %(number)s.") % {"number": number}
    if place == "robot":
        return _("The robot answered with the number %(number)s.") % {"number": number}
    return _("It was not taken (%(code)s).") % {"code": code or "?"}


def scrubbed(answer: str, secrets: Iterable[str]) -> str:
    """What a receiver said, without our secrets, without what identifies a person, and not too long."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= 4:
            answer = answer.replace(secret, "●●●")
    return mask_personal(_UNPRINTABLE.sub(" ", answer[: 4 * _SHOWN])).strip()[:_SHOWN]
