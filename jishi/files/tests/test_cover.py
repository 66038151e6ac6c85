"""What a photo gives away beside its picture is gone, and what somebody covered cannot be made out again."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from jishi.base.errors import Refused
from jishi.files import actions, queries
from jishi.files.covering import LONGEST, MOST_BOXES, Box, cover
from jishi.files.models import Attachment

WORDS = b"Jane-Doe-was-here"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><creator>' + WORDS + b"</creator></x:xmpmeta>"


def exif() -> Image.Exif:
    found = Image.Exif()
    found[0x010F] = WORDS.decode()  # maker
    found[0x9003] = "2026:03:01 08:00:00"
    found[0x9286] = WORDS  # a comment of the user
    place = found.get_ifd(0x8825)
    place[1], place[2] = "N", (39.0, 54.0, 20.0)
    place[3], place[4] = "E", (116.0, 24.0, 27.0)
    return found


def profile() -> bytes:
    """A colour profile, with words where its description stands."""
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()) + WORDS


def jpeg() -> bytes:
    return saved("JPEG", exif=exif().tobytes(), xmp=XMP, icc_profile=profile(), comment=WORDS)


def webp() -> bytes:
    return saved("WEBP", exif=exif().tobytes(), xmp=XMP, icc_profile=profile())


def png() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", WORDS.decode())
    text.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=False)
    return saved("PNG", exif=exif().tobytes(), pnginfo=text, icc_profile=profile())


def saved(form: str, **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (120, 80), "#446688").save(out, form, **options)
    return out.getvalue()


def kept(content: bytes) -> Attachment:
    return actions.store(SimpleUploadedFile("x", content), subject=("matter", 1), station_id=1)


def read(attachment: Attachment) -> bytes:
    opened = queries.open_file(attachment)
    assert opened is not None
    with opened:
        return opened.read()


@pytest.mark.django_db
@pytest.mark.parametrize("make", [jpeg, webp, png])
def test_nothing_but_the_picture_is_kept(make: Callable[[], bytes]) -> None:
    sent = make()
    assert WORDS in sent
    with Image.open(BytesIO(sent)) as image:
        assert image.getexif().get_ifd(0x8825)
        assert image.info["icc_profile"]
    attachment = kept(sent)
    small = queries.open_thumbnail(attachment)
    assert small is not None
    with small:
        bodies = [read(attachment), small.read()]
    bodies.append(read(actions.store_covered(attachment, [], subject=("matter", 1))))
    for body in bodies:
        assert WORDS not in body
        for mark in (
            b"Exif",
            b"EXIF",
            b"eXIf",
            b"ns.adobe.com/xap",
            b"xmpmeta",
            b"iCCP",
            b"ICC_PROFILE",
            b"tEXt",
            b"iTXt",
        ):
            assert mark not in body
        with Image.open(BytesIO(body)) as image:
            assert not image.getexif()
            assert not image.info.keys() & {"exif", "xmp", "icc_profile", "comment", "XML:com.adobe.xmp"}


def plates(text: str) -> bytes:
    """A sharp photo of black words on white in its middle, on a coloured ground."""
    image = Image.new("RGB", (800, 600), "#336699")
    pen = ImageDraw.Draw(image)
    pen.rectangle((300, 270, 500, 330), fill="white")
    pen.text((310, 280), text, fill="black", font_size=40)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


PLATE = Box(0.36, 0.43, 0.28, 0.14)


def inside(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content)) as image:
        return image.convert("RGB").crop((300, 270, 500, 330))


def contrast(image: Image.Image) -> int:
    """How far neighbouring pixels lie apart at most: words are nothing but such edges."""
    grey = image.convert("L")
    pixels = [[grey.getpixel((x, y)) for x in range(grey.width)] for y in range(grey.height)]
    return max(abs(int(row[x]) - int(row[x + 1])) for row in pixels for x in range(grey.width - 1))  # type: ignore[arg-type]


def test_words_under_a_covered_place_are_gone() -> None:
    sharp = plates("A12345")
    assert contrast(inside(cover(sharp, []))) > 100
    assert contrast(inside(cover(sharp, [PLATE]))) < 20


def test_the_same_photo_is_never_covered_the_same_so_plates_cannot_be_tried() -> None:
    sharp = plates("A12345")
    assert len({inside(cover(sharp, [PLATE])).tobytes() for _ in range(4)}) > 1


def test_what_is_not_covered_stays_and_the_copy_is_smaller() -> None:
    out = BytesIO()
    Image.new("RGB", (4000, 3000), "#336699").save(out, "PNG")
    with Image.open(BytesIO(cover(out.getvalue(), [Box(0, 0, 0.1, 0.1)]))) as copy:
        assert copy.format == "JPEG"
        assert max(copy.size) == LONGEST
        colour = copy.getpixel((LONGEST - 10, 600))
    assert isinstance(colour, tuple)
    assert all(abs(int(got) - asked) < 6 for got, asked in zip(colour, (0x33, 0x66, 0x99), strict=True))


def test_what_is_seen_through_becomes_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(BytesIO(cover(out.getvalue(), []))) as copy:
        colour = copy.getpixel((25, 25))
    assert isinstance(colour, tuple)
    assert min(colour) > 250


@pytest.mark.parametrize("box", [Box(0, 0, 0.0001, 0.0001), Box(0.9999, 0.9999, 0.0001, 0.0001), Box(0, 0, 1, 1)])
def test_the_smallest_and_the_largest_place_can_be_covered(box: Box) -> None:
    with Image.open(BytesIO(cover(plates("x"), [box]))) as copy:
        assert copy.size == (800, 600)


@pytest.mark.parametrize(
    "boxes",
    [
        [Box(-0.1, 0, 0.5, 0.5)], [Box(0, 0, 0, 0.5)], [Box(0, 0, 0.5, -1)], [Box(0.6, 0, 0.5, 0.5)],
        [Box(0, 0.6, 0.5, 0.5)], [Box(float("nan"), 0, 0.5, 0.5)], [Box(0, 0, float("inf"), 0.5)],
        [Box(0, 0, 0.1, 0.1)] * (MOST_BOXES + 1),
    ],
)  # fmt: skip
def test_places_outside_the_photo_are_refused(boxes: list[Box]) -> None:
    with pytest.raises(Refused, match="bad_boxes"):
        cover(plates("x"), boxes)


@pytest.mark.django_db
def test_only_a_photo_that_is_there_is_covered() -> None:
    photo, paper = kept(jpeg()), kept(jpeg())
    actions.purge_attachments([photo], timezone.now())
    photo.refresh_from_db()
    with pytest.raises(Refused, match="file_gone"):
        actions.store_covered(photo, [], subject=("matter", 1))
    paper.width = None
    with pytest.raises(Refused, match="file_not_photo"):
        actions.store_covered(paper, [], subject=("matter", 1))


@pytest.mark.django_db
def test_bytes_go_with_the_transaction_and_a_sweep_takes_what_a_crash_left(
    django_capture_on_commit_callbacks: Any,
) -> None:
    photo = kept(jpeg())
    path = queries.root() / photo.path
    assert actions.count_of("matter", [1])[1] == 1
    with django_capture_on_commit_callbacks() as after:
        assert actions.purge_of("matter", [1], timezone.now()) == 1
    assert path.exists()
    photo.refresh_from_db()
    assert queries.open_file(photo) is None
    assert actions.count_of("matter", [1])[1] == 0
    assert actions.sweep_orphans(timezone.now(), older_than_seconds=-1) >= 1
    assert not path.exists()
    for each in after:
        each()
