"""What an error leaves behind: no local variables, no row contents, no tokens of addresses."""

from __future__ import annotations

import logging
import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

_ROW = re.compile(r"^(\s*(?:DETAIL|CONTEXT|HINT):).*$", re.MULTILINE)
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])(?=[A-Za-z_-]*[0-9])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]{20,}(?![A-Za-z0-9_.-])")
#: What follows in the path of an agency's link opens a matter, whatever signs it is made of.
_LINK = re.compile(r"(?<!/v1)(/agency/)[^/\s\"'?#]+")
_PATH = re.compile(r"/[^\s\"'?#]*")
_QUERY = re.compile(r"([?&](?:token|key|secret|code|next)=)[^&\s\"']+", re.IGNORECASE)


def scrub(text: str) -> str:
    """``text`` without the secrets of addresses and without the rows that a database quotes in its errors."""
    text = _ROW.sub(r"\1 …", text)
    text = _QUERY.sub(r"\1…", text)
    text = _LINK.sub(r"\1…", text)
    return _PATH.sub(lambda path: _TOKEN.sub("…", path.group()), text)


class NoLocals(SafeExceptionReporterFilter):
    """Django's report of an exception without any local variable, form value or cookie."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """The names of what was sent, never the values."""
        return dict.fromkeys(request.POST, "…") if request is not None else {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        """Nothing: a local may hold a reporter's words."""
        return {}.items()


class ScrubbedFormatter(logging.Formatter):
    """A log line that went through :func:`scrub`, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        return scrub(super().format(record))
