"""E-mail by SMTP: plain and HTML, one thread for each matter."""

from __future__ import annotations

import email.policy
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from hashlib import sha256
from urllib.parse import urlsplit

from jishi.notify.channels import texts
from jishi.notify.channels.config import Config
from jishi.notify.channels.parcel import Failed, Parcel, Reply
from jishi.notify.channels.watch import within

#: Seconds for each step, and for the whole mail.
STEP, WHOLE = 8.0, 20.0
PLAIN, STARTTLS, TLS = "plain", "starttls", "tls"
#: How a mail client writes out what is not ASCII: as encoded words, which every server takes.
_POLICY = email.policy.SMTP


def mail_of(config: Config, parcel: Parcel, to: str) -> EmailMessage:
    """The mail: its id is that of the delivery, and it answers the thread of what it is about."""
    sender = config["sender"]
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(_POLICY)
    mail["From"] = Address(config.get("name") or "Jishi", addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = texts.subject(parcel)
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{parcel.key}@{domain}>"
    thread = f"<{_thread(parcel)}@{domain}>"
    mail["In-Reply-To"] = thread
    mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if parcel.stop:
        mail["List-Unsubscribe"] = f"<{parcel.stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if parcel.grade == 1:
        mail["Importance"] = "high"
    said, html = texts.mail(parcel)
    mail.set_content(said, cte="base64" if not said.isascii() else "quoted-printable")
    mail.add_alternative(html, subtype="html", cte="base64")
    return mail


def deliver(config: Config, parcel: Parcel, to: str) -> Reply:
    """Hand the mail to the server; what it answers to the last line is the reply."""
    if not to:
        raise Failed("no_address", retry=False, recipient=True)
    try:
        content = mail_of(config, parcel, to).as_bytes()
    except (ValueError, UnicodeError) as error:
        raise Failed("bad_address", retry=False, recipient=True) from error
    with _session(config) as server:
        _took(*server.mail(config["sender"]))
        _took(*server.rcpt(to), recipient=True)
        code, said = server.data(content)
        _took(code, said)
        return Reply(str(code), _text(code, said))


@contextmanager
def _session(config: Config) -> Iterator[smtplib.SMTP]:
    """A session in which mail may be sent; whatever goes wrong is said in a code word."""
    opened: list[smtplib.SMTP] = []

    def cut() -> None:
        for each in opened:
            if each.sock is not None:
                each.sock.shutdown(socket.SHUT_RDWR)

    with within(WHOLE, cut) as watched:
        try:
            server = _connect(config, opened)
            yield server
            server.quit()
        except smtplib.SMTPNotSupportedError as error:
            raise Failed("smtp_unable", retry=False) from error
        except smtplib.SMTPResponseException as error:
            said = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
            _took(error.smtp_code, said, auth=isinstance(error, smtplib.SMTPAuthenticationError))
            raise Failed("broken_off") from error
        except TimeoutError as error:
            raise Failed("timeout") from error
        except ssl.SSLError as error:
            raise Failed("tls") from error
        except socket.gaierror as error:
            raise Failed("dns") from error
        except (ConnectionRefusedError, smtplib.SMTPConnectError) as error:
            raise Failed("unreachable") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Failed("timeout" if watched.late else "broken_off") from error
        finally:
            for each in opened:
                each.close()


def _connect(config: Config, opened: list[smtplib.SMTP]) -> smtplib.SMTP:
    host, port, security = config["host"], int(config["port"]), config.get("security", STARTTLS)
    server: smtplib.SMTP
    if security == TLS:
        server = smtplib.SMTP_SSL(timeout=STEP, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(timeout=STEP)
    opened.append(server)
    server._host = host  # type: ignore[attr-defined]  # the name that the certificate is held against
    _took(*server.connect(host, port))
    if security == STARTTLS:
        server.starttls(context=ssl.create_default_context())
    if config.get("user"):
        server.login(config["user"], config.get("password", ""))
    else:
        server.ehlo_or_helo_if_needed()
    return server


def _took(code: int, said: bytes, *, auth: bool = False, recipient: bool = False) -> None:
    """Hold that the server took it: 2xx, or 3xx in between.  5xx says that it never will."""
    if code >= 400 or code < 200:
        name = "smtp_auth" if auth else f"smtp_{code}"
        raise Failed(name, retry=code < 500, recipient=recipient, answer=_text(code, said))


def _text(code: int, said: bytes) -> str:
    return f"{code} {said.decode('utf-8', 'replace')}"


def _thread(parcel: Parcel) -> str:
    """The id of a thread: the same for every mail about one thing of one installation."""
    host = urlsplit(parcel.link).netloc
    return f"thread.{sha256(f'{host} {parcel.thread}'.encode()).hexdigest()[:24]}"
