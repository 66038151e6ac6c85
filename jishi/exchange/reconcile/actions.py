"""Every write of a reconciliation: beginning one, comparing, deciding on a row, undoing that, putting the list away.

A decision is an action of the register, with the authority and the date of its list as the source.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.models import ListState, ReconcileList, ReconcileRow, RowKind, RowOutcome
from jishi.exchange.reconcile.comparing import corrections, differences, point_of
from jishi.exchange.reconcile.matching import rows_for
from jishi.exchange.reconcile.reading import ListFigures, read_list
from jishi.exchange.register_map import parse_register_map
from jishi.jobs.actions import enqueue
from jishi.privacy import mask_personal, refuse_personal
from jishi.register import actions as register
from jishi.register.models import Element
from jishi.register.roles import require
from jishi.stations.models import Area, Staff, Station
from jishi.stations.queries import zone_of

JOB = "exchange.reconcile"
MOST_BYTES = 512 * 1024**2
BATCH = 1_000
#: What may be decided on a row, by what it is.
DECISIONS: Mapping[str, tuple[str, ...]] = {
    RowKind.THEIRS: ("create", "aside"), RowKind.OURS: ("close", "aside"),
    RowKind.ALIKE: ("correct", "verify", "split"), RowKind.DIFFERING: ("correct", "aside"),
    RowKind.SAME: ("verify", "aside"),
}  # fmt: skip
#: Why a row is set aside.
REASONS = ("known", "visit", "elsewhere", "their_error")


@transaction.atomic
def begin_list(
    station: Station, upload: UploadedFile[Any], map_: bytes, map_name: str, *, authority: str, on: date, by: Staff,
    area: Area | None = None,
) -> ReconcileList:  # fmt: skip
    """Keep a list and ask for it to be compared.

    Raises ``Refused``: ``not_allowed``, ``future``, ``too_large``, ``personal``, or what is wrong with the map.
    """
    require(by, station.pk, "reconcile")
    refuse_personal(authority, "authority")
    if on > timezone.localdate():
        raise Refused("future", field="date")
    if (upload.size or 0) > MOST_BYTES:
        raise Refused("too_large", most=MOST_BYTES // 1024**2)
    parsed = parse_register_map(map_)
    made = ReconcileList.objects.create(
        station=station, by=by, authority=authority.strip(), date=on, name=_short(upload.name or "list"), area=area,
        map_name=_short(map_name), map_text=map_.decode(), source=parsed.source,
    )  # fmt: skip
    folder = folder_of(made.pk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    with (folder / "table").open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    enqueue(JOB, {"list": made.pk}, station=station.pk)
    return made


def compare_list(list_id: int) -> None:
    """Read a list, find the elements that it is about, and keep the rows; the file goes."""
    found = ReconcileList.objects.select_related("station", "by").filter(pk=list_id, state=ListState.READING).first()
    if found is None:
        return
    path, figures = folder_of(list_id) / "table", ListFigures()

    def tell(read: int) -> None:
        ReconcileList.objects.filter(pk=list_id).update(read=read)

    try:
        if not path.is_file():
            raise Refused("run_expired")
        map_ = parse_register_map(found.map_text.encode())
        said = read_list(path, map_, found.station, found.name, timezone.now(), figures, tell)
        rows = list(rows_for(found, said, figures))
    except Refused as refused:
        facts = {name: str(value) for name, value in refused.facts.items()}
        found.state, found.refusal = ListState.REFUSED, {"code": refused.code, "facts": facts}
        found.save(update_fields=["state", "refusal"])
    else:
        with transaction.atomic():
            ReconcileRow.objects.filter(of_list=found).delete()
            ReconcileRow.objects.bulk_create(rows, batch_size=BATCH)
            found.state, found.figures = ListState.OPEN, figures.as_dict()
            found.save(update_fields=["state", "figures", "categories"])
    shutil.rmtree(folder_of(list_id), ignore_errors=True)


@transaction.atomic
def decide(row: ReconcileRow | int, decision: str, *, by: Staff, version: int | None = None, reason: str = "") -> str:
    """Take one decision on one row; gives the outcome, empty for a row that is open still (``split``).

    ``version`` is that of the element which was seen.  Raises ``Refused``: ``row_decided``, ``unknown_decision``,
    ``bad_aside``, ``stale``, and what the actions of the register raise.
    """
    locked = _locked(row)
    require(by, locked.of_list.station_id, "reconcile")
    if locked.outcome:
        raise Refused("row_decided")
    if decision not in DECISIONS[locked.kind]:
        raise Refused("unknown_decision", decision=decision[:20])
    if decision == "split":
        locked.undo = {"element": locked.element_id, "kind": locked.kind}
        locked.kind, locked.element = RowKind.THEIRS, None
        locked.save(update_fields=["kind", "element", "undo"])
        return ""
    if decision == "aside":
        if reason not in REASONS:
            raise Refused("bad_aside")
        locked.outcome, locked.reason, locked.undo = RowOutcome.ASIDE, reason, {"aside": True}
    else:
        locked.outcome = _DECIDERS[decision](locked, by, version)
    locked.by, locked.decided_at = by, timezone.now()
    locked.save()
    return locked.outcome


@transaction.atomic
def undo(row: ReconcileRow | int, *, by: Staff) -> None:
    """Take back what can be: a row set aside or split, an element closed.  Raises ``Refused("not_undone")``."""
    locked = _locked(row)
    require(by, locked.of_list.station_id, "reconcile")
    back = locked.undo
    if not back:
        raise Refused("not_undone")
    if "closed" in back:
        register.reopen_element(back["closed"], by=by, source=source_of(locked.of_list))
    if "element" in back:
        locked.kind, locked.element_id = back["kind"], back["element"]
    locked.outcome, locked.reason, locked.undo, locked.by, locked.decided_at = "", "", {}, None, None
    locked.save()


def put_away(list_: ReconcileList, *, by: Staff) -> None:
    """Delete a list with its rows; what was decided stays in the register and its history."""
    require(by, list_.station_id, "reconcile")
    shutil.rmtree(folder_of(list_.pk), ignore_errors=True)
    list_.delete()


def folder_of(list_id: int) -> Path:
    """Where the file of a list lies until it is compared."""
    return Path(settings.DATA_DIR) / "imports" / f"list-{list_id}"


def source_of(list_: ReconcileList) -> register.Source:
    """The list and its date, as the history of an element names them."""
    return register.Source(list_.authority, list_.date)


def _locked(row: ReconcileRow | int) -> ReconcileRow:
    key = row if isinstance(row, int) else row.pk
    rows = ReconcileRow.objects.select_for_update(of=("self",)).select_related("of_list__station")
    found = rows.filter(pk=key).first()
    if found is None:
        raise Refused("not_found")
    return found


def _create(row: ReconcileRow, by: Staff, _version: int | None) -> str:
    said = row.said or {}
    values = {**said["usual"], **said["values"]}
    row.element = register.create_element(
        row.of_list.station,
        by=by,
        category=values["category"],
        name=values["name"],
        address=values.get("address", ""),
        point=point_of(values),
        area=values.get("area"),
        attributes=said["attributes"],
        grade=values.get("grade", 0),
        reasons=values.get("reasons", []),
        origin=row.of_list.source,
        external_id=row.key,
        source=source_of(row.of_list),
    )
    return RowOutcome.CREATED


def _verify(row: ReconcileRow, by: Staff, version: int | None) -> str:
    """The list has it as it stands: looked at on the day of the list."""
    register.verify_element(
        _element(row), by=by, version=version, source=source_of(row.of_list), at=_looked_at(row.of_list)
    )  # fmt: skip
    return RowOutcome.VERIFIED


def _correct(row: ReconcileRow, by: Staff, version: int | None) -> str:
    """The list is right: it is corrected to it, opened again, or closed; and counts as looked at."""
    element, said, source = _element(row), row.said or {}, source_of(row.of_list)
    status = {each.field: each.theirs for each in differences(said, element)}.get("status")
    if status == "closed":
        return _close(row, by, version)
    if status == "active":
        element = register.reopen_element(element, by=by, version=version, source=source)
        version = element.version
    values = corrections(said, element)
    register.verify_element(
        element, by=by, version=version, source=source, corrections=values or None, at=_looked_at(row.of_list)
    )
    return RowOutcome.CORRECTED if values or status else RowOutcome.VERIFIED


def _close(row: ReconcileRow, by: Staff, version: int | None) -> str:
    element = register.close_element(_element(row), by=by, version=version, source=source_of(row.of_list))
    row.undo = {"closed": element.pk}
    return RowOutcome.CLOSED


_DECIDERS: Mapping[str, Callable[[ReconcileRow, Staff, int | None], str]] = {
    "create": _create, "verify": _verify, "correct": _correct, "close": _close,
}  # fmt: skip


def _element(row: ReconcileRow) -> Element:
    return Element.objects.get(pk=row.element_id or 0)


def _looked_at(list_: ReconcileList) -> datetime:
    """Noon of the list's day at the station; never ahead of now."""
    noon = datetime.combine(list_.date, time(12), ZoneInfo(zone_of(list_.station))).astimezone(UTC)
    return min(noon, timezone.now())


def _short(name: str) -> str:
    return mask_personal(Path(name).name)[-120:]
