"""A plan as it is written: the tables of ``catalog/plans.toml`` and of a version's ``data``, read into a shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from jishi.matters.models.plans import said

#: Owners beside the kinds of units: those who lead; what they owe stands with the station's command.
LEADING = ("chief", "deputy")


@dataclass(frozen=True, slots=True)
class WrittenTask:
    """One task: ``owner`` is a kind of unit or a leading role, ``after`` the codes of what comes before it.

    With an ``agency`` the task asks an outside agency for what ``ask`` says; the owner stays responsible.
    """

    code: str
    title_zh: str
    title_en: str
    owner: str
    minutes: int
    after: tuple[str, ...] = ()
    agency: str = ""
    ask_zh: str = ""
    ask_en: str = ""
    optional: bool = False

    @property
    def title(self) -> str:
        """The title in the language of the reader."""
        return said({"x_zh": self.title_zh, "x_en": self.title_en}, "x")

    @property
    def ask(self) -> str:
        """What the agency is asked for, in the language of the reader."""
        return said({"x_zh": self.ask_zh, "x_en": self.ask_en}, "x")


@dataclass(frozen=True, slots=True)
class Written:
    """A whole plan.  ``ends`` says when it is over, ``ends_tasks`` which tasks must be over before."""

    name_zh: str
    name_en: str
    tasks: tuple[WrittenTask, ...]
    ends_zh: str = ""
    ends_en: str = ""
    ends_tasks: tuple[str, ...] = ()
    auto_start: bool = False
    tell_roles: tuple[str, ...] = ()
    tell_units: tuple[str, ...] = ()
    tell_agencies: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return said({"x_zh": self.name_zh, "x_en": self.name_en}, "x")

    @property
    def ends(self) -> str:
        """When it is over, in the language of the reader."""
        return said({"x_zh": self.ends_zh, "x_en": self.ends_en}, "x")

    def task(self, code: str) -> WrittenTask | None:
        """The task of this code."""
        return next((task for task in self.tasks if task.code == code), None)

    def as_data(self) -> dict[str, Any]:
        """What a version keeps."""
        return asdict(self)


def read(data: Mapping[str, Any]) -> Written:
    """The plan that a version's ``data`` holds."""
    whole = dict(data)
    tasks = tuple(WrittenTask(**{**task, "after": tuple(task.get("after", ()))}) for task in whole.pop("tasks"))
    lists = ("ends_tasks", "tell_roles", "tell_units", "tell_agencies")
    return Written(tasks=tasks, **{**whole, **{name: tuple(whole.get(name, ())) for name in lists}})


def levels(tasks: tuple[WrittenTask, ...]) -> list[list[WrittenTask]]:
    """The tasks in the order of their steps: those of one step run side by side."""
    by_code = {task.code: task for task in tasks}
    found: dict[str, int] = {}

    def level_of(code: str) -> int:
        if code not in found:
            found[code] = 1 + max((level_of(before) for before in by_code[code].after), default=0)
        return found[code]

    steps: dict[int, list[WrittenTask]] = {}
    for task in tasks:
        steps.setdefault(level_of(task.code), []).append(task)
    return [steps[level] for level in sorted(steps)]
