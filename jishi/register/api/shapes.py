"""What the API of the register takes and gives.  No shape holds a contact, a count of people or who wrote something."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from jishi.base.rest import Body, Code, Day, Moment, Whole, line, words
from jishi.register.queries import read_box

Kind = Literal["place", "organisation", "thing"]
Status = Literal["active", "closed", "merged"]
Freshness = Literal["never", "fresh", "due", "overdue"]
Issue = Literal["missing_attribute", "no_point", "no_address", "outside", "area_denied", "duplicate", "bad_attribute"]
Category = Annotated[str, line(40)]
Area = Annotated[str, line(40)]
Grade = Annotated[Whole, Field(ge=0, le=4)]
AttributeCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Value = Annotated[str, words(200, 0)] | bool | Annotated[int, Field(ge=-(2**53), le=2**53)] | Annotated[
    float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)
]  # fmt: skip
Attributes = Annotated[dict[AttributeCode, Value], Field(max_length=60)]
Reasons = Annotated[list[Code], Field(max_length=20)]
Source = Annotated[str, line(80, 0)]
Limit = Annotated[int, Field(ge=1, le=200)]


def _usable_box(value: str) -> str:
    if read_box(value) is None:
        raise ValueError("give west,south,east,north in degrees, such as 116.3,39.8,116.5,40.0")
    return value


Box = Annotated[str, Field(pattern=r"^[0-9.,+-]{7,100}$"), AfterValidator(_usable_box)]


# What a client sends


class Point(Body):
    """A point in degrees of ``datum``; it is kept in WGS-84."""

    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    datum: Literal["wgs84", "gcj02", "bd09", "cgcs2000"] = "wgs84"


class Create(Body):
    """A new element.  Without ``station`` it is registered at your home station.

    ``system`` and ``external_id`` say which system knows it under which number; together they stand once at a station.
    ``source`` and ``source_date`` name the list that it is known from.
    """

    station: Code | None = None
    category: Category
    name: Annotated[str, line(120)]
    address: Annotated[str, line(200, 0)] = ""
    area: Area | None = None
    point: Point | None = None
    attributes: Attributes = {}
    grade: Grade = 0
    reasons: Reasons = []
    system: Annotated[str, line(40)] = "api"
    external_id: Annotated[str, line(80)] | None = None
    source: Source = ""
    source_date: Day | None = None


class Corrections(Body):
    """The fields to correct; a field that is left out stays as it is.

    ``attributes`` replace all former ones.  Null takes away the area or the point.
    """

    category: Category | None = None
    name: Annotated[str, line(120)] | None = None
    address: Annotated[str, line(200, 0)] | None = None
    area: Area | None = None
    point: Point | None = None
    attributes: Attributes | None = None
    grade: Grade | None = None
    reasons: Reasons | None = None


class Change(Corrections):
    """Correct some fields, with the list they are known from; without one, somebody of staff saw it."""

    source: Source = ""
    source_date: Day | None = None


class Verify(Body):
    """It was looked at: as registered, or with corrections, or gone, which closes it.

    With a ``source`` a list says so; without one somebody stood there, and the category may ask for ``position`` or for
    a photo, which is taken on the page of the element.
    """

    gone: bool = False
    corrections: Corrections | None = None
    position: Point | None = None
    accuracy: Annotated[Whole, Field(ge=0, le=100_000)] | None = None
    at: Moment | None = None
    source: Source = ""
    source_date: Day | None = None


class FromSource(Body):
    """The list that it is known from; without one, somebody of staff saw it."""

    source: Source = ""
    source_date: Day | None = None


# What a client asks for


class Asked(BaseModel):
    """The filters of the list.  ``q`` searches number, name, address; ``bbox`` is west,south,east,north in WGS-84."""

    station: Code | None = None
    q: Annotated[str, line(80)] | None = None
    kind: Kind | None = None
    category: Category | None = None
    area: Area | None = None
    freshness: list[Freshness] = []
    grade: list[Annotated[int, Field(ge=0, le=4)]] = []
    issue: Issue | None = None
    status: Status = "active"
    source: Annotated[str, line(40)] | None = None
    bbox: Box | None = None
    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")] | None = None
    limit: Limit = 50


class AskedChanges(BaseModel):
    """Which part of an element's history: steps above the version ``after``."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    limit: Limit = 50


# What a client is given


class ElementRow(BaseModel):
    """An element, as lists give it; ``lon`` and ``lat`` in WGS-84."""

    number: str
    version: int
    station: str
    kind: Kind
    category: str
    name: str
    address: str
    area: str | None
    lon: float | None
    lat: float | None
    grade: Annotated[int, Field(ge=0, le=4)]
    status: Status
    freshness: Freshness
    verified_at: AwareDatetime | None
    due_at: AwareDatetime | None
    issues: list[Issue]
    source: str
    external_id: str | None
    created_at: AwareDatetime
    changed_at: AwareDatetime


class ElementDetail(ElementRow):
    """One element.  ``datum`` is what its point was given in; ``merged_into`` where it went."""

    datum: str
    attributes: dict[str, Any]
    reasons: list[str]
    merged_into: str | None


class Elements(BaseModel):
    """One page of elements, in the order of their registration; ``next`` is the cursor of the page after it."""

    items: list[ElementRow]
    next: str | None


class ChangeRow(BaseModel):
    """One step of an element's history: each field that changed, from what to what.

    ``at`` is when it became true, ``recorded_at`` when it was written.
    """

    version: int
    kind: Literal["created", "imported", "changed", "verified", "closed", "reopened", "merged", "unmerged"]
    fields: dict[str, list[Any]]
    at: AwareDatetime
    recorded_at: AwareDatetime
    by: Literal["staff", "system"]
    source: str
    source_date: str | None


class Changes(BaseModel):
    """Steps, oldest first; ``next`` is the ``after`` of the page that follows, null where there is none yet."""

    items: list[ChangeRow]
    next: int | None


class ElementGiven(BaseModel):
    """Which element, and at which version it stands now."""

    number: str
    version: int


class ElementCategory(BaseModel):
    """What an element may be.  ``attributes`` is JSON Schema 2020-12, ``cadence`` the days between looks by grade."""

    code: str
    parent: str | None
    kind: Kind
    name_zh: str
    name_en: str
    active: bool
    version: int
    attributes: dict[str, Any]
    cadence: dict[str, int]
    needs_photo: bool
    needs_position: bool


class ElementCategories(BaseModel):
    """All categories, in the order of the catalogue."""

    items: list[ElementCategory]
