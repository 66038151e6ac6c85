"""What is kept of an upload, and what is refused."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from jishi.base.errors import Refused
from jishi.files import actions, queries
from jishi.files.content import Clean, clean

pytestmark = pytest.mark.django_db


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 400), **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#446688").save(out, form, **options)
    return out.getvalue()


def document() -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    return pdf


def written(pdf: pikepdf.Pdf, **options: object) -> bytes:
    out = BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def store(content: bytes, name: str = "x.bin"):
    return actions.store(SimpleUploadedFile(name, content), subject=("matter", 1), station_id=1)


@pytest.mark.parametrize(("form", "media"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_an_image_is_known_by_its_content(form: str, media: str) -> None:
    kept = store(picture(form), "harmless.txt")
    assert (kept.media_type, kept.width, kept.height) == (media, 640, 400)
    small = queries.open_thumbnail(kept)
    assert small is not None
    assert Image.open(small).size == (480, 300)
    small.close()


def test_where_and_when_a_photo_was_taken_is_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "a name"
    exif.get_ifd(0x8825)[1] = "N"
    kept = clean(picture(exif=exif.tobytes(), comment=b"a name"))
    again = Image.open(BytesIO(kept.body))
    assert again.size == (400, 640)
    assert not again.getexif()
    assert b"a name" not in kept.body


def test_a_pdf_loses_its_scripts_files_and_author() -> None:
    pdf = document()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.docinfo["/Author"] = "a name"
    pdf.attachments["x.txt"] = b"hidden"
    kept = store(written(pdf))
    assert kept.media_type == "application/pdf"
    opened = queries.open_file(kept)
    assert opened is not None
    with pikepdf.open(opened) as again:
        assert "/OpenAction" not in again.Root
        assert not again.attachments
        assert "/Info" not in again.trailer
    opened.close()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"plain words", "file_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type"),
        (picture("GIF"), "file_type"),
        (picture()[:300], "file_broken"),
        (b"%PDF-1.7 and nothing more", "file_broken"),
        (written(document(), encryption=pikepdf.Encryption(owner="o", user="u")), "file_locked"),
        (b"x" * (actions.LARGEST + 1), "file_large"),
    ],
)
def test_what_cannot_be_kept_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        store(content)
    assert refused.value.code == code


def test_the_file_is_its_owners_alone() -> None:
    path = queries.root() / store(picture()).path
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_purge_deletes_the_bytes_and_leaves_a_stub() -> None:
    kept = store(picture())
    assert actions.purge_attachments([kept], timezone.now()) == 1
    kept.refresh_from_db()
    assert kept.purged_at
    assert kept.sha256
    assert queries.open_file(kept) is None


def test_no_more_are_written_anew_at_once_than_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slowly(content: bytes) -> Clean:
        begun.release()
        assert go_on.wait(10)
        return clean(content)

    monkeypatch.setattr(actions, "clean", slowly)
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores + 2) as hands:
        coming = [hands.submit(actions.prepare, SimpleUploadedFile("x", picture())) for _each in range(cores + 2)]
        assert all(begun.acquire(timeout=10) for _each in range(cores))
        one_more = begun.acquire(timeout=0.2)
        go_on.set()
        assert [each.result().width for each in coming] == [640] * (cores + 2)
    assert not one_more


def test_only_old_files_that_nothing_names_are_swept() -> None:
    kept = store(picture())
    actions.sweep_orphans(datetime.now(UTC), older_than_seconds=-1)
    lost, new = queries.root() / "aa" / "lost", actions.root() / "aa" / "new"
    lost.parent.mkdir(exist_ok=True)
    for path in (lost, new):
        path.write_bytes(b"x")
    old = time.time() - 90_000
    os.utime(lost, (old, old))
    assert actions.sweep_orphans(datetime.now(UTC)) == 1
    assert new.exists()
    assert (queries.root() / kept.path).exists()
