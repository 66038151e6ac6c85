"""What the filters of the lists offer."""

from __future__ import annotations

from typing import Any

from jishi.matters import catalogue, labels
from jishi.matters.forms.options import category_choices
from jishi.matters.models import Grade, MatterState


def filter_choices(station_id: int) -> dict[str, Any]:
    """What the filters offer."""
    ground = catalogue.ground(station_id)
    return {
        "states": MatterState.choices,
        "grades": Grade.choices,
        "categories": category_rows(),
        "areas": list(ground.area_names.items()),
        "units": list(ground.unit_names.items()),
        "channels": list(labels.CHANNELS.items()),
    }


def category_rows() -> list[tuple[str, Any, bool]]:
    """All categories in use: code, name, and whether it stands below another."""
    found = []
    for code, label in category_choices()[1:]:
        if isinstance(label, list):
            rows = dict(label)
            top = next(iter(catalogue.categories()[child].parent_id or child for child in rows))
            found.append((top, rows.pop(top, code), False))
            found += [(child, name, True) for child, name in rows.items()]
        else:
            found.append((code, label, False))
    return found
