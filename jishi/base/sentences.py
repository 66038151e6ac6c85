"""The sentence for each code of :class:`jishi.base.errors.Refused`, by registry; each room registers its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jishi.base.errors import Refused

_sentences: dict[str, str | Promise] = {}


class _Facts(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "?"


def register(mapping: Mapping[str, str | Promise]) -> None:
    """Add sentences for codes.  A sentence says what to do next and may name facts: ``"… until %(until)s."``."""
    _sentences.update(mapping)


def sentence(refused: Refused) -> str:
    """What the user reads for ``refused``, in the active language."""
    template = str(_sentences.get(refused.code, FALLBACK))
    return template % _Facts(refused.facts)


def known() -> frozenset[str]:
    """All codes that have a sentence."""
    return frozenset(_sentences)


FALLBACK = _("This cannot be done now. Open the page again and look at how things stand.")

register(
    {
        "stale": _("Somebody else changed this in the meantime. Look at how it stands now, then decide again."),
        "key_reused": _("This request was already used for something else. Open the form again and send it once more."),
        "not_allowed": _("Your post does not allow this. Ask your chief or the administrator."),
    }
)
