"""Every write of this room to its runs: beginning one, reading it through, importing it, clearing it away."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from jishi.base.errors import Refused
from jishi.exchange.mapping import parse_map, read_map
from jishi.exchange.matters_import import ImportReport, import_matters
from jishi.exchange.models import Run, RunState
from jishi.exchange.runs import folder_of, sample_of
from jishi.jobs.actions import enqueue
from jishi.privacy import mask_personal
from jishi.stations.models import Staff, Station

READ_JOB = "exchange.read"
IMPORT_JOB = "exchange.import"
MOST_BYTES = 512 * 1024**2


def begin_run(station: Station, upload: UploadedFile[Any], map_: bytes, map_name: str, *, by: Staff) -> Run:
    """Keep the uploaded file and its map, and ask for it to be read through.  Raises Refused for a wrong map."""
    parse_map(map_)
    if (upload.size or 0) > MOST_BYTES:
        raise Refused("too_large", most=MOST_BYTES // 1024**2)
    with transaction.atomic():
        run = Run.objects.create(station=station, by=by, name=_short(upload.name or "table"), map_name=_short(map_name))
        folder = folder_of(run.pk)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        with (folder / "table").open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        (folder / "map.toml").write_bytes(map_)
        enqueue(READ_JOB, {"run": run.pk}, station=station.pk)
    return run


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
    try:
        map_ = read_map(folder_of(run_id) / "map.toml")
        sample = sample_of(folder_of(run_id) / "table", map_, run.station, run.name)
        report = _import(run, dry_run=True)
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


def _import(run: Run, *, dry_run: bool) -> ImportReport:
    folder = folder_of(run.pk)

    def tell(read: int) -> None:
        Run.objects.filter(pk=run.pk).update(read=read)

    return import_matters(
        _there(folder / "table"),
        folder / "map.toml",
        run.station,
        by=run.by,
        dry_run=dry_run,
        rejects=folder / "rejects.csv",
        progress=tell,
        name=run.name,
    )


def _there(path: Path) -> Path:
    if not path.is_file():
        raise Refused("run_expired")
    return path


def _refuse(run_id: int, refused: Refused) -> None:
    facts = {name: str(value) for name, value in refused.facts.items()}
    Run.objects.filter(pk=run_id).update(state=RunState.REFUSED, refusal={"code": refused.code, "facts": facts})


def _short(name: str) -> str:
    return mask_personal(Path(name).name)[-120:]
