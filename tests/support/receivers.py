"""Real parts at the other end of every channel, on this machine: a mail server, receivers of HTTP, a push service."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "station", "mail-password-9"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


#: What a receiver does with a request: status, headers, body; or a word: ``hang``, ``drip``, ``reset``, ``close``.
Act = tuple[int, dict[str, str], bytes] | str


@dataclass
class Receiver:
    """An HTTP server that keeps what came and answers as it is told: the next of ``script``, else ``usual``."""

    usual: Act = (204, {}, b"")
    script: deque[Act] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    judge: Callable[[Asked], Act | None] | None = None
    connections: int = 0
    address: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, asked: Asked) -> Act:
        """What to do with this request."""
        self.asked.append(asked)
        judged = self.judge(asked) if self.judge is not None else None
        if judged is not None:
            return judged
        return self.script.popleft() if self.script else self.usual


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def receiver(self) -> Receiver:
        return cast("_Server", self.server).receiver

    def setup(self) -> None:
        super().setup()
        self.receiver.connections += 1

    def do_GET(self) -> None:
        self._take(b"")

    def do_POST(self) -> None:
        self._take(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _take(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        act = self.receiver.answer(Asked(self.path, headers, body))
        if isinstance(act, str):
            self.close_connection = True
            self._misbehave(act)
            return
        status, more, text = act
        self.send_response(status)
        for name, value in {**more, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def _misbehave(self, how: str) -> None:
        if how == "hang":
            self.receiver.over.wait(30)
        elif how == "drip":
            with suppress(OSError):
                self.connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not self.receiver.over.wait(0.1):
                    self.connection.sendall(b"X-Slow: 1\r\n")
        elif how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.connection.close()

    def log_message(self, *_words: Any) -> None:
        """Quietly."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that was broken off is meant here."""


@contextmanager
def receiving(receiver: Receiver | None = None, *, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that listens while the block runs."""
    receiver = receiver or Receiver()
    server = _Server(receiver)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.address = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


@dataclass
class Mailbox:
    """A mail server: what it took, and how it refuses."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    refuse_recipient: str = ""
    refuse_content: str = ""
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:  # fmt: skip
        """Take a recipient, or refuse as told."""
        if self.refuse_recipient:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:  # fmt: skip
        """Keep a mail, or refuse as told."""
        if self.refuse_content:
            return self.refuse_content
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(cast(EmailMessage, message_from_bytes(content, policy=policy.default)))
        self.recipients += envelope.rcpt_tos
        self.signed_in.append(bool(session.authenticated))
        self.over_tls.append(server.transport is not None and server.transport.get_extra_info("ssl_object") is not None)
        return "250 2.0.0 Queued as 4F2A"


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=good)


@contextmanager
def mailing(
    mailbox: Mailbox | None = None, *, auth: bool = False, tls: ssl.SSLContext | None = None, wrapped: bool = False
) -> Iterator[Mailbox]:
    """A mail server on this machine; with ``tls`` it speaks STARTTLS, or TLS from the start when ``wrapped``."""
    mailbox = mailbox or Mailbox()
    options: dict[str, Any] = {}
    if auth:
        options |= {"authenticator": _authenticate, "auth_require_tls": False}
    if tls is not None and not wrapped:
        options |= {"tls_context": tls, "require_starttls": True}
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=0, ssl_context=tls if wrapped else None, server_hostname="localhost",
        **options,
    )  # fmt: skip
    controller.port = mailbox.port = _free_port()
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """The TLS of a server at 127.0.0.1, and the file of the authority that vouches for it."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    chain, secret = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, secret)
    return context, chain
