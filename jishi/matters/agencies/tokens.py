"""The token of a link: who holds it holds the link.  It is signed, and only its hash is kept."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe

from django.core import signing

#: What the journal calls a link.  It is no matter, so that a look at it raises no matter's version.
SUBJECT = "agency_link"
#: What these signatures are for; a value that was signed for anything else opens nothing here.
SALT = "jishi.matters.agency_link"
SESSION_SALT = "jishi.matters.agency_session"
LONGEST = 200
#: How long a browser that opened a link is shown the matter without opening it again, in seconds.
SESSION = 2 * 3600


def new_token(matter_id: int, agency_id: int) -> str:
    """A token for one matter and one agency, such as ``17.3.k7Qm2Xw9….s9Lp…``."""
    return signing.Signer(salt=SALT, sep=".").sign(f"{matter_id}.{agency_id}.{token_urlsafe(16)}")


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def bound_to(token: str) -> tuple[int, int] | None:
    """The matter and the agency that a token of ours names; None for any other text."""
    try:
        body = signing.Signer(salt=SALT, sep=".").unsign(token[:LONGEST])
        matter, agency, _nonce = body.split(".")
        return int(matter), int(agency)
    except (signing.BadSignature, ValueError):
        return None


def open_session(link_id: int) -> str:
    """What the browser that opened a link keeps: worth nothing for another link, and nothing after a while."""
    return signing.TimestampSigner(salt=SESSION_SALT).sign(str(link_id))


def is_open(link_id: int, session: str) -> bool:
    """Whether this browser opened this link a short while ago."""
    try:
        return signing.TimestampSigner(salt=SESSION_SALT).unsign(session[:LONGEST], max_age=SESSION) == str(link_id)
    except signing.BadSignature:
        return False
