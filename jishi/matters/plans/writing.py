"""The screen on which a plan is written, without a script: what was sent is read, its rows added, moved, taken away.

Rows are numbered from 1; what a task comes after is written as the numbers of rows ("1, 2"), and kept as codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from jishi.matters.plans.compiler import LONGEST_MINUTES, MOST_TASKS
from jishi.matters.plans.written import Written, WrittenTask

_TEXTS = ("name_zh", "name_en", "ends_zh", "ends_en")
_OF_TASK = ("code", "title_zh", "title_en", "owner", "minutes", "after", "agency", "ask_zh", "ask_en")
LISTS = ("tell_roles", "tell_units", "tell_agencies")


@dataclass
class Sheet:
    """A plan as it stands in the form: texts as they were typed, one mapping for each row."""

    texts: dict[str, str]
    rows: list[dict[str, Any]]
    lists: dict[str, list[str]]
    category: str = ""
    grade: str = "0"
    auto_start: bool = False
    wrong: list[int] = field(default_factory=list)


def blank() -> Sheet:
    """An empty sheet with one row."""
    return Sheet(dict.fromkeys(_TEXTS, ""), [_new_row([])], {name: [] for name in LISTS})


def of_plan(plan: Written, category: str, grade: int) -> Sheet:
    """The sheet of a plan."""
    number = {task.code: str(place) for place, task in enumerate(plan.tasks, 1)}
    rows = [
        {
            **{name: getattr(task, name) for name in _OF_TASK}, "minutes": str(task.minutes),
            "after": ", ".join(number[code] for code in task.after), "optional": task.optional,
            "ending": task.code in plan.ends_tasks,
        }
        for task in plan.tasks
    ]  # fmt: skip
    lists = {name: list(getattr(plan, name)) for name in LISTS}
    texts = {name: getattr(plan, name) for name in _TEXTS}
    return Sheet(texts, rows, lists, category, str(grade), plan.auto_start)


def of_post(sent: QueryDict) -> Sheet:
    """The sheet as it was sent."""
    count = min(int(sent.get("rows", "0")) if sent.get("rows", "0").isdecimal() else 0, MOST_TASKS + 1)
    rows = [
        {
            **{name: sent.get(f"t{place}-{name}", "").strip() for name in _OF_TASK},
            "optional": f"t{place}-optional" in sent, "ending": f"t{place}-ending" in sent,
        }
        for place in range(1, count + 1)
    ]  # fmt: skip
    texts = {name: sent.get(name, "").strip() for name in _TEXTS}
    lists = {name: sent.getlist(name) for name in LISTS}
    return Sheet(texts, rows, lists, sent.get("category", ""), sent.get("grade", "0"), "auto_start" in sent)


def change(sheet: Sheet, what: str) -> None:
    """Add, move or take away a row, as a button says: ``add``, ``up-2``, ``down-2``, ``drop-2``."""
    verb, _dash, place = what.partition("-")
    order = list(range(len(sheet.rows)))
    at = int(place) - 1 if place.isdecimal() else -1
    if verb == "add" and len(order) < MOST_TASKS:
        sheet.rows.append(_new_row(sheet.rows))
        return
    if not 0 <= at < len(order):
        return
    if verb == "drop":
        order.pop(at)
    elif verb in ("up", "down"):
        other = at - 1 if verb == "up" else at + 1
        if 0 <= other < len(order):
            order[at], order[other] = order[other], order[at]
    _reorder(sheet, order)


def written(sheet: Sheet) -> Written:
    """The plan that the sheet stands for; what cannot be read is left for the compiler to refuse."""
    codes = {str(place): row["code"] for place, row in enumerate(sheet.rows, 1)}
    tasks = tuple(
        WrittenTask(
            row["code"], row["title_zh"], row["title_en"], row["owner"], _minutes(row["minutes"]),
            tuple(codes.get(number, f"#{number}") for number in _numbers(row["after"])),
            row["agency"], row["ask_zh"] if row["agency"] else "", row["ask_en"] if row["agency"] else "",
            row["optional"],
        )
        for row in sheet.rows
    )  # fmt: skip
    ends = tuple(row["code"] for row in sheet.rows if row["ending"])
    plain: dict[str, Any] = {**sheet.texts, **{name: tuple(values) for name, values in sheet.lists.items()}}
    return Written(tasks=tasks, ends_tasks=ends, auto_start=sheet.auto_start, **plain)


def _reorder(sheet: Sheet, order: Sequence[int]) -> None:
    """The rows in another order, what each comes after still meaning the same."""
    number = {str(old + 1): str(new) for new, old in enumerate(order, 1)}
    sheet.rows = [sheet.rows[old] for old in order]
    for row in sheet.rows:
        row["after"] = ", ".join(number[each] for each in _numbers(row["after"]) if each in number)


def _new_row(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    known = {row["code"] for row in rows}
    code = next(code for number in range(1, MOST_TASKS + 2) if (code := f"t{number}") not in known)
    after = str(len(rows)) if rows else ""
    return {**dict.fromkeys(_OF_TASK, ""), "code": code, "owner": "desk", "minutes": "15", "after": after,
            "optional": False, "ending": False}  # fmt: skip


def _numbers(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\d+", text)))


def _minutes(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= len(str(LONGEST_MINUTES)) else 0
