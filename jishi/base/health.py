"""Whether this installation is alive and ready: rooms register what "ready" means for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


class Finding(NamedTuple):
    """What a check found; ``facts`` hold figures, never names or addresses."""

    ok: bool
    facts: dict[str, Any] = {}


class Check(NamedTuple):
    """One thing that must be so before work may come in."""

    name: str
    run: Callable[[], Finding]


_checks: dict[str, Check] = {}


def register(check: Check) -> None:
    """Add a check; the same name again replaces it."""
    _checks[check.name] = check


def findings() -> dict[str, Finding]:
    """Run every check.  One that raises a database error has failed; others still run."""
    found = {}
    for name, check in sorted(_checks.items()):
        try:
            found[name] = check.run()
        except DatabaseError as error:
            found[name] = Finding(False, {"error": type(error).__name__})
    return found


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return Finding(cursor.fetchone() == (1,))


register(Check("database", _database))


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """``/healthz``: the process answers.  Touches nothing."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """``/readyz``: 200 where every check holds, else 503, with what each found."""
    found = findings()
    ok = all(finding.ok for finding in found.values())
    checks = {name: {"ok": finding.ok, **finding.facts} for name, finding in found.items()}
    return JsonResponse({"status": "ready" if ok else "not ready", "checks": checks}, status=200 if ok else 503)
