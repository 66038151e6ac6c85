"""QR codes, and the whole addresses that stand in them."""

from __future__ import annotations

import math
import re
from typing import TypedDict

import zxingcpp
from django.conf import settings
from django.http import HttpRequest

#: One of the eight patterns laid over a code: a reader finds out which.  To look for the most even one takes five times
#: as long.
MASK = 3
#: How much of a code may be dirty or torn: M mends about 15 %.
MENDS = "M"
#: Dark squares side by side, which are drawn as one.
_RUN = re.compile(b"\x00+")
#: Squares side by side as a piece of a line, long ones first: drawn where they are dark, passed over where light.
_PIECES = [(b"\x00" * many, b"h%d" % many) for many in (7, 3, 2, 1)] + [
    (b"\xff" * many, b"m%d 0" % many) for many in (8, 4, 2, 1)
]


class Code(TypedDict):
    """A QR code as one line of a drawing, one square wide: the drawing's width in squares, its paper's edge included,
    and the path of the line, which runs through the middle of each row and is drawn where the code is dark."""

    size: int
    path: str


def squares_of(text: str) -> tuple[int, bytes]:
    """The squares of a QR code, row by row, a byte for each: 0 is dark, 255 is light; before them how many make a row.

    The four light squares around it that a reader needs are among them.
    """
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=MENDS, data_mask=MASK)
    image = barcode.to_image(scale=1)
    squares = memoryview(image).tobytes()  # type: ignore[arg-type]  # it lends its bytes, which its stub leaves out
    return math.isqrt(len(squares)), squares


def runs_of(text: str) -> list[list[tuple[int, int]]]:
    """The dark runs of a QR code, row by row, each as where it begins and ends."""
    side, squares = squares_of(text)
    rows = (squares[start : start + side] for start in range(0, len(squares), side))
    return [[run.span() for run in _RUN.finditer(row)] for row in rows]


def qr_of(text: str) -> Code:
    """The drawing of a QR code, for ``parts.qr``."""
    side, squares = squares_of(text)
    path = b"\n".join([squares[start : start + side] for start in range(0, len(squares), side)])
    for run, piece in _PIECES:
        path = path.replace(run, piece)
    return {"size": side, "path": "M0 .5" + path.replace(b"\n", b"m-%d 1" % side).decode()}


def whole_address(request: HttpRequest, path: str) -> str:
    """The whole address of a path: as the operator says that Jishi is reached, else as this request reached it."""
    if "url" in settings.ENV.model_fields_set:
        base: str = settings.ENV.url
        return base.rstrip("/") + path
    return f"{request.scheme}://{request.get_host()}{path}"
