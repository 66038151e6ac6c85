"""QR codes, and the whole addresses that stand in them."""

from __future__ import annotations

import re
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

#: One of the eight patterns laid over a code: a reader finds out which.  To look for the most even one takes eight
#: times as long.
MASK = 3
#: Dark squares side by side, which are drawn as one.
_RUN = re.compile("#+")


class Code(TypedDict):
    """A QR code as one path of a drawing: its width in squares, its paper's edge included, and its dark squares."""

    size: int
    path: str


def squares_of(text: str) -> list[list[bool]]:
    """The squares of a QR code, row by row, with the four light ones around it that a reader needs; dark is True."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    found: list[list[bool]] = code.get_matrix()
    return found


def qr_of(text: str) -> Code:
    """The drawing of a QR code, for ``parts.qr``."""
    rows = squares_of(text)
    lines = ("".join("#" if dark else " " for dark in row) for row in rows)
    path = "".join(
        f"M{run.start()} {y}h{run.end() - run.start()}v1H{run.start()}z"
        for y, line in enumerate(lines) for run in _RUN.finditer(line)
    )  # fmt: skip
    return {"size": len(rows), "path": path}


def whole_address(request: HttpRequest, path: str) -> str:
    """The whole address of a path: as the operator says that Jishi is reached, else as this request reached it."""
    if "url" in settings.ENV.model_fields_set:
        base: str = settings.ENV.url
        return base.rstrip("/") + path
    return request.build_absolute_uri(path)
