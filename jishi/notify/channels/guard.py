"""Where the application may connect to on behalf of somebody: not into the networks around it, unless the operator says so.

An address that an administrator or a browser gives must not become a way to what stands behind the firewall.
"""  # noqa: E501

from __future__ import annotations

import ipaddress
import socket
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from jishi.notify.channels.parcel import Failed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: So many addresses of one name are tried.
_TRIED = 3


def check_url(url: str) -> None:
    """Refuse an address that is not https, or http to this machine.  Raises ``Failed``; no name is looked up here."""
    wrong, literal = _look_at(url)
    if wrong:
        raise Failed(wrong, retry=False)
    if literal is not None and not may_reach(literal):
        raise Failed("private_address", retry=False)


@lru_cache(maxsize=200)
def _look_at(url: str) -> tuple[str, Address | None]:
    """What is wrong with an address ("" for nothing), and the literal address that it names, if it does."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "bad_url", None
    if not host or parts.username is not None or parts.fragment or parts.scheme not in ("http", "https"):
        return "bad_url", None
    if parts.scheme == "http" and not _is_this_machine(host):
        return "not_https", None
    return "", _literal(host)


def addresses_of(host: str, port: int, *, plain: bool) -> list[tuple[str, int]]:
    """The addresses behind a name that may be connected to.  ``plain``: without TLS, which is for this machine alone.

    Raises ``socket.gaierror`` when the name is unknown, ``Failed`` when it leads where it may not.
    """
    found = {info[4][0]: ipaddress.ip_address(str(info[4][0]).partition("%")[0])
             for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}  # fmt: skip
    allowed = [str(name) for name, ip in found.items() if may_reach(ip) and (ip.is_loopback or not plain)]
    if not allowed:
        raise Failed("private_address", retry=False)
    return [(name, port) for name in allowed[:_TRIED]]


def may_reach(ip: Address) -> bool:
    """Whether this address is on the open net, or in a network that the operator opened."""
    inner = _inside(ip)
    if inner is not None:
        return may_reach(inner)
    if ip.is_global and not ip.is_multicast:
        return True
    return any(ip.version == net.version and ip in net for net in settings.WEBHOOK_PRIVATE)


def _inside(ip: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to by translation or a tunnel."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_this_machine(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)
