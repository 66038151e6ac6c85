"""What no honest browser sends, and some do: forms in pieces, pictures that are none, texts in strange encodings."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

BOUNDARY = "----jishi"
KIND = f"multipart/form-data; boundary={BOUNDARY}"


def part(name: str, value: bytes, more: str = "") -> bytes:
    """One part of a form."""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"


def whole(fields: dict[str, str], *parts: bytes) -> bytes:
    """A form of these fields and parts, as it should be."""
    return b"".join([*(part(name, value.encode()) for name, value in fields.items()), *parts, END])


END = f"--{BOUNDARY}--\r\n".encode()
_BASE64 = "\r\nContent-Transfer-Encoding: base64"
_FILE = '; filename="a.jpg"\r\nContent-Type: image/jpeg'


def broken_forms(fields: dict[str, str], photo: bytes) -> dict[str, tuple[str, bytes]]:
    """By what is wrong with them: the content type and body of forms with these fields."""
    good = whole(fields, part("files", photo, _FILE))
    cut = len(good) - len(photo) // 2
    named = {
        "no boundary is said": ("multipart/form-data", good),
        "another boundary is said": ("multipart/form-data; boundary=other", good),
        "the boundary is empty": ("multipart/form-data; boundary=", good),
        "the boundary is too long": ("multipart/form-data; boundary=" + "x" * 300, good),
        "the boundary is no ascii": ("multipart/form-data; boundary=\xe9\xe8", good),
        "it ends without its end": (KIND, good.removesuffix(END)),
        "it is cut within the photo": (KIND, good[:cut]),
        "it is cut within a header": (KIND, good[: good.index(b"filename") + 4]),
        "it is empty": (KIND, b""),
        "it is its end alone": (KIND, END),
        "lines end with one sign": (KIND, good.replace(b"\r\n", b"\n")),
        "a header without a colon": (KIND, whole(fields, part("x", b"1", "\r\nNo colon here"))),
        "a header of 100,000 signs": (KIND, whole(fields, part("x", b"1", "\r\nX-Long: " + "y" * 100_000))),
        "a part without a name": (KIND, whole(fields, f"--{BOUNDARY}\r\nContent-Type: x/y\r\n\r\nx\r\n".encode())),
        "a part without headers": (KIND, whole(fields, f"--{BOUNDARY}\r\n\r\nx\r\n".encode())),
        "a name with a nul": (KIND, whole(fields, part("fi\0les", photo, _FILE))),
        "a file name with a nul": (KIND, whole(fields, part("files", photo, '; filename="a\0.jpg"'))),
        "a file name that climbs": (KIND, whole(fields, part("files", photo, '; filename="../../../etc/passwd"'))),
        "a file name of dots": (KIND, whole(fields, part("files", photo, '; filename=".."'))),
        "a file name without its end": (KIND, whole(fields, part("files", photo, '; filename="a.jpg'))),
        "a file name of 4,000 signs": (KIND, whole(fields, part("files", photo, f'; filename="{"长" * 4000}"'))),
        "a file name in pieces": (KIND, whole(fields, part("files", photo, "; filename*=utf-8''%E7%85%A7%FF.jpg"))),
        "a file name of no charset": (KIND, whole(fields, part("files", photo, "; filename*=none''a.jpg"))),
        "a photo under the name of the words": (KIND, whole(fields, part("words", photo, _FILE))),
        "words under the name of the photo": (KIND, whole(fields, part("files", b"words"))),
        "base64 that is none": (KIND, whole(fields, part("files", b"@@@", _FILE + _BASE64))),
        "a charset that is none": (KIND, whole(fields, part("x", b"\xff", "\r\nContent-Type: x/y; charset=none"))),
        "a form within the form": (KIND, whole(fields, part("files", good, "\r\nContent-Type: multipart/mixed"))),
        "the same field twice": (KIND, whole(fields, part("words", "又一次".encode()))),
        "1,500 fields": (KIND, whole(fields, *(part(f"f{number}", b"") for number in range(1500)))),
        "150 files": (KIND, whole(fields, *(part("files", b"x", _FILE) for _number in range(150)))),
        "another type of form": ("multipart/mixed; boundary=" + BOUNDARY, good),
        "json": ("application/json", b'{"words": "x"}'),
        "no type at all": ("", good),
        "a type that is none": ("text\0/;;;=", good),
        "words in gb18030 that are said to be utf-8": (KIND, whole(fields, part("note", "路灯".encode("gb18030")))),
        "utf-16": ("application/x-www-form-urlencoded", "words=路灯&place=东门".encode("utf-16")),
        "percent signs without digits": ("application/x-www-form-urlencoded", b"words=%zz%&place=%&stamp=%0"),
        "surrogates in percent signs": ("application/x-www-form-urlencoded", b"words=%ED%A0%80&place=%C0%AF&=&&=="),
        "gb18030 as the charset of a form": ("application/x-www-form-urlencoded; charset=gb18030", b"words=%C2%B7"),
    }  # fmt: skip
    return {name: (kind, body) for name, (kind, body) in named.items()}


def pictures() -> dict[str, bytes]:
    """By what is the matter with them: pictures and what is called one."""
    noise = Image.effect_noise((120, 90), 80)
    jpeg, png = _as(noise, "JPEG"), _as(noise, "PNG")
    spoilt = Image.Exif()
    spoilt[0x0112] = 9  # a way to turn it that does not exist
    spoilt[0x010F] = "camera\0" * 50
    return {
        "nothing": b"",
        "one byte": b"\xff",
        "the beginning of a jpeg": jpeg[:20],
        "a jpeg cut in the middle": jpeg[: len(jpeg) // 2],
        "a jpeg with zeros in it": jpeg[:200] + bytes(400) + jpeg[600:],
        "a jpeg with another behind it": jpeg + jpeg,
        "a jpeg with a page behind it": jpeg + b"<script>alert(1)</script>",
        "a jpeg in four colours": _as(noise.convert("CMYK"), "JPEG"),
        "a jpeg in grey": _as(noise.convert("L"), "JPEG"),
        "a jpeg with odd exif": _as(noise, "JPEG", exif=spoilt),
        "a jpeg with exif that is none": _as(noise, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),
        "a jpeg with a profile that is none": _as(noise, "JPEG", icc_profile=b"none"),
        "a png cut in the middle": png[: len(png) // 2],
        "a png with a wrong sum": png[:40] + b"\0\0\0\0" + png[44:],
        "a png that says it is 60,000 squared": _png_of(60_000, 60_000),
        "a png without width": _png_of(0, 10),
        "a png that unpacks to much": _png_of(12_000, 12_000, zlib.compress(bytes(4_000_000))),
        "a png of 16 bits": _as(Image.new("I;16", (10, 10)), "PNG"),
        "a png with a palette and holes": _as(noise.convert("P"), "PNG", transparency=0),
        "a picture of one dot": _as(Image.new("RGB", (1, 1)), "PNG"),
        "a picture of one line": _as(Image.new("RGB", (3000, 1)), "JPEG"),
        "an animation": _as(noise, "WEBP", save_all=True, append_images=[noise, noise]),
        "a gif": _as(noise.convert("P"), "GIF"),
        "a tiff": _as(noise, "TIFF"),
        "a bitmap": _as(noise.convert("RGB"), "BMP"),
        "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "a page": b"<!DOCTYPE html><title>a.jpg</title>",
        "a pdf of nothing": b"%PDF-1.7\n%%EOF",
        "a pdf in pieces": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>",
        "an archive": b"PK\x03\x04" + bytes(60),
        "a photo of another kind": b"\0\0\0\x18ftypheic" + bytes(100),
        "a program": b"\x7fELF" + bytes(100),
        "webp in name alone": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30),
    }  # fmt: skip


#: Texts as somebody may send them, by what is odd about them.
TEXTS = {
    "a sign for nothing": "路灯\0不亮",
    "signs that steer": "路灯\x07\x1b[31m不亮\x85",
    "a mark of order": "\ufeff路灯不亮",
    "signs that turn the line": "路灯\u202e亮不\u202c",
    "signs over signs": "路" + "\u0301\u0489" * 200,
    "a family of one sign": "👨‍👩‍👧‍👦🏳️‍🌈 路灯不亮",
    "signs of nobody": "\ue000\ufffe\uffff\U0010ffff路灯",
    "digits that are wide": "１３８００１３８０００ 路灯",
    "lines of every kind": "路灯\r\n不亮\r又\n一\u2028行\u2029",
    "a page": "<script>alert(1)</script><!-- {{ 7*7 }} {% x %} %(name)s {0}",
    "a line of a table": "=cmd|' /C calc'!A0",
    "words of a database": "'; DROP TABLE matters_matter; -- \\",
    "from right to left": "عمود إنارة مكسور",
    "5,000 signs": "路" * 5000,
    "the text of a number": "11010519491231002X",
}


def _as(image: Image.Image, kind: str, **options: object) -> bytes:
    body = io.BytesIO()
    image.save(body, kind, **options)
    return body.getvalue()


def _png_of(width: int, height: int, content: bytes = b"") -> bytes:
    """A PNG that says how large it is, whatever is in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", content or zlib.compress(b"\0")), (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(each)) + kind + each + struct.pack(">I", zlib.crc32(kind + each)) for kind, each in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
