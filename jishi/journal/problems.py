"""What ``jishi verify`` finds: each room says what is not as the journal holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as the journal says.  ``where`` is a station's place in the chain, or a number."""

    code: str
    where: str
    facts: Mapping[str, Any] = field(default_factory=dict)
