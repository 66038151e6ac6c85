"""Keeping files: checked by content, made anew, stored under a random name."""

from __future__ import annotations

import os
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.utils import timezone
from PIL import Image, ImageOps

from jishi.base.errors import Refused
from jishi.files.models import Attachment

LARGEST = 10 * 1024 * 1024
THUMBNAIL = 480


def store(upload: Any, *, subject: tuple[str, int], station_id: int, by: Any = None) -> Attachment:
    """Keep an uploaded image or PDF; raises ``Refused("file_too_large" | "file_type" | "file_broken")``."""
    if upload.size > LARGEST:
        raise Refused("file_too_large", most=LARGEST // 1024 // 1024)
    content = upload.read()
    try:
        with Image.open(BytesIO(content)) as image:
            if image.format not in ("JPEG", "PNG", "WEBP"):
                raise Refused("file_type")
            clean = ImageOps.exif_transpose(image).convert("RGB")
    except OSError as error:
        raise Refused("file_broken") from error
    out = BytesIO()
    clean.save(out, "JPEG", quality=85)
    body = out.getvalue()
    path = f"{token_hex(1)}/{token_hex(16)}"
    full = Path(settings.MEDIA_ROOT) / path
    full.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(full, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(body)
    return Attachment.objects.create(
        subject_kind=subject[0], subject_id=subject[1], station_id=station_id, media_type="image/jpeg", size=len(body),
        sha256=sha256(body).hexdigest(), path=path, width=clean.width, height=clean.height,
        uploaded_by=by.pk if by else None, created_at=timezone.now(),
    )  # fmt: skip
