"""Covering places of a photo by hand, for good.  Nothing is recognised here: somebody says where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from secrets import randbelow

from PIL import Image, ImageFilter

from jishi.base.errors import Refused

#: The longest side of a copy that leaves the house, in pixels.
LONGEST = 1600
MOST_BOXES = 60
#: A covered place keeps at most so many fields along its longer side, each of one colour…
FIELDS = 3
#: …known only to so many of 256 steps, and moved by chance by up to as much: too little to try plates against it.
STEP = 24


@dataclass(frozen=True, slots=True)
class Box:
    """A place to cover: its left upper corner, width and height, as shares of the photo from 0 to 1."""

    left: float
    top: float
    width: float
    height: float


def check_boxes(boxes: Sequence[Box]) -> None:
    """Refuse places outside the photo, without an area, or too many.  Raises ``Refused("bad_boxes")``."""
    for box in boxes:
        sides = (box.left, box.top, box.width, box.height)
        inside = all(math.isfinite(side) for side in sides) and box.left >= 0 and box.top >= 0
        if not inside or min(box.width, box.height) <= 0 or max(box.left + box.width, box.top + box.height) > 1.000001:
            raise Refused("bad_boxes", field="boxes")
    if len(boxes) > MOST_BOXES:
        raise Refused("bad_boxes", field="boxes")


def cover(content: bytes, boxes: Sequence[Box]) -> bytes:
    """A smaller JPEG of a kept photo in which nothing of these places can be made out again.

    Raises ``Refused("bad_boxes")``.
    """
    check_boxes(boxes)
    with Image.open(BytesIO(content)) as image:
        image.thumbnail((LONGEST, LONGEST))
        layer = image.convert("RGBA")
    photo = Image.new("RGB", layer.size, "white")
    photo.paste(layer, mask=layer.getchannel("A"))
    for box in boxes:
        _cover(photo, box)
    out = BytesIO()
    photo.save(out, "JPEG", quality=85)
    return out.getvalue()


def _cover(photo: Image.Image, box: Box) -> None:
    left, top = math.floor(box.left * photo.width), math.floor(box.top * photo.height)
    right = min(photo.width, max(left + 1, math.ceil((box.left + box.width) * photo.width)))
    bottom = min(photo.height, max(top + 1, math.ceil((box.top + box.height) * photo.height)))
    left, top = min(left, right - 1), min(top, bottom - 1)
    width, height = right - left, bottom - top
    share = FIELDS / max(width, height)
    fields = (max(1, min(FIELDS, round(width * share))), max(1, min(FIELDS, round(height * share))))
    small = photo.crop((left, top, right, bottom)).resize(fields, Image.Resampling.BOX)
    coarse = Image.new("RGB", fields)
    for x in range(fields[0]):
        for y in range(fields[1]):
            colour = small.getpixel((x, y))
            assert isinstance(colour, tuple)
            coarse.putpixel((x, y), tuple(map(_coarse, colour)))
    covered = coarse.resize((width, height), Image.Resampling.NEAREST)
    photo.paste(covered.filter(ImageFilter.GaussianBlur(max(width, height) / 12)), (left, top))


def _coarse(value: float) -> int:
    moved = round(value / STEP) * STEP + randbelow(2 * STEP + 1) - STEP
    return max(0, min(255, int(moved)))
