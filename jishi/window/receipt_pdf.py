"""The receipt as a small PDF: text and a drawn QR code, with no font in it: every reader brings one for Chinese."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name

from jishi.base.qr import runs_of

#: A5, in points.
WIDTH, HEIGHT = 420, 595
EDGE = 36
QR = 170


def receipt_pdf(station: str, number: str, secret: str, address: str) -> bytes:
    """One page: whose window, number, secret, the code that opens it, and how to keep it."""
    lines = [
        _text(EDGE, HEIGHT - 60, 18, station),
        _text(EDGE, HEIGHT - 84, 12, _("Receipt of a report")),
        _text(EDGE, HEIGHT - 128, 11, _("Number")),
        _text(EDGE, HEIGHT - 150, 20, number),
        _text(EDGE, HEIGHT - 186, 11, _("Secret")),
        _text(EDGE, HEIGHT - 208, 20, secret),
        _qr(EDGE, HEIGHT - 236 - QR, address),
        *(_text(EDGE, HEIGHT - 262 - QR - 18 * row, 11, line) for row, line in enumerate(_how())),
    ]
    return _written("\n".join(lines).encode("ascii"), number)


def _how() -> list[str]:
    return [
        _("Scan the code, or open “My report” and type both."),
        _("Whoever has this paper can read the report: keep it, do not pass it on."),
    ]


def _text(x: int, y: int, size: int, words: str) -> str:
    return f"BT /F1 {size} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def _qr(x: int, y: int, text: str) -> str:
    rows = runs_of(text)
    side = QR / len(rows)
    squares = (
        f"{x + begin * side:.2f} {y + (len(rows) - 1 - row) * side:.2f} {(end - begin) * side:.3f} {side:.3f} re"
        for row, runs in enumerate(rows)
        for begin, end in runs
    )
    return "\n".join([*squares, "f"])


def _written(content: bytes, title: str) -> bytes:
    with pikepdf.new() as pdf:
        info = Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("GB1"), Supplement=5)
        descriptor = pdf.make_indirect(
            Dictionary(
                Type=Name.FontDescriptor, FontName=Name("/STSong-Light"), Flags=6,
                FontBBox=Array([-25, -254, 1000, 880]),
                ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=880, StemV=93,
            )
        )  # fmt: skip
        below = pdf.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/STSong-Light"), CIDSystemInfo=info,
                FontDescriptor=descriptor, DW=1000, W=Array([1, Array([500] * 95), 814, 939, 500]),
            )
        )  # fmt: skip
        font = pdf.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/STSong-Light-UniGB-UTF16-H"),
                Encoding=Name("/UniGB-UTF16-H"), DescendantFonts=Array([below]),
            )
        )  # fmt: skip
        page = pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = pdf.make_stream(content)
        pdf.docinfo["/Title"] = title
        out = BytesIO()
        pdf.save(out)
        return out.getvalue()
