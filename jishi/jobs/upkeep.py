"""What is tidied by itself for the framework's own tables."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings

from jishi.jobs.registry import every


@every(minutes=24 * 60, name="jobs.clear_sessions")
def clear_sessions() -> None:
    """Delete sessions that have run out."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
