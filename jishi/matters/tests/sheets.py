"""The sheet of a plan as a browser sends it."""

from __future__ import annotations

from typing import Any

from jishi.matters.plans import writing
from jishi.matters.plans.catalogue import plan_of


def sheet_of(station_id: int, code: str) -> dict[str, Any]:
    """The sheet of a plan as a browser sends it."""
    found = plan_of(station_id, code)
    sheet = writing.of_plan(found.plan, found.category, found.grade)
    sent: dict[str, Any] = {**sheet.texts, **sheet.lists, "category": sheet.category, "grade": sheet.grade}
    sent["rows"] = str(len(sheet.rows))
    for place, row in enumerate(sheet.rows, 1):
        for name, value in row.items():
            if value is True:
                sent[f"t{place}-{name}"] = "1"
            elif value is not False:
                sent[f"t{place}-{name}"] = value
    return {**sent, **({"auto_start": "1"} if sheet.auto_start else {})}
