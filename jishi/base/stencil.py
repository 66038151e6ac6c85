"""A page of which only a few words differ from reader to reader: rendered once with holes, and filled each time."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping

from django.conf import settings
from django.utils.translation import get_language
from markupsafe import escape

#: Two signs that Unicode leaves to private use stand around the name of a hole while the page is rendered.
_HOLE = re.compile("\ue000(.*?)\ue001")
#: As many pages are kept; then all are rendered again.
MOST = 500

_cut: dict[Hashable, list[str]] = {}


def filled(key: Hashable, words: Mapping[str, str], render: Callable[[Mapping[str, str]], str]) -> str:
    """The page with ``words`` in its holes, escaped.

    ``render`` is given something to put in the place of each of the words and makes the page, once for each language
    and each ``key``, which must name all else that the page depends on.  No word may decide how the page looks.
    """
    kept = (get_language(), key)
    parts = None if settings.DEBUG else _cut.get(kept)
    if parts is None:
        parts = _HOLE.split(render({name: f"\ue000{name}\ue001" for name in words}))
        if len(_cut) >= MOST:
            _cut.clear()
        _cut[kept] = parts
    page = parts.copy()
    page[1::2] = [escape(words[name]) for name in parts[1::2]]
    return "".join(page)
