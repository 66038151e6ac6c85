"""What a file is by its content, and the clean copy that is kept of it."""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from jishi.base.errors import Refused

if TYPE_CHECKING:
    import pikepdf

#: Image formats that are taken, and how each is written again.
IMAGES = {"JPEG": ("image/jpeg", "JPEG"), "WEBP": ("image/webp", "WEBP"), "PNG": ("image/png", "PNG")}
MOST_PIXELS = 60_000_000
THUMBNAIL = (480, 480)
#: How a photo is turned by what its EXIF says of how the camera was held.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_ORIENTATION = 0x0112
#: Keys of a PDF's catalogue, pages and names that can act by themselves or carry files.
_ACTIVE = ("/OpenAction", "/AA", "/JavaScript", "/EmbeddedFiles", "/AF", "/Launch", "/RichMedia")


@dataclass(frozen=True, slots=True)
class Clean:
    """A copy without anything that does not belong in it, and a small picture where there is one."""

    media_type: str
    body: bytes
    thumbnail: bytes = b""
    width: int | None = None
    height: int | None = None


def clean(content: bytes) -> Clean:
    """Read a file by its content and write it again: without EXIF, position, comments, scripts and attached files.

    Raises ``Refused("file_type" | "file_broken" | "file_pixels" | "file_locked")``.
    """
    if content[:1024].lstrip()[:5] == b"%PDF-":
        return _clean_pdf(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)  # about what stands beside the picture, which is not kept
            with Image.open(BytesIO(content)) as image:
                return _clean_image(image)
    except UnidentifiedImageError as error:
        raise Refused("file_type") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("file_pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("file_broken") from error


def _clean_image(image: Image.Image) -> Clean:
    if image.format not in IMAGES:
        raise Refused("file_type")
    if image.width * image.height > MOST_PIXELS:
        raise Refused("file_pixels")
    media_type, form = IMAGES[image.format]
    image.load()
    turn = _turn_of(image)
    upright = image.transpose(turn) if turn is not None else image
    see_through = form != "JPEG" and upright.mode in ("RGBA", "LA", "P")
    bare = upright.convert("RGBA" if see_through else "RGB")  # a picture of its own, that remembers no file
    bare.info = {}
    width, height = bare.size
    body = _written(bare, form)
    small = bare.convert("RGB") if see_through else bare
    small.thumbnail(THUMBNAIL)
    return Clean(media_type, body, _written(small, "JPEG"), width, height)


def _turn_of(image: Image.Image) -> Image.Transpose | None:
    """How the picture is to be turned; not at all where its EXIF is none: the picture itself may still be good."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except (struct.error, LookupError, OSError, OverflowError, SyntaxError, TypeError, ValueError):
        return None


def _written(image: Image.Image, form: str) -> bytes:
    out = BytesIO()
    image.save(out, form, **({} if form == "PNG" else {"quality": 85}))
    return out.getvalue()


def _clean_pdf(content: bytes) -> Clean:
    import pikepdf  # far from every process meets one

    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            _drop(pdf.Root, "/Metadata", "/AcroForm", *_ACTIVE)
            if "/Names" in pdf.Root:
                _drop(pdf.Root.Names, *_ACTIVE)
            for page in pdf.pages:
                _drop(page.obj, "/AA", "/Annots")
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            out = BytesIO()
            pdf.save(out, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise Refused("file_locked") from error
    except (pikepdf.PdfError, ValueError) as error:
        raise Refused("file_broken") from error
    return Clean("application/pdf", out.getvalue())


def _drop(dictionary: pikepdf.Object, *keys: str) -> None:
    for key in keys:
        if key in dictionary:
            del dictionary[key]
