"""Every write of this room to its runs: beginning one, reading it through, importing it, clearing it away."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language

from jishi.base.errors import Refused
from jishi.exchange.mapping import MatterMap, parse_map
from jishi.exchange.matters_import import import_matters
from jishi.exchange.models import Run, RunState, What
from jishi.exchange.reading import Rejection
from jishi.exchange.register_import import import_register
from jishi.exchange.register_map import parse_register_map
from jishi.exchange.report import Report
from jishi.exchange.runs import MARKED, folder_of, map_of, sample_of
from jishi.exchange.template import category_of, write_marked
from jishi.jobs.actions import enqueue
from jishi.privacy import mask_personal
from jishi.register.catalogue import sorts as register_sorts
from jishi.stations.models import Staff, Station

READ_JOB = "exchange.read"
IMPORT_JOB = "exchange.import"
MOST_BYTES = 512 * 1024**2


def begin_run(
    station: Station,
    upload: UploadedFile[Any],
    map_: bytes | None,
    map_name: str,
    *,
    by: Staff,
    what: str = What.MATTERS,
    datum: str = "wgs84",
) -> Run:
    """Keep the uploaded file and its map, and ask for it to be read through.

    Without a map it must be a template of the register that was filled in.  Raises Refused for a wrong map, for no map,
    or for a file that is too large.
    """
    if map_ is not None:
        parse_register_map(map_) if what == What.REGISTER else parse_map(map_)
    if (upload.size or 0) > MOST_BYTES:
        raise Refused("too_large", most=MOST_BYTES // 1024**2)
    with transaction.atomic():
        run = Run.objects.create(
            station=station, by=by, name=_short(upload.name or "table"), map_name=_short(map_name), what=what,
            datum=datum, language=get_language() or "",
        )  # fmt: skip
        folder = folder_of(run.pk)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        with (folder / "table").open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        if map_ is None:
            _know_template(run)
        else:
            (folder / "map.toml").write_bytes(map_)
        enqueue(READ_JOB, {"run": run.pk}, station=station.pk)
    return run


def _know_template(run: Run) -> None:
    folder = folder_of(run.pk)
    category = category_of(folder / "table", run.name)
    if category is None or category not in register_sorts():
        shutil.rmtree(folder, ignore_errors=True)
        raise Refused("not_a_template")
    run.template = category
    run.save(update_fields=["template"])


def start_run(run: Run) -> None:
    """Ask for a run that was read through to be imported, once.  Raises Refused("run_not_ready")."""
    with transaction.atomic():
        if not Run.objects.filter(pk=run.pk, state=RunState.READY).update(state=RunState.IMPORTING, read=0):
            raise Refused("run_not_ready")
        enqueue(IMPORT_JOB, {"run": run.pk}, station=run.station_id)


def read_run(run_id: int) -> None:
    """Read a file through without writing any matter: its figures, its first rows."""
    run = Run.objects.select_related("station").filter(pk=run_id, state=RunState.READING).first()
    if run is None:
        return
    wrong: dict[int, Rejection] = {}
    try:
        with _as_read_by(run):
            table = _there(folder_of(run_id) / "table")
            sample = sample_of(table, map_of(run), run.station, run.name)
            report = _import(run, dry_run=True, wrong=wrong)
            if run.template and wrong:
                write_marked(table, run.name, folder_of(run_id) / MARKED, run.template, run.station, wrong)
    except Refused as refused:
        _refuse(run_id, refused)
    else:
        Run.objects.filter(pk=run_id).update(state=RunState.READY, figures=report.as_dict(), sample=sample)


def import_run(run_id: int) -> None:
    """Import a file.  Done again after a crash it goes on where it was, since what is there is there already."""
    run = Run.objects.select_related("station", "by").filter(pk=run_id, state=RunState.IMPORTING).first()
    if run is None:
        return
    try:
        with _as_read_by(run):
            report = _import(run, dry_run=False)
    except Refused as refused:
        _refuse(run_id, refused)
        return
    Run.objects.filter(pk=run_id).update(state=RunState.DONE, figures=report.as_dict(), read=report.read)
    (folder_of(run_id) / "table").unlink(missing_ok=True)


def clear_runs(now: datetime) -> int:
    """Take the files and the samples of runs away whose day is over; returns how many there were."""
    over = list(Run.objects.filter(expires_at__lte=now, cleared=False).values_list("pk", flat=True))
    for run_id in over:
        shutil.rmtree(folder_of(run_id), ignore_errors=True)
    stopped = Run.objects.filter(pk__in=over, state__in=(RunState.READING, RunState.READY, RunState.IMPORTING))
    stopped.update(state=RunState.REFUSED, refusal={"code": "run_expired", "facts": {}})
    return Run.objects.filter(pk__in=over).update(cleared=True, sample=[])


def _import(run: Run, *, dry_run: bool, wrong: dict[int, Rejection] | None = None) -> Report:
    folder = folder_of(run.pk)
    table, rejects, map_ = _there(folder / "table"), folder / "rejects.csv", map_of(run)

    def tell(read: int) -> None:
        Run.objects.filter(pk=run.pk).update(read=read)

    if isinstance(map_, MatterMap):
        return import_matters(
            table, map_, run.station, by=run.by, dry_run=dry_run, rejects=rejects, progress=tell, name=run.name
        )
    noted = wrong.__setitem__ if wrong is not None and run.template else None
    return import_register(
        table, map_, run.station, by=run.by, dry_run=dry_run, rejects=rejects, progress=tell, noted=noted, name=run.name
    )  # fmt: skip


def _as_read_by(run: Run) -> AbstractContextManager[None]:
    """Write in the language of whoever began the run."""
    return translation.override(run.language) if run.language else nullcontext()


def _there(path: Path) -> Path:
    if not path.is_file():
        raise Refused("run_expired")
    return path


def _refuse(run_id: int, refused: Refused) -> None:
    facts = {name: str(value) for name, value in refused.facts.items()}
    Run.objects.filter(pk=run_id).update(state=RunState.REFUSED, refusal={"code": refused.code, "facts": facts})


def _short(name: str) -> str:
    return mask_personal(Path(name).name)[-120:]
