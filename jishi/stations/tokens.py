"""Whose token came with a request.  Every call of the API asks this first, so that it is one statement of plain SQL."""

from __future__ import annotations

import hashlib
import json

from django.db import connection
from django.utils import timezone

from jishi.base.moments import stored
from jishi.stations.access import COLUMNS, ORDER, POSTS, access_from
from jishi.stations.models import Staff

_STAFF = ("id", "username", "name", "language", "is_active")
_SQL = f"""
    SELECT token.scopes, {", ".join(f"staff.{name}" for name in _STAFF)}, {COLUMNS}
    FROM stations_apitoken token
    JOIN stations_staff staff ON staff.id = token.staff_id AND staff.is_active
    LEFT JOIN ({POSTS}) ON post.staff_id = staff.id
    WHERE token.digest = %s AND token.revoked_at IS NULL AND token.expires_at > %s
    ORDER BY {ORDER}
"""


def token_owner(raw: str) -> tuple[Staff, frozenset[str]] | None:
    """Whose token this is, their access already read, and its scopes; ``None`` for one unknown, expired or revoked."""
    digest = hashlib.sha256(raw.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [digest, stored(timezone.now())])
        rows = cursor.fetchall()
    if not rows:
        return None
    begin = 1 + len(_STAFF)
    staff = Staff.from_db("default", _STAFF, [*rows[0][1 : begin - 1], True])
    staff._access = access_from(row[begin:] for row in rows if row[begin] is not None)  # type: ignore[attr-defined]
    return staff, frozenset(json.loads(rows[0][0]))
