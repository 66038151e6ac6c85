"""One bounded exchange with the outside: no redirect followed, what was checked is connected to, connections kept open.

By urllib3 itself: ``requests`` above it takes several times the CPU for the same POST.
"""

from __future__ import annotations

import email.utils
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import certifi
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as TooSlow
from urllib3.response import BaseHTTPResponse
from urllib3.util import connection as sockets

from jishi.notify.channels import guard
from jishi.notify.channels.parcel import Failed
from jishi.notify.channels.watch import within

#: Seconds to connect, to wait for anything, and for the whole exchange.
CONNECT, READ, WHOLE = 4.0, 8.0, 10.0
#: More than this of an answer is not read.
MOST = 4096
#: A receiver that asks for longer is asked again after this.
LONGEST_WAIT = 6 * 3600
_TIMEOUT = Timeout(connect=CONNECT, read=READ)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the beginning of its text, and after how many seconds to come again.

    ``body`` is what was read of it, ``whole`` whether that is all, ``kind`` the type that it is said to have.
    """

    status: int
    text: str = ""
    after: int | None = None
    body: bytes = b""
    kind: str = ""
    whole: bool = True


class _Here(threading.local):
    """The connections that this thread's POST went over, so that the watch can cut them off."""

    used: list[Any] | None = None


_here = _Here()


class _Checked:
    """Connects only to an address that was checked; the name is looked up once, here."""

    plain = True

    def _new_conn(self: Any) -> socket.socket:
        try:
            found = guard.addresses_of(self._dns_host.rstrip("."), self.port, plain=self.plain)
        except (socket.gaierror, UnicodeError) as error:
            raise NameResolutionError(self.host, self, socket.gaierror()) from error
        last: OSError = OSError()
        for address in found:
            try:
                return sockets.create_connection(address, CONNECT, socket_options=self.socket_options)
            except OSError as error:
                last = error
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, "timed out") from last
        raise NewConnectionError(self, "not reached") from last

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request; the watch knows by which connection."""
        if _here.used is not None:
            _here.used.append(self)
        super().request(*args, **kwargs)  # type: ignore[misc]  # the class beside this one has it


class _Plain(_Checked, HTTPConnection):
    """HTTP, to this machine alone."""


class _Tls(_Checked, HTTPSConnection):
    """HTTPS: the certificate is held against the name, whatever the address."""

    plain = False


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


def _manager() -> PoolManager:
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())  # a small system may have none of its own
    made = PoolManager(num_pools=100, maxsize=4, timeout=_TIMEOUT, retries=False, ssl_context=context)
    made.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
    return made


_pools: list[PoolManager] = []
_making = threading.Lock()


def pools() -> PoolManager:
    """The kept connections of this process."""
    with _making:
        if not _pools:
            _pools.append(_manager())
        return _pools[0]


def forget() -> None:
    """Close the kept connections, and read the certificates again."""
    with _making:
        while _pools:
            _pools.pop().clear()


def post(url: str, body: bytes, headers: Mapping[str, str], *, whole: float | None = None, most: int = MOST) -> Answer:
    """POST ``body`` and read the answer, whatever its status.  Raises ``Failed`` when there is none."""
    return _ask("POST", url, body, headers, whole, most)


def get(url: str, headers: Mapping[str, str], *, whole: float | None = None, most: int = MOST) -> Answer:
    """GET, and read up to ``most`` bytes of the answer, whatever its status.  Raises ``Failed`` when there is none."""
    return _ask("GET", url, None, headers, whole, most)


def _ask(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], whole: float | None, most: int
) -> Answer:
    guard.check_url(url)
    used: list[Any] = []
    _here.used = used
    try:
        with within(whole or WHOLE, lambda: _cut(used)) as watched:
            try:
                answer = _exchange(method, url, body, headers, most)
            except NameResolutionError as error:
                raise Failed("dns") from error
            except TooSlow as error:
                raise Failed("timeout") from error
            except SSLError as error:
                raise Failed("tls") from error
            except NewConnectionError as error:
                raise Failed("unreachable") from error
            except (HTTPError, OSError) as error:
                raise Failed("timeout" if watched.late else "broken_off") from error
            except ValueError as error:
                raise Failed("bad_url", retry=False) from error
            if watched.late:  # what was cut off within its headers looks like an answer
                raise Failed("timeout")
            return answer
    finally:
        _here.used = None


def accepted(answer: Answer) -> None:
    """Hold that the answer says that it was taken: 2xx and nothing else.  Raises ``Failed``."""
    if not 200 <= answer.status < 300:
        code = "redirected" if 300 <= answer.status < 400 else f"http_{answer.status}"
        raise Failed(code, after=answer.after, answer=said(answer))


def said(answer: Answer) -> str:
    """The answer as the one who tests a channel reads it."""
    return f"HTTP {answer.status}\n{answer.text}".strip()


def _cut(used: list[Any]) -> None:
    for each in used:
        each.sock.shutdown(socket.SHUT_RDWR)


def _exchange(method: str, url: str, body: bytes | None, headers: Mapping[str, str], most: int) -> Answer:
    response = pools().urlopen(method, url, redirect=False, body=body, headers=headers, preload_content=False)
    try:
        read = response.read(most, decode_content=False)
        more = bool(response.read(1, decode_content=False))
        if more:
            response.close()
    finally:
        response.release_conn()
    text, kind = read[:MOST].decode("utf-8", "replace"), response.headers.get("Content-Type", "")
    return Answer(response.status, text, _after(response), read, kind, not more)


def _after(response: BaseHTTPResponse) -> int | None:
    """The seconds of ``Retry-After``, which may also be a date."""
    given = response.headers.get("Retry-After", "").strip()
    if not given:
        return None
    if given.isascii() and given.isdigit():
        return min(int(given[:9]), LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(given).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0, min(int(moment - time.time()), LONGEST_WAIT))
