"""A made-up world for what spans rooms: one station seen from inside and outside, and clients for everybody in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.test import Client

from jishi.exchange.models import ReconcileList, Run, RunState
from jishi.exchange.report import ImportReport
from jishi.exchange.runs import folder_of
from jishi.matters.actions import PartyInput, report_matter
from jishi.matters.models import Evidence, Matter, SavedView
from jishi.matters.queries.parties import parties_of
from jishi.matters.tests import factory
from jishi.register.actions import close_element, create_element, publish_counts, record_counts
from jishi.register.models import CountRelease, DuplicatePair, Element
from jishi.stations.actions import make_token
from jishi.stations.models import Role, Staff
from tests.support import elements, lists, plans
from tests.support.photos import a_photo
from tests.support.rows import public, timing

#: A reporter, and words that stand nowhere but in what they told.
NAME, CONTACT, WORDS = "欧阳灯火", "13800138000", "紫檀木匣"
#: Tables in which a page that is only read may still write: who is signed in, and what was tried too often.
READING_MAY_WRITE = ("django_session", "cache")
#: Roles whose names are too long for a column.
SHORT = {"auxiliary": "aux", "administrator": "admin"}
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def told_matter(house: factory.House) -> Matter:
    """A matter that the patrol handles, with a party, in words that only the reporter used."""
    who = [PartyInput("reporter", NAME, CONTACT)]
    done = report_matter(house.station, by=house.desk, title="路灯不亮", description=WORDS, parties=who)
    for verb in ("assess", "push", "accept"):
        matter = factory.give(house, done.matter_id, verb)
    return matter


@dataclass
class Caller:
    """One person at a browser and with a token; ``staff`` is None for somebody who is not signed in."""

    staff: Staff | None
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    program: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    token: str = ""

    def __post_init__(self) -> None:
        if self.staff is not None:
            self.staff.set_password("tests-only-7")
            self.staff.save()
            self.browser.force_login(self.staff)
            _kept, self.token = make_token(self.staff, label="tests", scopes=["read", "write"], days=7)
        self.cookies = self.browser.cookies.output()

    def ask(self, method: str, address: str, data: Any = None, **headers: str) -> Any:
        """One request and its answer; nothing that it changed stays."""
        with transaction.atomic():
            answer = self.send(method, address, data, **headers)
            transaction.set_rollback(True)
        self.browser.cookies = SimpleCookie(self.cookies.replace("Set-Cookie: ", ""))
        return answer

    def read(self, address: str, **headers: str) -> str:
        """What stands at this address; a file that is streamed is read to its end."""
        answer = self.send("get", address, **headers)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.body.decode("utf-8-sig", "replace")

    def send(self, method: str, address: str, data: Any = None, **headers: str) -> Any:
        """One request and its answer, read to its end; what it said is in ``body``."""
        if address.startswith(("/api/", "/ogc/")):
            headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
            body = "" if data is None else json.dumps(data)
            answer = self.program.generic(method.upper(), address, body, "application/json", headers=headers)
        else:
            answer = getattr(self.browser, method)(address, data, headers=headers)
        answer.body = b"".join(answer)
        return answer


@dataclass
class World:
    """``house`` is one's own station, ``neighbour`` another of its bureau, ``foreign`` one of another bureau."""

    house: factory.House
    neighbour: factory.House
    foreign: factory.House
    bureau_chief: Staff

    @cached_property
    def callers(self) -> dict[str, Caller]:
        """Everybody who looks at the house, by the name of the column in the tables."""
        inside = {SHORT.get(role, role): Caller(self.house.people[role]) for role in Role.values}
        return {**inside, "bureau": Caller(self.bureau_chief), "anon": Caller(None)}

    @cached_property
    def strangers(self) -> dict[str, Caller]:
        """Everybody to whom the house is another station."""
        nearby = {f"neighbour's {role}": Caller(self.neighbour.people[role]) for role in Role.values}
        away = factory.bureau_staff("chief", self.foreign.station.bureau)
        return {**nearby, "foreign desk": Caller(self.foreign.desk), "foreign bureau's chief": Caller(away)}

    @cached_property
    def matters(self) -> dict[str, Matter]:
        """One matter of the house in each state, by state; ``merged`` was closed as a duplicate."""
        states = ("inherited", *factory.WAYS)
        found = {state: factory.a_matter(self.house, state) for state in states}
        root = factory.a_matter(self.house, "assessed")
        found["merged"] = factory.give(self.house, factory.a_matter(self.house), "merge", root=root.pk)
        found["asked"] = timing.asked(self.house)
        found["urgent"] = public.urgent(self.house)
        return {**found, **plans.with_plans(self.house)}

    @cached_property
    def handled(self) -> Matter:
        """A matter that the patrol handles, with a party and a photo."""
        who = [PartyInput("reporter", "陈某某", "13800138000")]
        told = report_matter(self.house.station, by=self.house.desk, title="路灯不亮", parties=who, uploads=[a_photo()])
        for verb in ("assess", "push", "accept"):
            matter = factory.give(self.house, told.matter_id, verb)
        return matter

    @cached_property
    def evidence(self) -> Evidence:
        """The photo of the handled matter."""
        return Evidence.objects.get(matter=self.handled)

    @cached_property
    def party(self) -> int:
        """The party of the handled matter."""
        return parties_of(self.handled.pk)[0].id

    @cached_property
    def run(self) -> Run:
        """An import of the house that was read through, with its rejected rows."""
        station, by, figures = self.house.station, self.house.desk, ImportReport("a.csv", "XH").as_dict()
        run = Run.objects.create(
            station=station, by=by, name="a.csv", map_name="a.toml", state=RunState.READY, figures=figures
        )
        folder = folder_of(run.pk)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rejects.csv").write_text("row\n", encoding="utf-8")
        (folder / "marked.xlsx").write_bytes(b"PK")
        return run

    @cached_property
    def hydrant(self) -> Element:
        """A hydrant in the register of the house."""
        values = {"state": "good", "type": "ground"}
        return create_element(
            self.house.station, by=self.house.desk, category="thing.hydrant", name="东门消火栓", attributes=values
        )

    @cached_property
    def building(self) -> Element:
        """A building of the house, with how many live there."""
        made = create_element(self.house.station, by=self.house.desk, category="place.residential", name="和平里3号楼")
        record_counts(made, on=date(2025, 12, 1), households=20, long_term=50, temporary=6, by=None)
        return made

    @cached_property
    def pair(self) -> DuplicatePair:
        """Two hydrants of the house that may be the same one."""
        values = {"state": "good", "type": "ground"}
        other = create_element(
            self.house.station, by=self.house.desk, category="thing.hydrant", name="东门消防栓", attributes=values
        )
        a, b = sorted((self.hydrant.pk, other.pk))
        return DuplicatePair.objects.create(station=self.house.station, a_id=a, b_id=b, score=90)

    @cached_property
    def release(self) -> CountRelease:
        """A table of the house's counts that was given out."""
        assert self.building
        return publish_counts(self.house.station, date(2026, 1, 1), by=self.house.people["chief"])

    @cached_property
    def closed_hydrant(self) -> Element:
        """A hydrant that stands no more."""
        values = {"state": "good", "type": "ground"}
        gone = create_element(
            self.house.station, by=self.house.desk, category="thing.hydrant", name="旧消火栓", attributes=values
        )
        return close_element(gone, by=self.house.desk)

    @cached_property
    def elements(self) -> elements.Ground:
        """A building of the house with everything on it, and what stands beside it."""
        return elements.a_ground(self.house.station, self.house.desk)

    @cached_property
    def list(self) -> ReconcileList:
        """A list of an authority that is held against the register of the house."""
        return lists.a_list(self.house.station, self.house.desk)

    @cached_property
    def view(self) -> SavedView:
        """A view that the desk officer saved."""
        return SavedView.objects.create(staff=self.house.desk, name="mine", query="open=1")


def a_world() -> World:
    """Three stations, two of one bureau, with everybody who works there."""
    bureau = factory.a_bureau()
    house = factory.a_station("XH", bureau=bureau)
    neighbour = factory.a_station("YH", "永和派出所", bureau=bureau)
    foreign = factory.a_station("ZZ", "外地派出所")
    return World(house, neighbour, foreign, factory.bureau_staff("chief", bureau))


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that change a table of ours while the block runs."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.split(None, 3)
        table = words[2 if words[0] != "UPDATE" else 1].strip('"') if len(words) > 2 else ""
        if words[0].upper() in _WRITES and table not in READING_MAY_WRITE:
            found.append(sql[:80])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found
