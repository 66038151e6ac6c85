"""What an administrator pastes for a group robot: its key, its address, or an Apprise address; relays are refused by name."""  # noqa: E501

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jishi.notify.models import EndpointKind

#: Apprise's names of services that a third party runs in between: it would read every message.
RELAYS = {
    "wecom": "PushPlus",
    "pushplus": "PushPlus",
    "schan": "ServerChan",
    "pushme": "PushMe",
    "pushdeer": "PushDeer",
}
RELAY_HOSTS = {
    "www.pushplus.plus": "PushPlus", "pushplus.plus": "PushPlus", "sctapi.ftqq.com": "ServerChan",
    "sc.ftqq.com": "ServerChan", "push.i-i.me": "PushMe", "api2.pushdeer.com": "PushDeer",
}  # fmt: skip
_HOSTS = {
    "qyapi.weixin.qq.com": EndpointKind.WECOM,
    "oapi.dingtalk.com": EndpointKind.DINGTALK,
    "open.feishu.cn": EndpointKind.FEISHU,
}
_TOKEN = {
    EndpointKind.WECOM: re.compile(r"[A-Za-z0-9_-]{6,100}"),
    EndpointKind.DINGTALK: re.compile(r"[A-Za-z0-9]{6,200}"),
    EndpointKind.FEISHU: re.compile(r"[A-Za-z0-9_-]{6,100}"),
}
_SECRET = re.compile(r"[A-Za-z0-9]{6,200}")


def read_token(kind: EndpointKind, text: str) -> tuple[str, str]:
    """The token of a robot, and the signing secret where the pasted address holds one.  Raises ``ValidationError``."""
    text = text.strip()
    token, secret = (text, "")
    if "://" in text:
        parts = urlsplit(text)
        scheme = parts.scheme.lower()
        if scheme in ("http", "https"):
            token = _of_address(kind, text)
        elif scheme == kind.value:
            token, secret = unquote(parts.hostname or ""), unquote(parts.username or "")
            token = _as_written(text, token)
        else:
            raise ValidationError(refusal(kind, scheme))
    if not _TOKEN[kind].fullmatch(token):
        raise ValidationError(_("This is not the key of such a robot. %(hint)s") % {"hint": hint(kind)})
    return token, read_secret(secret)


def read_secret(text: str) -> str:
    """A signing secret of DingTalk.  Raises ``ValidationError``."""
    text = text.strip()
    if text and not _SECRET.fullmatch(text):
        raise ValidationError(_("This is not a signing secret. DingTalk shows it under “Sign”; it begins with SEC."))
    return text


def refusal(kind: EndpointKind, scheme: str) -> str:
    """Why an Apprise address of this scheme is not taken, and what to enter instead."""
    if scheme in RELAYS:
        return _(
            "“%(scheme)s://” does not lead to a group: Apprise hands it to %(relay)s, a relay run by a third party,"
            " which would read every message. %(hint)s"
        ) % {"scheme": scheme, "relay": RELAYS[scheme], "hint": hint(kind)}
    if scheme in EndpointKind.values:
        return other_robot(EndpointKind(scheme))
    return _("“%(scheme)s://” leads to another service than a %(robot)s. %(hint)s") % {
        "scheme": scheme, "robot": kind.label, "hint": hint(kind),
    }  # fmt: skip


def other_robot(kind: EndpointKind) -> str:
    """The sentence for what belongs to another kind of robot."""
    return _("This belongs to a %(robot)s. Go back and add one of that kind.") % {"robot": kind.label}


def check_relay_host(host: str) -> None:
    """Refuse the address of a relay where a webhook is asked for.  Raises ``ValidationError``."""
    relay = RELAY_HOSTS.get(host.lower())
    if relay:
        raise ValidationError(
            _("This leads to %(relay)s, a relay run by a third party, which would read every message. Enter the address"
              " of your own receiver.") % {"relay": relay}
        )  # fmt: skip
    if host.lower() in _HOSTS:
        raise ValidationError(other_robot(_HOSTS[host.lower()]))


def hint(kind: EndpointKind) -> str:
    """What to enter for a robot, and where it is found."""
    return {
        EndpointKind.WECOM: _("Add a robot in the WeCom group and enter what stands after “key=” in its address."),
        EndpointKind.DINGTALK: _(
            "Add a custom robot in the DingTalk group, with signing, and enter what stands after “access_token=”."
        ),
        EndpointKind.FEISHU: _(
            "Add a custom bot in the Feishu group and enter what stands after “/hook/” in its address."
        ),
    }[kind]


def _of_address(kind: EndpointKind, text: str) -> str:
    """The token in the address that a robot's own page shows."""
    parts = urlsplit(text)
    host = (parts.hostname or "").lower()
    if host in RELAY_HOSTS:
        check_relay_host(host)
    found = _HOSTS.get(host)
    if found is None:
        raise ValidationError(
            _("This address is not of a %(robot)s. %(hint)s") % {"robot": kind.label, "hint": hint(kind)}
        )
    if found != kind:
        raise ValidationError(other_robot(found))
    query = parse_qs(parts.query)
    if kind == EndpointKind.FEISHU:
        return parts.path.rstrip("/").rpartition("/")[2]
    return query.get("key" if kind == EndpointKind.WECOM else "access_token", [""])[0]


def _as_written(text: str, lowered: str) -> str:
    """A host name is read in small letters; a token is not to be changed."""
    start = text.lower().find(lowered.lower())
    return text[start : start + len(lowered)] if start >= 0 else lowered
