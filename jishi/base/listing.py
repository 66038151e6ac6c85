"""Pages of a long list by key, not by offset: the last page costs what the first costs, and rows never shift.

A position is (value of the order field, primary key) of a row at the edge of a page.  It travels in the query string
as ``at``: ``a.…`` rows after it, ``b.…`` rows before it, ``last`` for the end.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Field, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import QueryDict

PARAMETER = "at"
CAP = 10_000

#: Reads rows in another way than by the queryset alone: (rows, order column, edge, descending, how many) → rows.
Take = Callable[[QuerySet[Any], str, tuple[Any, Any] | None, bool, int], list[Any]]


@dataclass(frozen=True)
class Page:
    """One page of rows, and the addresses of its neighbours (``""`` where there is none)."""

    rows: Sequence[Any]
    first_url: str = ""
    prev_url: str = ""
    next_url: str = ""
    last_url: str = ""
    count: int = 0
    capped: bool = False
    cursors: dict[str, str] = field(default_factory=dict)


def page_of(
    rows: QuerySet[Any],
    *,
    order: str,
    query: QueryDict | None = None,
    size: int = 50,
    counted: bool = True,
    take: Take | None = None,
) -> Page:
    """The page of ``rows`` that ``query`` (``request.GET``) asks for.

    ``order`` names a column that is never null, with ``-`` for descending; the primary key breaks ties the same way.
    Works on model querysets and on ``.values()`` that hold the column and the key.  A position that cannot be read
    gives the first page.  With ``counted`` the page also carries the count, exact up to 10,000.  ``take`` reads the
    rows where an index has to be asked that the queryset does not know.
    """
    query = query if query is not None else QueryDict()
    column, descending = order.removeprefix("-"), order.startswith("-")
    asked = query.get(PARAMETER, "")
    backward = asked == "last" or asked.startswith("b.")
    edge = _read(rows, column, asked)
    if edge is None and asked != "last":
        asked, backward = "", False
    found = (take or take_rows)(rows, column, edge, descending != backward, size + 1)
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    before = more if backward else bool(asked) and bool(found)
    after = (bool(edge) and bool(found)) if backward else more
    cursors = {"first": "", "last": "last"} if before or after else {}
    if before:
        cursors["prev"] = _write("b", found[0], column)
    if after:
        cursors["next"] = _write("a", found[-1], column)
    number, capped = capped_count(rows) if counted else (0, False)
    return Page(
        rows=found,
        first_url=_url(query, "") if before else "",
        prev_url=_url(query, cursors["prev"]) if before else "",
        next_url=_url(query, cursors["next"]) if after else "",
        last_url=_url(query, "last") if after else "",
        count=number,
        capped=capped,
        cursors=cursors,
    )


def capped_count(rows: QuerySet[Any], cap: int = CAP) -> tuple[int, bool]:
    """How many rows there are, exact up to ``cap``; above it ``(cap, True)``, without counting on."""
    number = rows.order_by()[: cap + 1].count()
    return (cap, True) if number > cap else (number, False)


def take_rows(rows: QuerySet[Any], column: str, edge: tuple[Any, Any] | None, descending: bool, size: int) -> list[Any]:
    """At most ``size`` rows beyond ``edge``, in order."""
    if edge is not None:
        beyond = TupleLessThan if descending else TupleGreaterThan
        rows = rows.filter(beyond(Tuple(F(column), F("pk")), edge))
    sign = "-" if descending else ""
    return list(rows.order_by(f"{sign}{column}", f"{sign}pk")[:size])


def _write(side: str, row: Any, column: str) -> str:
    value, key = _value(row, column), _value(row, "pk")
    packed = json.dumps([value, key], cls=_Exact, separators=(",", ":")).encode()
    return f"{side}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def _read(rows: QuerySet[Any], column: str, asked: str) -> tuple[Any, Any] | None:
    side, _, packed = asked.partition(".")
    if side not in ("a", "b") or not packed or len(packed) > 500:
        return None
    try:
        value, key = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        return _field(rows, column).to_python(value), _field(rows, "pk").to_python(key)
    except (binascii.Error, ValueError, TypeError, OverflowError, ValidationError):
        return None


def _field(rows: QuerySet[Any], column: str) -> Field[Any, Any]:
    meta = rows.model._meta
    found = meta.pk if column == "pk" else meta.get_field(column)
    if not isinstance(found, Field):
        raise FieldDoesNotExist(column)
    return found


def _value(row: Any, column: str) -> Any:
    if isinstance(row, dict):
        return row["id"] if column == "pk" and "pk" not in row else row[column]
    return getattr(row, column)


def _url(query: QueryDict, position: str) -> str:
    asked = query.copy()
    asked.pop(PARAMETER, None)
    if position:
        asked[PARAMETER] = position
    return f"?{asked.urlencode()}"


class _Exact(DjangoJSONEncoder):
    """Keeps microseconds, which Django's encoder cuts to milliseconds: a cut position would show a row twice."""

    def default(self, value: Any) -> Any:
        isoformat = getattr(value, "isoformat", None)
        return isoformat() if isoformat else super().default(value)
